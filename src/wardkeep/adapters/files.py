"""Files written whole or not at all, readable by their owner only."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

PRIVATE_FILE = 0o600
PRIVATE_FOLDER = 0o700


def make_private_folder(path: Path) -> None:
    """Make `path` and its parents; the folder itself may be entered by its owner only."""
    path.mkdir(mode=PRIVATE_FOLDER, parents=True, exist_ok=True)
    path.chmod(PRIVATE_FOLDER)


def write_private(path: Path, content: bytes, mode: int = PRIVATE_FILE) -> None:
    """Put `content` at `path` in one step: after a crash it is the old file or the new one.

    Written beside it, synced, renamed, and the folder synced (POSIX rename is atomic).
    Raises OSError as the system does, with the name of `path`; then `path` is as it was and
    nothing lies beside it.
    """
    unfinished = path.with_name(f".{path.name}.unfinished")
    try:
        handle = os.open(
            unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, mode
        )
    except OSError as fault:
        # Nobody knows the other name.
        raise OSError(fault.errno, fault.strerror, str(path)) from fault
    try:
        with os.fdopen(handle, "wb") as stream:
            os.fchmod(stream.fileno(), mode)
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        unfinished.replace(path)
    except BaseException:
        # What was to be private must not lie about under another name.
        unfinished.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


def may_write(folder: Path) -> bool:
    """Tell whether this process may make files in a folder; changes nothing in it."""
    return os.access(folder, os.W_OK | os.X_OK, effective_ids=True)


def why_not_writable(path: Path) -> str:
    """Return why `write_private` could not put a file at `path`, empty if nothing is seen."""
    if path.is_dir():
        return "is a folder"
    if path.exists() and not path.is_file():
        return "is no ordinary file"
    if not path.parent.is_dir():
        return f"there is no folder {path.parent}"
    if not may_write(path.parent):
        return f"nothing may be written in {path.parent}"
    return ""


def sync_folder(path: Path) -> None:
    """Make the names in a folder durable, which syncing its files does not."""
    handle = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
