"""Runs programs of the system: no shell, no standard input, their own words when they fail."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from wardkeep.adapters.errors import ProgramFailedError, ProgramMissingError

_LAST_WORDS = 600


def need(name: str) -> str:
    """Return where a program lies; raises ProgramMissingError, naming it."""
    found = shutil.which(name)
    if found is None:
        raise ProgramMissingError(f"there is no {name} on this machine")
    return found


def run(
    words: Sequence[str | Path],
    *,
    folder: Path | None = None,
    more: Mapping[str, str] | None = None,
) -> bytes:
    """Run a program to its end and return what it printed; raises ProgramFailedError.

    `more` is set in its environment, which is else that of this process, in the language C.
    """
    program, *rest = map(str, words)
    done = subprocess.run(
        [need(program), *rest],
        capture_output=True,
        check=False,
        cwd=folder,
        env=environment_with(more or {}),
        stdin=subprocess.DEVNULL,
    )
    if done.returncode:
        said = (done.stderr or done.stdout).decode(errors="replace").strip()
        raise ProgramFailedError(
            f"{Path(program).name} ended with {done.returncode}: {said[-_LAST_WORDS:]}"
        )
    return done.stdout


def environment_with(more: Mapping[str, str]) -> dict[str, str]:
    """Return this process's environment for a child, in the language C, with `more` in it."""
    return {**os.environ, "LC_ALL": "C.UTF-8", **more}
