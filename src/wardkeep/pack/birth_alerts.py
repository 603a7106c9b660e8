"""Two patients of one ward whose birth dates are the same, or day and month exchanged.

A birth date is the second thing by which a nurse tells two patients apart. One other digit
would make every second pair of a ward similar and be read past.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations

from wardkeep.chart.model import PatientChart
from wardkeep.pack.identity import bed, with_bed
from wardkeep.pack.pen import Pen
from wardkeep.paper.words import N_

_ISO_DAY = len("1934-03-07")
_MOST_COMPARED = 200
"""More than lie on any ward: comparing all with all would take too long (chart.ward_flags)."""


def birth_alerts(charts: Sequence[PatientChart], pen: Pen) -> Mapping[str, tuple[str, ...]]:
    """Return what the header of each record number says, for those who are like another."""
    same: dict[str, list[str]] = {}
    exchanged: dict[str, list[str]] = {}
    if len(charts) > _MOST_COMPARED:
        return {}
    beds = {chart.record: bed(chart, pen) for chart in charts}
    for one, other in combinations(charts, 2):
        alike = _told(_birth(one), _birth(other))
        found = same if alike == "same" else exchanged
        for mine, its in ((one, other), (other, one)) if alike else ():
            found.setdefault(mine.record, []).append(with_bed(its.record, beds, pen))
    return {
        record: _alerts(same.get(record, ()), exchanged.get(record, ()), pen)
        for record in {**same, **exchanged}
    }


def _alerts(same: Sequence[str], exchanged: Sequence[str], pen: Pen) -> tuple[str, ...]:
    told = []
    if same:
        words = N_("BIRTH DATE ALERT: the same on this ward, record {detail}")
        told.append(pen.say(words, detail=", ".join(same)))
    if exchanged:
        words = N_("BIRTH DATE ALERT: day and month exchanged on this ward, record {detail}")
        told.append(pen.say(words, detail=", ".join(exchanged)))
    return tuple(told)


def _birth(chart: PatientChart) -> str:
    return chart.birth_date.value if chart.birth_date else ""


def _told(one: str, other: str) -> str:
    if len(one) != _ISO_DAY or len(other) != _ISO_DAY:
        return ""
    if one == other:
        return "same"
    year, month, day = one[:4], one[5:7], one[8:]
    return "exchanged" if other == f"{year}-{day}-{month}" else ""
