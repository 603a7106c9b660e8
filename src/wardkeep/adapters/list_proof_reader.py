"""Reads the newest lists of the house back and holds them against what they were made of."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

from wardkeep.adapters import pdf_pages
from wardkeep.adapters.errors import NothingToProveError, UnreadablePdfError
from wardkeep.adapters.list_builder import unpacked
from wardkeep.adapters.list_pages import rows_of
from wardkeep.adapters.typst_words import translator
from wardkeep.kernel.errors import WardkeepError
from wardkeep.pack.events import ListProved, PackBuilt
from wardkeep.pack.house_lists import code_of
from wardkeep.pack.list_proof import against_charts, against_pages
from wardkeep.pack.list_words import wanted_rows
from wardkeep.pack.proof import Tally
from wardkeep.pack.whole_house import HouseData, writing

FILE = "file"
"""What is wrong with a PDF that no other program than its maker can read."""
_NEXT = "it was made by another release, or its charts were not kept: the next one can be"


class Lists(Protocol):
    """Where the newest lists come from; `place` and `means` tell of the one given last."""

    place: str
    means: str

    def newest(self, ward: str) -> tuple[PackBuilt, bytes] | None:
        """Return the newest list as PDF, None where there is none or it is not whole."""
        ...

    def sound(self, ward: str) -> bytes | None:
        """Return what the newest list was made of."""
        ...

    def sheets(self, built: PackBuilt) -> tuple[str, ...]:
        """Return the same list as HTML, from the same place."""
        ...


class ListProofReader:
    """Makes proofs of lists; `clock` gives UTC microseconds."""

    def __init__(self, lists: Lists, clock: Callable[[], int]) -> None:
        self._lists, self._clock = lists, clock

    def prove(self, code: str) -> ListProved:
        """Return what a list is worth, or why it could not be compared; raises nothing."""
        try:
            return self._prove(code)
        except (WardkeepError, OSError) as fault:
            # What cannot be read of one list takes no ward's proof, and no other list's.
            why = str(fault) or type(fault).__name__
            return ListProved(code=code, at=self._clock(), why=why)

    def _prove(self, code: str) -> ListProved:
        found = self._lists.newest(code)
        if found is None:
            raise NothingToProveError("no whole list stands")
        built, pdf = found
        data = self._made_of(built)
        sheets = self._lists.sheets(built)
        tallies = _compared(data, sheets, pdf, built.language)
        return ListProved(
            code=built.ward,
            at=self._clock(),
            generation=built.generation,
            pack_at=built.at,
            checks=sum(each.checks for each in tallies),
            right=sum(each.right for each in tallies),
            wrong={kind: n for each in tallies for kind, n in each.wrong.items()},
            place=self._lists.place,
            means=self._lists.means,
        )

    def _made_of(self, built: PackBuilt) -> HouseData:
        kept = self._lists.sound(built.ward)
        try:
            data = None if kept is None else unpacked(kept)
        except ValueError as fault:
            raise NothingToProveError(_NEXT) from fault
        if data is None or (data.now, code_of(data.kind)) != (built.at, built.ward):
            raise NothingToProveError(_NEXT)
        return data


def _compared(
    data: HouseData, sheets: Sequence[str], pdf: bytes, language: str
) -> tuple[Tally, Tally]:
    """Hold the HTML against the charts, and the PDF against the HTML."""
    rows = rows_of(sheets)
    wanted = wanted_rows(data, writing(data, language, translator(language)))
    try:
        pages = against_pages(rows, pdf_pages.texts(pdf))
    except UnreadablePdfError:
        pages = Tally({FILE: 1}, {FILE: 1})
    return against_charts(rows, wanted), pages
