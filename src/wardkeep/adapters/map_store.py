"""The layers of a hospital's map on disk: `map/SOURCE.PART.age`, wrapped, each written whole.

A map tells an attacker where to strike, so it lies as closed as the keys do: only the server's
key and the recovery words open it.
"""

from __future__ import annotations

import re
from pathlib import Path

import msgspec

from wardkeep.adapters.errors import MapUnreadableError
from wardkeep.adapters.files import make_private_folder, sync_folder, write_private
from wardkeep.adapters.key_ring import KeyRing
from wardkeep.hospital.map.errors import MapItemError
from wardkeep.hospital.map.whole import HospitalMap, Layer, merged
from wardkeep.ledger.errors import KeyMissingError

LONGEST_SOURCE = 60
_SOURCE = re.compile(r"[a-z0-9][a-z0-9_-]*")
_NO_SOURCE = re.compile(r"[^a-z0-9]+")
_ENDING = ".age"
_encoder = msgspec.json.Encoder(order="deterministic")
_decoder = msgspec.json.Decoder(Layer)


def is_source(name: str) -> bool:
    """Tell whether a source may be called so: it is part of a file's name."""
    return len(name) <= LONGEST_SOURCE and _SOURCE.fullmatch(name) is not None


def source_of(name: str) -> str:
    """Return the name of a source for a file's name without its ending."""
    return _NO_SOURCE.sub("-", name.casefold()).strip("-")[:LONGEST_SOURCE].strip("-") or "map"


class MapStore:
    """What each source said, read anew at each ask."""

    def __init__(self, folder: Path, ring: KeyRing) -> None:
        self._folder, self._ring = folder, ring

    def layers(self) -> tuple[Layer, ...]:
        """Return every layer; none where nothing was imported. Raises MapUnreadableError."""
        return tuple(map(self._read, sorted(self._folder.glob(f"*{_ENDING}"))))

    def layer(self, source: str, part: str) -> Layer | None:
        """Return what a source said of a part; raises MapUnreadableError."""
        path = self._path(source, part)
        return self._read(path) if path.exists() else None

    def marks(self) -> tuple[tuple[str, int, int, int], ...]:
        """Return what tells layers from those of another moment, without reading them.

        A layer is written whole under another name and then moved to its place (`put`), so that
        a new one has another inode even within one tick of the clock.
        """
        found = []
        for path in sorted(self._folder.glob(f"*{_ENDING}")):
            told = path.stat()
            found.append((path.name, told.st_ino, told.st_mtime_ns, told.st_size))
        return tuple(found)

    def whole(self) -> HospitalMap:
        """Return the map; raises MapUnreadableError."""
        return merged(self.layers())

    def put(self, layer: Layer) -> None:
        """Put a layer in the place of what its source said of the part before."""
        make_private_folder(self._folder)
        content = self._ring.wrap(_encoder.encode(layer))
        write_private(self._path(layer.source, layer.part), content)

    def remove(self, source: str, part: str) -> None:
        """Take away what a source said of a part; nothing where it said nothing."""
        self._path(source, part).unlink(missing_ok=True)
        if self._folder.exists():
            sync_folder(self._folder)

    def _path(self, source: str, part: str) -> Path:
        return self._folder / f"{source}.{part}{_ENDING}"

    def _read(self, path: Path) -> Layer:
        try:
            return _decoder.decode(self._ring.unwrap(path))
        except (KeyMissingError, msgspec.DecodeError, MapItemError, OSError) as fault:
            raise MapUnreadableError(f"{path}: {fault}") from fault
