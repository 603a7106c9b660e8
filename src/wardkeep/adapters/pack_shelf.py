"""The shelf of ward packs: DIR/packs/<ward>/<generation>.pdf.age; only the site's keys open it.

Beside each lie its sheets as HTML (`.html.age`) and a signed note. A pack is written whole
before the ward's `newest.json` names it; that file and the notes hold nothing of a patient.
"""

from __future__ import annotations

import contextlib
import hashlib
import zlib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar
from urllib.parse import quote

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from wardkeep.adapters.files import make_private_folder, write_private
from wardkeep.adapters.heads_seen import WITNESS_SUFFIX, SignedHead, encode_witness
from wardkeep.adapters.key_ring import KeyRing
from wardkeep.adapters.shelf_notes import (
    SUFFIX,
    Note,
    digest,
    note_path,
    read_note,
    read_notes,
    write_note,
)
from wardkeep.kernel.errors import WardkeepError
from wardkeep.ledger.errors import KeyMissingError
from wardkeep.pack.brake import Look
from wardkeep.pack.events import PackBuilt
from wardkeep.pack.generations import kept
from wardkeep.pack.state import Hold, Shelf, evolve

T = TypeVar("T")
# Names of files hold 255 bytes (NAME_MAX); a ward's code may be longer.
_LONGEST_NAME = 120
_NEWEST = "newest.json"
# Of a held ward: why (no patient in it), the new pack beside, what the sound one was made of.
_HELD, _BESIDE, _BESIDE_PDF = "held.json", "beside.json", "beside.pdf.beside"
_SOUND, _LOOKS = "sound.age", "looks.age"


class PackShelf:
    """Packs on disk; one process writes, any process with the site's keys reads."""

    def __init__(
        self,
        folder: Path,
        ring: KeyRing,
        heads: Callable[[], list[SignedHead]] = list,
    ) -> None:
        """`heads` tells the ledgers' signed heads; each pack keeps those of its moment."""
        self._folder, self._ring, self._heads = folder, ring, heads

    def standing(self) -> Shelf:
        """Return the newest pack of every ward as noted and signed; nothing is opened."""
        shelf, keys = Shelf(), self._ring.verifying_keys()
        for path in sorted(self._folder.glob(f"*/{_NEWEST}")):
            built = _read(path)
            if built is not None and _is_signed(path.parent, built, keys):
                shelf = evolve(shelf, built)
        return Shelf(shelf.newest, self.held())

    def held(self) -> dict[str, Hold]:
        """Return why the packs of wards are held, by ward."""
        return held_in(self._folder)

    def openable(self) -> Shelf:
        """Return the newest packs that are whole and open; the others are to be built again."""
        noted = self.standing()
        whole = {ward: built for ward, built in noted.newest.items() if self._opens(built)}
        return Shelf(whole, noted.held)

    def next_generation(self, ward: str) -> int:
        """Return a number above that of every pack of the ward, opening or not."""
        names = (self._folder / folder_name(ward)).glob("*.pdf.age")
        return 1 + max((int(n.name[:12]) for n in names if n.name[:12].isdecimal()), default=0)

    def _opens(self, built: PackBuilt) -> bool:
        try:
            return self.newest(built.ward) is not None
        except KeyMissingError:
            return False

    def put(
        self, built: PackBuilt, pdf: bytes, sheets: Sequence[str] = (), *, prune: bool = True
    ) -> None:
        """Put a pack on the shelf; after a crash the ward has this one or the one before.

        `sheets` are its pages as HTML. Earlier ones stay by their age (pack.generations); while
        a ward is held, `prune` False, all stay. Raises OSError: then the pack before stands.
        """
        ward = self._folder / folder_name(built.ward)
        make_private_folder(ward)
        html = zlib.compress(msgspec.msgpack.encode(sheets))
        write_private(ward / _file(built.generation), self._ring.wrap(pdf))
        write_private(ward / _html(built.generation), self._ring.wrap(html))
        note = Note(built=built, sheets=digest(html), size=len(pdf) + len(html))
        write_note(ward, note, self._ring.signing_key())
        write_private(ward / _NEWEST, msgspec.json.encode(built))
        if prune:
            self._prune(ward, built.at)
        self._witness(ward)

    def _prune(self, ward: Path, now: int) -> None:
        notes = read_notes(ward, self._ring.verifying_keys())
        files = {path: int(n) for path in ward.glob("[0-9]*.*") if (n := _number(path))}
        # What has no note of ours, as from release 0.2, goes by the time of its file.
        made = {number: _time_of(path) for path, number in files.items()}
        stay = kept(made | {number: note.built.at for number, note in notes.items()}, now)
        for path, number in files.items():
            if number not in stay:
                with contextlib.suppress(OSError):
                    path.unlink()

    def generations(self, ward: str) -> list[Note]:
        """Return the packs of a ward that the site signed, newest first; nothing is opened."""
        notes = read_notes(self._folder / folder_name(ward), self._ring.verifying_keys())
        own = (note for note in notes.values() if note.built.ward == ward)
        return sorted(own, key=lambda note: note.built.generation, reverse=True)

    def sheets(self, note: Note) -> tuple[str, ...] | None:
        """Return a pack's pages as HTML, None where they are not what was signed.

        Raises KeyMissingError when the site's key does not open them.
        """
        path = self._folder / folder_name(note.built.ward) / _html(note.built.generation)
        html = self._ring.unwrap(path)
        if digest(html) != note.sheets:
            return None
        return msgspec.msgpack.decode(zlib.decompress(html), type=tuple[str, ...])

    def pdf(self, note: Note) -> bytes | None:
        """Return a pack as PDF, None if it is not what was signed; raises KeyMissingError."""
        folder = self._folder / folder_name(note.built.ward)
        found = self._whole(note.built, folder / _file(note.built.generation))
        return found[1] if found else None

    def _witness(self, ward: Path) -> None:
        """Lay the heads of the ledgers beside the newest pack; those of packs that went go."""
        packs = {path.name[:12] for path in ward.glob("*.pdf.age")}
        with contextlib.suppress(OSError, WardkeepError):
            # The pack stands; a full disk, a damaged ledger must not keep paper from the ward.
            kept = ward / f"{max(packs)}{WITNESS_SUFFIX}"
            write_private(kept, encode_witness(self._heads()))
            for old in ward.glob(f"*{WITNESS_SUFFIX}"):
                if old.name[:12] not in packs:
                    old.unlink()

    def hold(self, ward: str, hold: Hold | None) -> None:
        """Note that a ward's pack is held, or that it is not any more. Raises OSError."""
        folder = self._folder / folder_name(ward)
        if hold is None:
            for name in (_HELD, _BESIDE, _BESIDE_PDF):
                (folder / name).unlink(missing_ok=True)
            return
        make_private_folder(folder)
        write_private(folder / _HELD, msgspec.json.encode(hold))

    def put_beside(self, built: PackBuilt, pdf: bytes) -> None:
        """Put the pack of a held ward beside the sound one. Raises OSError."""
        folder = self._folder / folder_name(built.ward)
        write_private(folder / _BESIDE_PDF, self._ring.wrap(pdf))
        write_private(folder / _BESIDE, msgspec.json.encode(built))

    def beside(self, ward: str) -> tuple[PackBuilt, bytes] | None:
        """Return the newest pack of a held ward, None where none was made or it is not whole.

        Raises KeyMissingError when the site's key does not open it.
        """
        folder = self._folder / folder_name(ward)
        return self._whole(_read(folder / _BESIDE), folder / _BESIDE_PDF)

    def beside_noted(self, ward: str) -> PackBuilt | None:
        """Return what was made beside a held ward's paper, as noted; nothing is opened."""
        return _read(self._folder / folder_name(ward) / _BESIDE)

    def keep_sound(self, ward: str, data: bytes, looks: Sequence[Look]) -> None:
        """Keep what the ward's sound pack is made of, and what earlier ones showed.

        Raises OSError.
        """
        folder = self._folder / folder_name(ward)
        make_private_folder(folder)
        write_private(folder / _SOUND, self._ring.wrap(data))
        write_private(folder / _LOOKS, self._ring.wrap(msgspec.msgpack.encode(looks)))

    def forget_looks(self, ward: str) -> None:
        """Forget what the ward's earlier packs showed."""
        (self._folder / folder_name(ward) / _LOOKS).unlink(missing_ok=True)

    def sound(self, ward: str) -> bytes | None:
        """Return what the ward's sound pack is made of, None where nothing was kept."""
        return self._kept(ward, _SOUND)

    def looks(self, ward: str) -> list[Look]:
        """Return what the ward's earlier packs showed, oldest first."""
        kept = self._kept(ward, _LOOKS)
        try:
            return [] if kept is None else msgspec.msgpack.decode(kept, type=list[Look])
        except msgspec.DecodeError:
            # Another release's: the ward begins anew, and every ward has its paper.
            return []

    def _kept(self, ward: str, name: str) -> bytes | None:
        path = self._folder / folder_name(ward) / name
        try:
            return self._ring.unwrap(path) if path.is_file() else None
        except KeyMissingError:
            # Kept under a key that is gone: the ward begins anew, as its packs do.
            return None

    def newest(self, ward: str) -> tuple[PackBuilt, bytes] | None:
        """Return the newest pack of a ward as PDF, None where none stands or it is not whole.

        Raises KeyMissingError when the site's key does not open it.
        """
        noted = _read(self._folder / folder_name(ward) / _NEWEST)
        # Not the one that the unsigned file names: it may have been put back.
        newest = next(iter(self.generations(ward)), None)
        if noted is None or newest is None or newest.built.generation < noted.generation:
            return None
        if self.sheets(newest) is None:
            return None
        pdf = self.pdf(newest)
        return None if pdf is None else (newest.built, pdf)

    def _whole(self, built: PackBuilt | None, path: Path) -> tuple[PackBuilt, bytes] | None:
        if built is None:
            return None
        pdf = self._ring.unwrap(path)
        return (built, pdf) if hashlib.sha256(pdf).hexdigest() == built.digest else None


def held_in(folder: Path) -> dict[str, Hold]:
    """Return why the packs of wards are held, by ward; `folder` is DIR/packs, no key needed."""
    found = [_read_as(path, Hold) for path in sorted(folder.glob(f"*/{_HELD}"))]
    return {hold.held.ward: hold for hold in found if hold is not None}


def folder_name(ward: str) -> str:
    """Return a name for a ward's folder: its code quoted, never a path of its own."""
    quoted = "ward-" + quote(ward, safe="")
    if len(quoted) <= _LONGEST_NAME:
        return quoted
    return f"{quoted[:40]}-{hashlib.sha256(ward.encode()).hexdigest()[:32]}"


def _is_signed(folder: Path, built: PackBuilt, keys: Sequence[Ed25519PublicKey]) -> bool:
    note = read_note(note_path(folder, built.generation), keys)
    return note is not None and note.built == built and folder.name == folder_name(built.ward)


def _file(generation: int) -> str:
    return f"{generation:012}.pdf.age"


def _html(generation: int) -> str:
    return f"{generation:012}.html.age"


def _number(path: Path) -> str:
    """Return the digits of the generation that a file belongs to, empty for another file."""
    number, kind = path.name[:12], path.name[12:]
    return number if number.isdecimal() and kind in {".pdf.age", ".html.age", SUFFIX} else ""


def _time_of(path: Path) -> int:
    """Return when a file was written, in UTC microseconds; 0 if it is gone."""
    try:
        return path.stat().st_mtime_ns // 1_000
    except OSError:
        return 0


def _read(path: Path) -> PackBuilt | None:
    return _read_as(path, PackBuilt)


def _read_as(path: Path, kind: type[T]) -> T | None:
    try:
        return msgspec.json.decode(path.read_bytes(), type=kind)
    except (OSError, msgspec.DecodeError, UnicodeDecodeError):
        return None
