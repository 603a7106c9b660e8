"""The shelf of wards and that of lists, asked as one: a code says on which a pack stands.

A list is never taken from the wards' shelf, nor a ward from the lists'.
"""

from __future__ import annotations

from wardkeep.adapters.pack_shelf import PackShelf
from wardkeep.adapters.shelf_notes import Note
from wardkeep.pack.events import PackBuilt
from wardkeep.pack.house_lists import CODES, looks_like_list
from wardkeep.pack.state import Shelf


class BothShelves:
    """Wards by their codes, lists by theirs (pack.house_lists), each on its own shelf alone."""

    def __init__(self, wards: PackShelf, lists: PackShelf) -> None:
        self._wards, self._lists = wards, lists

    def standing(self) -> Shelf:
        """Return the newest pack of every ward and list, as PackShelf does."""
        wards, lists = self._wards.standing(), self._lists.standing()
        newest = {code: built for code, built in lists.newest.items() if code in CODES}
        own = {w: built for w, built in wards.newest.items() if not looks_like_list(w)}
        return Shelf({**newest, **own}, wards.held)

    def forbidden(self) -> list[str]:
        """Return wards whose code only a list may have: a feed was forged, or is mad."""
        return [ward for ward in self._wards.standing().newest if looks_like_list(ward)]

    def generations(self, code: str) -> list[Note]:
        """Return the signed packs of a ward or list, newest first."""
        return self._of(code).generations(code)

    def newest(self, code: str) -> tuple[PackBuilt, bytes] | None:
        """Return the newest pack as PDF, None where none stands; raises KeyMissingError."""
        return self._of(code).newest(code)

    def sheets(self, note: Note) -> tuple[str, ...] | None:
        """Return a pack's pages as HTML, None where they are not what was signed."""
        return self._of(note.built.ward).sheets(note)

    def pdf(self, note: Note) -> bytes | None:
        """Return a pack as PDF, None where it is not what was signed."""
        return self._of(note.built.ward).pdf(note)

    def sound(self, code: str) -> bytes | None:
        """Return what a ward's sound pack, or the newest list, was made of."""
        return self._of(code).sound(code)

    def _of(self, code: str) -> PackShelf:
        return self._lists if code in CODES else self._wards
