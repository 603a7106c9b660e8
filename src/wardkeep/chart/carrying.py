"""Which patients' charts are carried on when the days that told of them are erased: pure.

Rules kept here:
- charts of people are kept or let go whole, with all numbers that were ever merged with each
  other, or given from one person to another;
- kept are: who lies in the house or is on leave from it, who is expected (a booked visit, an
  admission that is prepared), and of whom anything was said in the days that stay.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from wardkeep.chart.merging import Link
from wardkeep.chart.model import EncounterState, PatientChart
from wardkeep.kernel.times import DAY

_AHEAD = frozenset({"booked", "arrived"})


def is_needed(chart: PatientChart, now: int) -> bool:
    """Tell whether the patient is in the house or expected in it (`now` in UTC microseconds).

    A visit counts until a day after its time: what was told of it may come late.
    """
    if chart.current is not None:
        return True
    if any(each.state.value == EncounterState.PREADMITTED for each in chart.encounters):
        return True
    return any(
        each.state in _AHEAD and each.start.at > now - DAY for each in chart.appointments
    )


def people(numbers: Iterable[str], links: Mapping[str, Link]) -> list[set[str]]:
    """Return the numbers in sets that merges tie together."""
    of: dict[str, set[str]] = {number: {number} for number in numbers}
    for number, link in links.items():
        for other in (link.into, *link.absorbed):
            if other:
                _join(of, number, other)
    unique = {id(each): each for each in of.values()}
    return list(unique.values())


def _join(of: dict[str, set[str]], one: str, other: str) -> None:
    mine, theirs = of.setdefault(one, {one}), of.setdefault(other, {other})
    if mine is theirs:
        return
    small, large = sorted((mine, theirs), key=len)
    large |= small
    for number in small:
        of[number] = large


def spoken_of_since(numbers: Collection[str], heard: Mapping[str, int], through: int) -> bool:
    """Tell whether anything was said of one of the numbers behind entry `through`."""
    return any(heard.get(number, 0) > through for number in numbers)
