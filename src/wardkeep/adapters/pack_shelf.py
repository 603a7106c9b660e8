"""The shelf of ward packs: DIR/packs/<ward>/<generation>.pdf.age; only the site's keys open it.

A pack is written whole before the ward's `newest.json` names it; that file holds nothing of a
patient.
"""

from __future__ import annotations

import contextlib
import hashlib
from pathlib import Path
from urllib.parse import quote

import msgspec

from wardkeep.adapters.files import make_private_folder, write_private
from wardkeep.adapters.key_ring import KeyRing
from wardkeep.ledger.errors import KeyMissingError
from wardkeep.pack.events import PackBuilt
from wardkeep.pack.state import Shelf, evolve

# The newest and two before it: a pack that is being read or printed is not taken away.
_KEPT = 3
# Names of files hold 255 bytes (NAME_MAX); a ward's code may be longer.
_LONGEST_NAME = 120
_NEWEST = "newest.json"


class PackShelf:
    """Packs on disk; one process writes, any process with the site's keys reads."""

    def __init__(self, folder: Path, ring: KeyRing) -> None:
        self._folder, self._ring = folder, ring

    def standing(self) -> Shelf:
        """Return the newest pack of every ward as noted; nothing is opened."""
        shelf = Shelf()
        for path in sorted(self._folder.glob(f"*/{_NEWEST}")):
            built = _read(path)
            if built is not None:
                shelf = evolve(shelf, built)
        return shelf

    def openable(self) -> Shelf:
        """Return the newest packs that are whole and open; the others are to be built again."""
        noted = self.standing().newest
        return Shelf({ward: built for ward, built in noted.items() if self._opens(built)})

    def next_generation(self, ward: str) -> int:
        """Return a number above that of every pack of the ward, opening or not."""
        names = (self._folder / folder_name(ward)).glob("*.pdf.age")
        return 1 + max((int(n.name[:12]) for n in names if n.name[:12].isdecimal()), default=0)

    def _opens(self, built: PackBuilt) -> bool:
        try:
            return self.newest(built.ward) is not None
        except KeyMissingError:
            return False

    def put(self, built: PackBuilt, pdf: bytes) -> None:
        """Put a pack on the shelf; after a crash the ward has this one or the one before.

        Raises OSError: then the pack before stands.
        """
        ward = self._folder / folder_name(built.ward)
        make_private_folder(ward)
        write_private(ward / _file(built.generation), self._ring.wrap(pdf))
        write_private(ward / _NEWEST, msgspec.json.encode(built))
        for old in sorted(ward.glob("*.pdf.age"))[:-_KEPT]:
            with contextlib.suppress(OSError):
                old.unlink()

    def newest(self, ward: str) -> tuple[PackBuilt, bytes] | None:
        """Return the newest pack of a ward as PDF, None where none stands or it is not whole.

        Raises KeyMissingError when the site's key does not open it.
        """
        folder = self._folder / folder_name(ward)
        built = _read(folder / _NEWEST)
        if built is None:
            return None
        pdf = self._ring.unwrap(folder / _file(built.generation))
        return (built, pdf) if hashlib.sha256(pdf).hexdigest() == built.digest else None


def folder_name(ward: str) -> str:
    """Return a name for a ward's folder: its code quoted, never a path of its own."""
    quoted = "ward-" + quote(ward, safe="")
    if len(quoted) <= _LONGEST_NAME:
        return quoted
    return f"{quoted[:40]}-{hashlib.sha256(ward.encode()).hexdigest()[:32]}"


def _file(generation: int) -> str:
    return f"{generation:012}.pdf.age"


def _read(path: Path) -> PackBuilt | None:
    try:
        return msgspec.json.decode(path.read_bytes(), type=PackBuilt)
    except (OSError, msgspec.DecodeError):
        return None
