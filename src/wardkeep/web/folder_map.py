"""The map of a hospital folder, kept decoded until a part of it is imported anew."""

from __future__ import annotations

import threading

from wardkeep.adapters.key_ring import KeyRing
from wardkeep.adapters.map_store import MapStore
from wardkeep.app.folder import HospitalFolder
from wardkeep.hospital.map.whole import merged
from wardkeep.web.map_port import KnownMap, MapPart

Marks = tuple[tuple[str, int, int, int], ...]


class FolderMap:
    """Reads the parts again when their files are others: two who ask wait for one reading."""

    def __init__(self, folder: HospitalFolder, ring: KeyRing) -> None:
        self._store = MapStore(folder.map, ring)
        self._lock = threading.Lock()
        self._kept: tuple[Marks, KnownMap] | None = None

    def known(self) -> KnownMap:
        """Return the map; raises MapUnreadableError."""
        with self._lock:
            # Marks before content: what is put meanwhile is read at the next ask.
            marks = self._store.marks()
            if self._kept is None or self._kept[0] != marks:
                self._kept = (marks, self._read())
            return self._kept[1]

    def _read(self) -> KnownMap:
        layers = self._store.layers()
        parts = (MapPart(each.source, each.part, each.at, len(each.items)) for each in layers)
        return KnownMap(merged(layers), tuple(sorted(parts, key=lambda each: each.at)))
