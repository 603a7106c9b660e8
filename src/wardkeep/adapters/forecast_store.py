"""Kept forecasts on disk: `foresight/kept.age`, wrapped as the map is, written whole.

They tell an attacker how much a house would suffer, so they lie as closed as the map.
"""

from __future__ import annotations

from pathlib import Path

import msgspec

from wardkeep.adapters.errors import MapUnreadableError
from wardkeep.adapters.files import make_private_folder, write_private
from wardkeep.adapters.key_ring import KeyRing
from wardkeep.foresight.kept import KeptForecast, with_kept
from wardkeep.ledger.errors import KeyMissingError

_FILE = "kept.age"
_encoder = msgspec.json.Encoder(order="deterministic")
_decoder = msgspec.json.Decoder(tuple[KeptForecast, ...])


class ForecastStore:
    """The last forecast over each of the last maps, the newest first."""

    def __init__(self, folder: Path, ring: KeyRing) -> None:
        self._folder, self._ring = folder, ring

    def kept(self) -> tuple[KeptForecast, ...]:
        """Return what is kept, nothing before the first forecast; raises MapUnreadableError."""
        path = self._folder / _FILE
        if not path.exists():
            return ()
        try:
            return _decoder.decode(self._ring.unwrap(path))
        except (KeyMissingError, msgspec.DecodeError, OSError) as fault:
            raise MapUnreadableError(f"{path}: {fault}") from fault

    def keep(self, new: KeptForecast) -> None:
        """Keep a forecast in the place of the last over the same map."""
        found = with_kept(self.kept(), new)
        make_private_folder(self._folder)
        write_private(self._folder / _FILE, self._ring.wrap(_encoder.encode(found)))
