"""Which release this is: from git in a checkout, from `release.json` where it was installed."""

from __future__ import annotations

from pathlib import Path

import msgspec

import wardkeep
from wardkeep.adapters.errors import ProgramFailedError
from wardkeep.adapters.programs import run
from wardkeep.app.errors import NoReleaseError
from wardkeep.app.folder import DATA_FORMAT

HOME = Path(wardkeep.__file__).resolve().parents[2]
"""The folder of this release: launcher, source, locks, units."""
_SAID = "release.json"


class Release(msgspec.Struct, frozen=True, kw_only=True):
    """A release; `made` is when its source was committed, UTC seconds since 1970."""

    name: str
    """Version and commit, as in "0.2.0-1a2b3c4d5e6f": also the name of its folder."""
    version: str
    commit: str
    made: int
    data_format: int = DATA_FORMAT
    """The newest data format that it reads and writes (docs/design.md, "Data formats")."""


def this_release(home: Path = HOME) -> Release:
    """Return which release lies in `home`; raises NoReleaseError where nothing tells."""
    told = home / _SAID
    if told.is_file():
        try:
            return msgspec.json.decode(told.read_bytes(), type=Release)
        except msgspec.DecodeError as fault:
            raise NoReleaseError(f"{told} cannot be read") from fault
    try:
        said = git(home, "log", "-1", "--format=%H %ct").decode().split()
    except ProgramFailedError as fault:
        raise NoReleaseError(
            f"{home} is neither a checkout nor an installed release"
        ) from fault
    commit, made = said[0][:12], int(said[1])
    version = wardkeep.__version__
    return Release(name=f"{version}-{commit}", version=version, commit=commit, made=made)


def uncommitted(home: Path = HOME) -> list[str]:
    """Return the tracked files of a checkout that differ from its commit."""
    if (home / _SAID).is_file():
        return []
    listed = git(home, "status", "--porcelain", "--untracked-files=no").decode()
    return [line[3:] for line in listed.splitlines()]


def git(home: Path, *words: str) -> bytes:
    """Run git on a checkout and return what it printed; raises ProgramFailedError."""
    return run(["git", "-C", home, "-c", "safe.directory=*", *words])
