"""Whose a hospital folder is, and what root types so that it stays theirs."""

from __future__ import annotations

import os
import pwd
import shlex
from collections.abc import Sequence
from pathlib import Path

from wardkeep.app.errors import AsRootError


def typed_by_root(place: Path, words: Sequence[str]) -> str:
    """Return the line by which root runs `wardkeep WORDS` as the owner of `place`.

    An owner whom this machine has no name for (a folder of another machine) is told by number.
    """
    owner = place.stat()
    if owner.st_uid == 0:
        by = []
    else:
        try:
            by = ["runuser", "-u", pwd.getpwuid(owner.st_uid).pw_name, "--"]
        except KeyError:
            ids = [f"--reuid={owner.st_uid}", f"--regid={owner.st_gid}", "--clear-groups"]
            by = ["setpriv", *ids, "--"]
    return shlex.join([*by, "wardkeep", *words])


def refuse_root(place: Path, words: Sequence[str]) -> None:
    """Raise AsRootError where root would make files in a folder that is another user's."""
    if os.geteuid() != 0 or not place.is_dir() or place.stat().st_uid == 0:
        return
    raise AsRootError(
        f"{place} is not root's: what root makes there the server could not open",
        advice=f"Type: {typed_by_root(place, words)}",
    )
