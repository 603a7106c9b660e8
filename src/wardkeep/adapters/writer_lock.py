"""One process at a time may write the ledgers of a hospital folder."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path
from typing import Self

from wardkeep.ledger.errors import StoreLockedError


class WriterLock:
    """Held while open; the system lets go of it when the process ends, however it ends."""

    def __init__(self, path: Path) -> None:
        """Take the lock at once; raises StoreLockedError naming the process that holds it."""
        self._handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
        try:
            fcntl.flock(self._handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as fault:
            holder = os.read(self._handle, 32).decode("ascii", "replace").strip()
            os.close(self._handle)
            raise StoreLockedError(f"process {holder or '?'} holds {path}") from fault
        os.ftruncate(self._handle, 0)
        os.write(self._handle, str(os.getpid()).encode())

    def release(self) -> None:
        """Let others write."""
        os.close(self._handle)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.release()
