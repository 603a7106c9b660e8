"""A ward's sheets from the charts that were read back from paper: no server, no ledger.

Sheets made so say of each patient as of when the paper spoke and how much of the chart its
codes left out; and where no page that was read carried the ward's settings, that its
telephones, beds and unfed systems are not known. Papers of two printings are never mixed into
one pack: streams, and so the as-of times of every page, are those of the printing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

import msgspec
from msgspec.structs import replace

from wardkeep.chart.model import Dose, PatientChart
from wardkeep.chart.ports import WardSummary
from wardkeep.hospital.site import Rules, Site
from wardkeep.pack.contents import WardData
from wardkeep.pack.from_paper import FromPaper
from wardkeep.pack.paper_copy import AS_ORDERED, PaperCopy


class RebuiltWard(msgspec.Struct, frozen=True, kw_only=True):
    """One ward as of one printing. `patients` is how many it had then."""

    data: WardData
    language: str
    patients: int

    @property
    def missing(self) -> int:
        """How many patients of that printing were not read."""
        return max(self.patients - len(self.data.charts), 0)


def rebuilt_wards(
    copies: Iterable[PaperCopy], now: int, numbers: Sequence[str]
) -> list[RebuiltWard]:
    """Return the wards that copies tell of, each by printing, the newest printing first.

    Of a patient who was read more than once the newest copy counts. `numbers` are random sheet
    numbers, at least one a copy and one a ward; `now` in UTC microseconds.
    """
    newest: dict[str, PaperCopy] = {}
    for copy in copies:
        known = newest.get(copy.chart.record)
        if known is None or copy.now > known.now:
            newest[copy.chart.record] = copy
    printings: dict[tuple[int, str], list[PaperCopy]] = defaultdict(list)
    for copy in newest.values():
        printings[copy.now, copy.ward].append(copy)
    free = iter(numbers)
    return [
        _rebuilt(sorted(found, key=_by_bed), now, [next(free) for _ in range(len(found) + 1)])
        for _, found in sorted(printings.items(), reverse=True)
    ]


def _rebuilt(copies: Sequence[PaperCopy], now: int, sheets: Sequence[str]) -> RebuiltWard:
    first = copies[0]
    # Any page that carries the ward's settings is enough; they are of the same moment.
    settings = next((each.settings for each in copies if each.settings is not None), None)
    declared = settings.ward if settings else None
    summary = WardSummary(
        ward=first.ward,
        name=declared.name if declared else "",
        site=declared.site if declared else "",
        patients=len(copies),
        charted_up_to=first.charted_up_to,
        charting_lag_minutes=first.charting_lag_minutes,
        doses_fed=first.doses_fed,
        lacks=any(each.lacks for each in copies),
    )
    hours = {code: at for each in copies for code, at in each.rules.standard_hours.items()}
    rules: Rules = replace(first.rules, standard_hours=hours)
    data = WardData(
        charts=tuple(_chart(each) for each in copies),
        streams=first.streams,
        summary=summary,
        site=Site(
            name="",
            rules=rules,
            paper=first.paper,
            wards=(declared,) if declared else (),
            systems=settings.systems if settings else (),
        ),
        unread=first.unread,
        now=now,
        sheets=tuple(sheets),
        from_paper=FromPaper(
            as_of=first.now,
            patients=first.patients,
            left_out=tuple(each.left_out for each in copies),
            settings=settings is not None,
        ),
    )
    return RebuiltWard(data=data, language=first.language, patients=first.patients)


def _by_bed(copy: PaperCopy) -> tuple[str, str, str]:
    current = copy.chart.current
    place = current.location.value if current and current.location else None
    return (place.room, place.bed, copy.chart.record) if place else ("", "", copy.chart.record)


def _chart(copy: PaperCopy) -> PatientChart:
    """Return a copy's chart with the drug of each dose, which its order names."""
    drugs = {each.order: each.drug.value for each in copy.chart.orders}

    def whole(dose: Dose) -> Dose:
        if dose.drug != AS_ORDERED or dose.order not in drugs:
            return dose
        return replace(dose, drug=drugs[dose.order])

    return replace(copy.chart, doses=tuple(whole(each) for each in copy.chart.doses))
