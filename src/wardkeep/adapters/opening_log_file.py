"""The file of the opening log: lines are added, never changed; one process at a time."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path

from wardkeep.adapters.files import make_private_folder, sync_folder
from wardkeep.pack.opening_log import BEGIN, Opening, hash_of, line_of, read

_LARGEST = 64 * 1024 * 1024


def openings(path: Path) -> tuple[list[Opening], int | None]:
    """Return what a log holds, and the first line that does not fit; raises OSError."""
    try:
        with path.open("rb") as stream:
            return read(stream.read(_LARGEST).splitlines(keepends=True))
    except FileNotFoundError:
        return [], None


def put_down(path: Path, opening: Opening) -> None:
    """Add an opening, durably; raises OSError."""
    if not path.parent.is_dir():
        make_private_folder(path.parent)
    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW, 0o600)
    with os.fdopen(handle, "r+b") as stream:
        fcntl.flock(stream, fcntl.LOCK_EX)
        lines = stream.read(_LARGEST).splitlines(keepends=True)
        before = hash_of(lines[-1]) if lines else BEGIN
        # A line that a power cut tore is ended, not lengthened.
        torn = b"\n" if lines and not lines[-1].endswith(b"\n") else b""
        stream.write(torn + line_of(opening, before))
        stream.flush()
        os.fsync(stream.fileno())
    sync_folder(path.parent)
