"""Looks at what lies at the targets: is it there, the newest, as it was signed; and opens it.

What a target is worth is not what was put there once but what lies there now: a share can be
emptied, rolled back or altered by whoever owns it. Nothing here writes to a target.
"""

from __future__ import annotations

import hashlib
import shutil
import threading
import time
from collections.abc import Callable, Collection, Mapping
from pathlib import Path
from typing import Protocol

import msgspec
import pyrage

from wardkeep.adapters import pack_reader
from wardkeep.adapters.delivery_targets import Target
from wardkeep.adapters.errors import (
    DeliveryFailedError,
    KeyElsewhereError,
    PackFileError,
    ProgramMissingError,
    WrongPackKeyError,
)
from wardkeep.adapters.outbox import PUBLIC_KEY, holders_of
from wardkeep.adapters.pack_keys import PackKeys
from wardkeep.adapters.shelf_notes import Note
from wardkeep.pack.delivery import Got, Standing
from wardkeep.pack.events import ALTERED, COMPARED, MISSING, OLDER, OPENED, PackBuilt
from wardkeep.pack.manifest import LARGEST, MANIFEST, SIGNATURE, Part, html_name, pdf_name

Wait = Callable[[float], object]
# A share whose server is gone hangs for ever; forty wards over a slow line take a minute.
_PATIENCE_SECONDS = 120.0
_TRIES, _PAUSE_SECONDS = 3, 3.0
_MARGIN_BYTES = 2 * 1024 * 1024
"""For what is no sheet in a page (150 kB), and a small pack that grew."""
_NOT_KNOWN_BYTES = 16 * 1024 * 1024
"""Of a file delivered before sizes were put down: a ward of forty is a tenth of it."""


class Looked(msgspec.Struct, frozen=True, kw_only=True):
    """What lies at a target: the generation of each ward that is sound, `wrong` by ward.

    `folder` holds the files as they are there; `unread` why nothing could be read.
    """

    target: str
    sound: Mapping[str, int] = {}
    wrong: Mapping[str, str] = {}
    folder: Path = Path()
    unread: str = ""


def look(
    name: str,
    target: Target,
    read_standing: Callable[[], Standing],
    signer: str,
    scratch: Path,
    wait: Wait = time.sleep,
) -> Looked:
    """Return what lies at a target of what was delivered there; its faults raise nothing.

    `signer` is the fingerprint of this site's key; `scratch` a folder for what must be fetched.
    What seems wrong is read again after a `wait` (seconds): a delivery may be under way.
    """
    looked = Looked(target=name)
    for again in range(_TRIES):
        if again:
            wait(_PAUSE_SECONDS)
        looked = _in_time(name, target, read_standing(), signer, scratch / str(again))
        if not looked.wrong or again == _TRIES - 1:
            break
        shutil.rmtree(scratch / str(again), ignore_errors=True)
    return looked


def _in_time(
    name: str, target: Target, standing: Standing, signer: str, scratch: Path
) -> Looked:
    found = [Looked(target=name, unread="it hangs: nothing was heard of it for minutes")]

    def read() -> None:
        found.append(_look(name, target, standing, signer, scratch))

    # Not joined for ever: it must not keep the server from ending.
    thread = threading.Thread(target=read, daemon=True)
    thread.start()
    thread.join(_PATIENCE_SECONDS)
    return found[-1]


def _look(name: str, target: Target, standing: Standing, signer: str, scratch: Path) -> Looked:
    try:
        folder = target.fetch(limits_of(standing), scratch)
        states = {
            ward: state_of(folder, ward, got, signer) for ward, got in standing.wards.items()
        }
    except (DeliveryFailedError, ProgramMissingError, OSError) as fault:
        return Looked(target=name, unread=str(fault))
    return Looked(
        target=name,
        sound={w: got.generation for w, got in standing.wards.items() if states[w] == ""},
        wrong={ward: state for ward, state in states.items() if state},
        folder=folder,
    )


def limits_of(standing: Standing) -> dict[str, int]:
    """Return the files of a target and how many bytes each may have: what is larger is altered.

    Twice what was delivered: the next pack may be arriving, and is larger.
    """
    limits = dict.fromkeys((PUBLIC_KEY, SIGNATURE, MANIFEST), LARGEST)
    for ward, got in standing.wards.items():
        # Sheets stand in the page as base64.
        limits[html_name(ward)] = _limit(got.sheets * 4 // 3)
        limits[pdf_name(ward, got.generation)] = _limit(got.pdf)
    return limits


def _limit(size: int) -> int:
    return 2 * size + _MARGIN_BYTES if size else _NOT_KNOWN_BYTES


def state_of(folder: Path, ward: str, got: Got, signer: str) -> str | None:
    """Return what is wrong with a ward's files as they lie there, empty for nothing.

    None for a later pack that is just being delivered. Page, list and PDF must be signed by
    `signer`, the PDF by its hash in the page's own list.
    """
    page = folder / html_name(ward)
    if not page.is_file() or not (folder / MANIFEST).is_file():
        return MISSING
    try:
        # Not waited for here: `look` comes again where a list is just being put.
        found = pack_reader.examine(page, lambda _: None)
    except PackFileError:
        return ALTERED
    pack = found.pack
    if found.doubts or found.signer != signer or found.renamed or pack is None:
        return ALTERED
    if pack.generation != got.generation:
        # A page that was put back is signed as well, and its list with it.
        return OLDER if pack.generation < got.generation else None
    if found.list_altered:
        return ALTERED
    return _pdf_state(folder / pack.pdf.file, pack.pdf)


def _pdf_state(path: Path, part: Part) -> str:
    try:
        with path.open("rb") as stream:
            content = stream.read(part.size + 1)
    except FileNotFoundError:
        return MISSING
    return "" if hashlib.sha256(content).hexdigest() == part.sha256 else ALTERED


class Shelves(Protocol):
    """What stands here: the shelf of wards, or that and the lists'."""

    def newest(self, ward: str) -> tuple[PackBuilt, bytes] | None:
        """Return the newest pack as PDF, None where none stands; raises KeyMissingError."""
        ...

    def sound(self, ward: str) -> bytes | None:
        """Return what the sound pack was made of."""
        ...

    def generations(self, ward: str) -> list[Note]:
        """Return the signed packs, newest first."""
        ...

    def sheets(self, note: Note) -> tuple[str, ...] | None:
        """Return a pack's pages as HTML, None where they are not what was signed."""
        ...


class DeliveredPacks:
    """The newest packs as they lie at a target, where one is sound; else the shelf's.

    `place` and `means` tell of the pack given last: which target's file, how it was proved;
    `closed` the targets and wards whose file its own envelope did not open.
    """

    def __init__(self, shelf: Shelves, keys: PackKeys, looked: list[Looked]) -> None:
        self._shelf, self._keys, self._looked = shelf, keys, looked
        self.place = self.means = ""
        self.closed: set[tuple[str, str]] = set()

    def newest(self, ward: str) -> tuple[PackBuilt, bytes] | None:
        """Return the newest pack as PDF, None where there is none or it is not whole.

        Raises KeyMissingError.
        """
        self.place = self.means = ""
        found = self._shelf.newest(ward)
        if found is None:
            return None
        built, pdf = found
        for looked in self._looked:
            if looked.sound.get(ward) != built.generation:
                continue
            delivered = self._opened(looked, ward, built.digest)
            if (looked.target, ward) in self.closed:
                continue
            self.place = looked.target
            self.means = COMPARED if delivered is None else OPENED
            return built, pdf if delivered is None else delivered
        return built, pdf

    def sound(self, ward: str) -> bytes | None:
        """Return what the ward's sound pack was made of."""
        return self._shelf.sound(ward)

    def sheets(self, built: PackBuilt) -> tuple[str, ...]:
        """Return the sheets as HTML of the pack that `newest` gave last, from the same place.

        The shelf's where no key here opens them, or the page was changed since it was looked
        at: then `place` is empty. Raises as `newest`.
        """
        for looked in self._looked:
            if self.means == OPENED and looked.target == self.place:
                found = self._opened_sheets(looked, built.ward)
                if found:
                    return found
                self.closed.add((looked.target, built.ward))
                self.place = self.means = ""
        notes = self._shelf.generations(built.ward)
        same = (note for note in notes if note.built == built)
        note = next(same, None)
        return (self._shelf.sheets(note) if note else None) or ()

    def _opened_sheets(self, looked: Looked, ward: str) -> tuple[str, ...]:
        try:
            key = pyrage.x25519.Identity.from_str(self._keys.identity(holders_of(ward)[0]))
            found = pack_reader.examine(looked.folder / html_name(ward), lambda _: None)
            sheets = pack_reader.open_sheets(found, key)
        except (PackFileError, WrongPackKeyError):
            return ()
        return tuple(each for each in sheets if each is not None)

    def open_again(self, wards: Mapping[str, Collection[str]]) -> None:
        """Try the keys of these wards, by target, on what is sound; raises as `newest`."""
        for looked in self._looked:
            for ward in looked.sound.keys() & wards.get(looked.target, ()):
                found = self._shelf.newest(ward)
                alike = found is not None and found[0].generation == looked.sound[ward]
                # Of an earlier pack than the shelf's newest is known only whether it opens.
                self._opened(looked, ward, found[0].digest if found and alike else "")

    def _opened(self, looked: Looked, ward: str, digest: str) -> bytes | None:
        """Return a delivered PDF as the ward's envelope opens it, None without its secret.

        What does not open, or is not of `digest` (empty: not known), is `closed` from then on.
        """
        try:
            key = pyrage.x25519.Identity.from_str(self._keys.identity(holders_of(ward)[0]))
        except KeyElsewhereError:
            return None
        try:
            found = pack_reader.examine(looked.folder / pdf_name(ward, looked.sound[ward]))
            pdf = pack_reader.open_pdf(found, key)
        except (PackFileError, WrongPackKeyError):
            pdf = None
        if pdf is None or digest not in ("", hashlib.sha256(pdf).hexdigest()):
            self.closed.add((looked.target, ward))
            return None
        return pdf
