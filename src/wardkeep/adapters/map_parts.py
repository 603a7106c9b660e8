"""The map and the kept forecasts as they travel between two boxes: parts by name and SHA-256.

The bytes are those within the wrapping, so that a part has one digest at both boxes, though
each wraps it to its own server's key, and keeps it when a key is rotated.
"""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from wardkeep.adapters.files import make_private_folder, sync_folder, write_private
from wardkeep.adapters.key_ring import KeyRing
from wardkeep.foresight.map_copy import FORECASTS, is_known
from wardkeep.ledger.errors import KeyMissingError
from wardkeep.wire.copying import MapPart

_ENDING = ".age"
_Mark = tuple[int, int, int]


class Found(NamedTuple):
    """The parts that lie in a folder, and the names of those that cannot be opened."""

    parts: tuple[MapPart, ...]
    shut: tuple[str, ...]

    @property
    def digests(self) -> Mapping[str, bytes]:
        """The SHA-256 of each part by its name."""
        return {each.name: each.digest for each in self.parts}


class MapParts:
    """Reads and writes parts; a part is opened again only when its file is another."""

    def __init__(self, map_folder: Path, foresight: Path, ring: KeyRing) -> None:
        self._map, self._foresight, self._ring = map_folder, foresight, ring
        self._guard = threading.Lock()
        self._seen: dict[str, tuple[_Mark, MapPart | None]] = {}

    def found(self) -> Found:
        """Return the parts as they lie now; raises OSError."""
        with self._guard:
            looked = {name: self._look(name, path) for name, path in self._files()}
            self._seen = {name: seen for name, seen in looked.items() if seen}
            parts = {name: part for name, (_, part) in self._seen.items()}
        return Found(
            tuple(part for part in parts.values() if part),
            tuple(name for name, part in parts.items() if part is None),
        )

    def content(self, name: str) -> bytes:
        """Return a part's bytes, none where it is gone or cannot be opened."""
        path = dict(self._files()).get(name)
        try:
            return self._ring.unwrap(path) if path else b""
        except KeyMissingError:
            return b""

    def put(self, name: str, content: bytes) -> None:
        """Put a part in the place of what lay there, whole; raises OSError."""
        path = self._path(name)
        make_private_folder(path.parent)
        write_private(path, self._ring.wrap(content))

    def remove(self, name: str) -> None:
        """Take a part away; raises OSError."""
        path = self._path(name)
        path.unlink(missing_ok=True)
        sync_folder(path.parent)

    def _files(self) -> Iterator[tuple[str, Path]]:
        for path in sorted(self._map.glob(f"*{_ENDING}")):
            if is_known(name := f"map/{path.name.removesuffix(_ENDING)}"):
                yield name, path
        for name in FORECASTS:
            if (path := self._path(name)).exists():
                yield name, path

    def _path(self, name: str) -> Path:
        """Return where a part lies; a name from outside never leads elsewhere."""
        if not is_known(name):
            raise ValueError(f"{name!r} is no part of a map")
        kind, _, rest = name.partition("/")
        return {"map": self._map, "foresight": self._foresight}[kind] / f"{rest}{_ENDING}"

    def _look(self, name: str, path: Path) -> tuple[_Mark, MapPart | None] | None:
        try:
            told = path.stat()
        except FileNotFoundError:
            return None  # was forgotten just now
        # A part is written whole under another name and moved to its place: another inode.
        mark = (told.st_ino, told.st_mtime_ns, told.st_size)
        known = self._seen.get(name)
        if known and known[0] == mark and known[1]:  # one that was shut is tried again
            return known
        try:
            content = self._ring.unwrap(path)
        except KeyMissingError:
            return mark, None
        return mark, MapPart(name, hashlib.sha256(content).digest(), len(content))
