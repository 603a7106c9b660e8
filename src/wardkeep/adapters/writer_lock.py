"""One process at a time may write the ledgers of a hospital folder."""

from __future__ import annotations

import contextlib
import fcntl
import os
import threading
from pathlib import Path
from typing import Self

from wardkeep.adapters.clock import steady
from wardkeep.adapters.files import PRIVATE_FOLDER
from wardkeep.ledger.errors import StoreLockedError

_LOOK_AGAIN_SECONDS = 0.05


class WriterLock:
    """Held while open; the system lets go of it when the process ends, however it ends."""

    def __init__(self, path: Path, patience: float = 0.0) -> None:
        """Take the lock within `patience` seconds, at once by default.

        Its folder is made where it is not there: a copy of a hospital folder has none.
        Raises StoreLockedError naming the process that holds it.
        """
        path.parent.mkdir(mode=PRIVATE_FOLDER, exist_ok=True)
        self._handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
        pause, until = threading.Event(), steady() + patience
        while not self._take():
            if steady() >= until:
                holder = os.read(self._handle, 32).decode("ascii", "replace").strip()
                os.close(self._handle)
                raise StoreLockedError(f"process {holder or '?'} holds {path}")
            pause.wait(_LOOK_AGAIN_SECONDS)
        # The number is for people: a full disk must not keep a server from starting.
        with contextlib.suppress(OSError):
            os.ftruncate(self._handle, 0)
            os.write(self._handle, str(os.getpid()).encode())

    def _take(self) -> bool:
        try:
            fcntl.flock(self._handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def release(self) -> None:
        """Let others write."""
        os.close(self._handle)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.release()
