"""The server's key in memory, shared by the processes of a running server and nobody else.

The supervisor reads the key once and lays it into an anonymous file (memfd_create(2)) that its
children get as their standard input: never an argument, never the environment, never a disk.
So a stick may be pulled out after the start, and a child that died is started again without it.
A rotation lays the new key into the same memory, and every process reads it at its next need.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

_NAME = "wardkeep-server-key"
_LINK = f"/memfd:{_NAME}"
# Some fifty identities of 75 characters: a rotation needs two.
_ROOM = 4_096
_STDIN = 0


def hold(text: str) -> int:
    """Return a descriptor of memory that holds the key; closed in programs not given it."""
    descriptor = os.memfd_create(_NAME, os.MFD_CLOEXEC)
    _put(descriptor, text)
    return descriptor


def inherited() -> Callable[[], str] | None:
    """Return what reads the key that this process was given at its start, None without one."""
    return _read if _is_held() else None


def replace(text: str) -> bool:
    """Lay another key into the shared memory; return False where this process has none."""
    if not _is_held():
        return False
    _put(_STDIN, text)
    return True


def _is_held() -> bool:
    try:
        return str(Path(f"/proc/self/fd/{_STDIN}").readlink()).startswith(_LINK)
    except OSError:
        return False


def _read() -> str:
    return os.pread(_STDIN, _ROOM, 0).rstrip(b"\0").decode("ascii", "replace")


def _put(descriptor: int, text: str) -> None:
    # One write of the whole room: a reader beside it sees the old key or the new one, and a
    # torn one fails its checksum (bech32) and is read again.
    os.pwrite(descriptor, text.encode("ascii").ljust(_ROOM, b"\0"), 0)
