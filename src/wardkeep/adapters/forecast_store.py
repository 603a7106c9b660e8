"""Kept forecasts on disk: `foresight/NAME.age`, wrapped as the map is, written whole.

They tell an attacker how much a house would suffer, so they lie as closed as the map.
`kept.age` holds a few sums of the last over each map (foresight.kept), `whole.age` the last one
whole, as its page tells it (foresight.page.whole).
"""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from wardkeep.adapters.errors import MapUnreadableError
from wardkeep.adapters.files import make_private_folder, write_private
from wardkeep.adapters.key_ring import KeyRing
from wardkeep.ledger.errors import KeyMissingError


class ForecastStore:
    """One file, read anew at each ask."""

    def __init__(
        self, folder: Path, ring: KeyRing, name: Literal["kept", "whole"] = "kept"
    ) -> None:
        self._folder, self._ring = folder, ring
        self._path = folder / f"{name}.age"

    def mark(self) -> tuple[int, int, int] | None:
        """Return what tells the file from that of another moment; None before the first.

        It is written under another name and moved to its place, so that a new one has another
        inode even within one tick of the clock.
        """
        try:
            told = self._path.stat()
        except FileNotFoundError:
            return None
        return told.st_ino, told.st_mtime_ns, told.st_size

    def read(self) -> bytes:
        """Return what is kept, empty before the first forecast; raises MapUnreadableError."""
        try:
            return self._ring.unwrap(self._path) if self._path.exists() else b""
        except (KeyMissingError, OSError) as fault:
            raise MapUnreadableError(f"{self._path}: {fault}") from fault

    def write(self, content: bytes) -> None:
        """Put it in the place of what was kept; raises OSError."""
        make_private_folder(self._folder)
        write_private(self._path, self._ring.wrap(content))
