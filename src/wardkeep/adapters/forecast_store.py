"""Kept forecasts on disk: `foresight/kept.age`, wrapped as the map is, written whole.

They tell an attacker how much a house would suffer, so they lie as closed as the map. What
stands in the file is foresight.kept's to say.
"""

from __future__ import annotations

from pathlib import Path

from wardkeep.adapters.errors import MapUnreadableError
from wardkeep.adapters.files import make_private_folder, write_private
from wardkeep.adapters.key_ring import KeyRing
from wardkeep.ledger.errors import KeyMissingError

_FILE = "kept.age"


class ForecastStore:
    """One file, read anew at each ask."""

    def __init__(self, folder: Path, ring: KeyRing) -> None:
        self._folder, self._ring = folder, ring

    def read(self) -> bytes:
        """Return what is kept, empty before the first forecast; raises MapUnreadableError."""
        path = self._folder / _FILE
        if not path.exists():
            return b""
        try:
            return self._ring.unwrap(path)
        except (KeyMissingError, OSError) as fault:
            raise MapUnreadableError(f"{path}: {fault}") from fault

    def write(self, content: bytes) -> None:
        """Put it in the place of what was kept; raises OSError."""
        make_private_folder(self._folder)
        write_private(self._folder / _FILE, self._ring.wrap(content))
