"""The pages of an order, from the shelf: a ward's newest pack, whole or a part of it.

Patients' sheets come in the order of their next doses, and what is printed in a print room has
a cover sheet and a runner's slip in front.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from zoneinfo import ZoneInfo

import msgspec

from wardkeep.adapters import pdf_pages
from wardkeep.adapters.both_shelves import BothShelves
from wardkeep.adapters.cover_press import press_cover
from wardkeep.adapters.pdf_pages import SheetPages
from wardkeep.adapters.print_lane import Paper
from wardkeep.adapters.typst_words import translator
from wardkeep.hospital.site import Site, Ward
from wardkeep.pack.contents import WardData
from wardkeep.pack.events import PackBuilt
from wardkeep.pack.house_lists import looks_like_list, needs_glass
from wardkeep.pack.pen import Pen
from wardkeep.pack.print_order import COVER_PAGES, FIRST_PARTS, WardPaper, next_dose
from wardkeep.pack.prints import Print
from wardkeep.pack.receipt_code import receipt_code
from wardkeep.paper.cover import Stack, cover


class ShelfPaper:
    """Chooses pages by what stands on the shelf when it is asked."""

    def __init__(self, shelf: BothShelves, site: Site) -> None:
        self._shelf, self._site = shelf, site
        self._wards = {ward.code: ward for ward in site.wards}
        self._rooms = {printer.name for printer in site.printers if printer.room}

    def __call__(self, each: Print) -> Paper | None:
        """Return the pages, None where the ward has no pack or not such a part.

        None of what is opened with a name and a reason alone, whoever ordered it and however.
        Raises KeyMissingError, UnreadablePdfError, TypesettingError.
        """
        found = self._newest(each.ordered.ward)
        if found is None:
            return None
        built, pdf = found
        pages = built.pages
        if each.ordered.part != "whole":
            own, *others = pdf_pages.sheets(pdf_pages.texts(pdf))
            chosen = [own] if each.ordered.part == "sheet" else self._by_dose(built, others)
            wanted = [page for sheet in chosen for page in sheet.pages]
            if not wanted:
                return None
            front = self._front(each, built, pages - len(own.pages), len(own.pages))
            pdf = pdf_pages.joined([*front, (pdf, wanted)])
            pages = len(wanted) + (COVER_PAGES if front else 0)
        elif front := self._front(each, built, 0, pages):
            pdf = pdf_pages.joined([*front, (pdf, None)])
            pages += COVER_PAGES
        return Paper(
            pdf=pdf,
            pages=pages,
            generation=built.generation,
            digest=built.digest,
            built=built.at,
            as_of=built.as_of,
        )

    def measure(self, ward: str) -> WardPaper | None:
        """Return how many pages a ward's parts have and its next dose, None without a pack."""
        found = self._newest(ward)
        if found is None:
            return None
        built, pdf = found
        sheet = pdf_pages.first_sheet(pdf)
        declared = self._wards.get(ward)
        return WardPaper(
            ward=ward,
            site=declared.site if declared else "",
            sheet=sheet,
            records=built.pages - sheet,
            due=min(self._doses(built).values(), default=None),
        )

    def _newest(self, ward: str) -> tuple[PackBuilt, bytes] | None:
        return None if needs_glass(ward) else self._shelf.newest(ward)

    def _by_dose(self, built: PackBuilt, sheets: Sequence[SheetPages]) -> list[SheetPages]:
        doses = self._doses(built)
        last = max(doses.values(), default=0) + 1
        return sorted(sheets, key=lambda sheet: doses.get(sheet.sheet, last))

    def _doses(self, built: PackBuilt) -> Mapping[str, int]:
        """Return each patient's next dose by sheet, of those that the pack was made of."""
        data = self._made_of(built.ward)
        if data is None:
            return {}
        rules, declared = data.site.rules, self._wards.get(built.ward)
        told = zip(data.sheets[1:], data.charts, strict=False)
        found = {sheet: next_dose(chart, rules, declared, built.at) for sheet, chart in told}
        return {sheet: due for sheet, due in found.items() if due is not None}

    def _made_of(self, ward: str) -> WardData | None:
        kept = self._shelf.sound(ward)
        try:
            return None if kept is None else msgspec.msgpack.decode(kept, type=WardData)
        except msgspec.DecodeError:
            return None  # another release's: its sheets come as they stand

    def _front(
        self, each: Print, built: PackBuilt, records: int, sheet: int
    ) -> list[tuple[bytes, Sequence[int] | None]]:
        """Return the cover and the slip of what begins a ward's paper in a print room.

        `sheet` pages are behind them, `records` pages of patients come later. A list that
        is ordered by its code has none: it is carried to no ward.
        """
        part = each.ordered.part
        begins = part == FIRST_PARTS or (part == "whole" and not looks_like_list(built.ward))
        if each.ordered.printer not in self._rooms or not begins:
            return []
        language = built.language
        pen = Pen(translator(language), language, ZoneInfo(self._site.rules.timezone), built.at)
        ward = self._wards.get(built.ward, Ward(code=built.ward))
        stack = Stack(
            ward=pen.sent(built.ward),
            name=pen.sent(ward.name),
            site=pen.sent(ward.site),
            printer=pen.sent(each.ordered.printer),
            ordered=pen.calendar.full(each.ordered.at),
            built=pen.calendar.full(built.at),
            order=each.ordered.order,
            code=receipt_code(built.ward, built.generation, built.digest),
            sheet=sheet,
            records=records,
            patients=built.patients,
        )
        return [(press_cover(cover(stack, language, translator(language))), None)]
