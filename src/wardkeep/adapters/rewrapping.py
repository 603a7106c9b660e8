"""Wraps every key file and pack of a folder anew, to another server key or recovery key.

Each file is replaced in one step, and only if nobody else replaced it meanwhile: a server may
run beside it. What is done twice does no harm, so that it can be gone on with after a kill.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from pathlib import Path

import msgspec
import pyrage

from wardkeep.adapters.files import write_private
from wardkeep.adapters.key_ring import SIGNING_KEY

Progress = Callable[[int, int], None]
# A chart store that is made anew, or a pack that is built, just while its file is wrapped.
_TRIES = 5


class Rewrapped(msgspec.Struct, frozen=True):
    """How many files are wrapped anew, and which are closed to every key that was given."""

    files: int
    closed: tuple[Path, ...]


def wrapped_files(folder: Path) -> list[Path]:
    """Return every file of a hospital folder that is wrapped to the server's key."""
    keys = [path for path in folder.glob("*/*.key") if path.parent.name != "keys"]
    # What a second box writes itself while it follows lies a folder deeper.
    keys += [*folder.glob("following/*/*.key"), *folder.glob("following/evidence/*.age")]
    found = [*folder.glob(f"{SIGNING_KEY}*"), *keys, *folder.glob("packs/*/*.age")]
    found += [*folder.glob("lists/*/*.age"), *folder.glob("map/*.age")]
    found += folder.glob("foresight/*.age")
    return sorted(path for path in found if path.is_file() and path.name[0] != ".")


def rewrap(
    folder: Path,
    identities: Sequence[pyrage.x25519.Identity],
    recovery: pyrage.x25519.Recipient,
    progress: Progress,
) -> Rewrapped:
    """Wrap every file to the first of the server's identities and to the recovery key."""
    recipients = [identities[0].to_public(), recovery]
    closed: list[Path] = []
    done: set[Path] = set()
    while waiting := [path for path in wrapped_files(folder) if path not in done]:
        for path in waiting:
            progress(len(done), len(done) + len(waiting))
            if not _rewrapped(path, identities, recipients):
                closed.append(path)
            done.add(path)
    return Rewrapped(len(done) - len(closed), tuple(closed))


def left_behind(folder: Path, identity: pyrage.x25519.Identity) -> list[Path]:
    """Return the files that this identity does not open."""
    return [path for path in wrapped_files(folder) if _opened(path, [identity]) is None]


def _rewrapped(
    path: Path,
    identities: Sequence[pyrage.x25519.Identity],
    recipients: Sequence[pyrage.x25519.Recipient],
) -> bool:
    for _ in range(_TRIES):
        try:
            before = path.stat()
            content = _opened(path, identities)
            if content is None:
                return False
            sealed = bytes(pyrage.encrypt(content, recipients))
            if _same(before, path.stat()):
                write_private(path, sealed)
                return True
        except FileNotFoundError:
            return True  # erased or replaced meanwhile: nothing is left to wrap
    return False


def _same(one: os.stat_result, other: os.stat_result) -> bool:
    return (one.st_ino, one.st_mtime_ns) == (other.st_ino, other.st_mtime_ns)


def _opened(path: Path, identities: Sequence[pyrage.x25519.Identity]) -> bytes | None:
    try:
        return bytes(pyrage.decrypt(path.read_bytes(), identities))
    except pyrage.DecryptError:
        return None
