"""The files of opening notes beside delivered packs: left by who opens, read by the server.

Whoever owns the place could have put anything there under their names: a link, a pipe, a file
without an end. Nothing but a small regular file is read, and a link is never followed.
"""

from __future__ import annotations

import contextlib
import os
import stat
from collections.abc import Collection, Mapping
from pathlib import Path

from wardkeep.adapters.delivery_targets import Target
from wardkeep.pack.opening_note import LARGEST, OpeningNote, encode, note_name

_READABLE = 0o644
_UNFINISHED = ".unfinished"


def leave(folder: Path, note: OpeningNote) -> bool:
    """Leave a note beside the pack that was opened; False where the place takes none."""
    beside = folder / f".{note_name(note.ward)}.{os.getpid()}{_UNFINISHED}"
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW
    try:
        handle = os.open(beside, flags, _READABLE)
    except OSError:
        return False
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(encode(note))
            stream.flush()
            os.fsync(stream.fileno())
        beside.replace(folder / note_name(note.ward))
    except OSError:
        with contextlib.suppress(OSError):
            beside.unlink(missing_ok=True)
        return False
    return True


def notes_at(target: Target, wards: Collection[str], scratch: Path) -> Mapping[str, bytes]:
    """Return the notes that lie at a target, by ward, as they lie there.

    `scratch` is a folder for what must be fetched. Raises DeliveryFailedError.
    """
    names = {note_name(ward): ward for ward in wards}
    folder = target.fetch(dict.fromkeys(names, LARGEST), scratch)
    found = {ward: _content(folder / name) for name, ward in names.items()}
    return {ward: content for ward, content in found.items() if content}


def _content(path: Path) -> bytes:
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError:
        return b""
    try:
        told = os.fstat(handle)
        if not stat.S_ISREG(told.st_mode) or told.st_size > LARGEST:
            return b""
        return os.read(handle, LARGEST + 1)
    except OSError:
        return b""
    finally:
        os.close(handle)
