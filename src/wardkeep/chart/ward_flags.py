"""What must be looked at on one ward: shared beds, same and similar names."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations
from typing import NamedTuple

from wardkeep.chart.model import Flag, FlagKind, PatientChart
from wardkeep.chart.text import normal

_SHORTEST_SIMILAR = 4
"""Shorter family names are not compared by letter: too many would be similar."""


_MOST_COMPARED = 200
"""Beyond this a ward is no ward (the largest have some 60 beds) but a mistake or malice;
comparing all with all would then stop the screens."""


class _Lying(NamedTuple):
    """What is compared of who lies on a ward; names as `normal` makes them."""

    record: str
    bed: tuple[str, str, str] | None
    family: str
    given: str
    initial: str


def ward_flags(charts: Sequence[PatientChart]) -> dict[str, tuple[Flag, ...]]:
    """Return the flags of each record number on a ward; the detail names the other record.

    Same name: family and first given name are equal, case, accents and other signs ignored.
    Similar name: families are equal, or they differ by one letter and givens begin alike; not
    looked for where more lie on one "ward" than on any real one.
    """
    if len(charts) > _MOST_COMPARED:
        return _alike_in_a_crowd(charts)
    found: dict[str, set[Flag]] = {}
    for one, other in _maybe_alike(charts):
        for kind in _between(one, other):
            found.setdefault(one.record, set()).add(Flag(kind, other.record))
            found.setdefault(other.record, set()).add(Flag(kind, one.record))
    return {record: tuple(sorted(flags)) for record, flags in found.items()}


def _alike_in_a_crowd(charts: Sequence[PatientChart]) -> dict[str, tuple[Flag, ...]]:
    """Flag equal names and beds in linear time; each flag names one of the others."""
    found: dict[str, set[Flag]] = {}
    first: dict[tuple[FlagKind, tuple[str, ...]], str] = {}
    for chart in map(_lying, charts):
        keys: list[tuple[FlagKind, tuple[str, ...]]] = []
        if chart.family:
            keys.append((FlagKind.SAME_NAME_ON_WARD, (chart.family, chart.given)))
        if chart.bed is not None:
            keys.append((FlagKind.BED_SHARED, chart.bed))
        for key in keys:
            other = first.setdefault(key, chart.record)
            if other != chart.record:
                found.setdefault(chart.record, set()).add(Flag(key[0], other))
                found.setdefault(other, set()).add(Flag(key[0], chart.record))
    # The first of many alike would name them all: one is enough to look.
    return {record: _one_of_each(flags) for record, flags in found.items()}


def _one_of_each(flags: set[Flag]) -> tuple[Flag, ...]:
    chosen: dict[FlagKind, Flag] = {}
    for flag in sorted(flags):
        chosen.setdefault(flag.kind, flag)
    return tuple(chosen.values())


def _maybe_alike(charts: Sequence[PatientChart]) -> Iterator[tuple[_Lying, _Lying]]:
    """Yield the pairs that share a bed, a family name or an initial: no others are alike."""
    for one, other in combinations(map(_lying, charts), 2):
        if one.initial == other.initial or one.family == other.family or one.bed == other.bed:
            yield one, other


def _between(one: _Lying, other: _Lying) -> Iterator[FlagKind]:
    if one.bed is not None and one.bed == other.bed:
        yield FlagKind.BED_SHARED
    if not one.family or not other.family:
        return
    if (one.family, one.given) == (other.family, other.given):
        yield FlagKind.SAME_NAME_ON_WARD
    elif one.family == other.family or (
        one.initial == other.initial
        and min(len(one.family), len(other.family)) >= _SHORTEST_SIMILAR
        and one_letter_apart(one.family, other.family)
    ):
        yield FlagKind.SIMILAR_NAME_ON_WARD


def _lying(chart: PatientChart) -> _Lying:
    family, given = _name(chart)
    return _Lying(chart.record, _bed(chart), family, given, given[:1])


def _bed(chart: PatientChart) -> tuple[str, str, str] | None:
    stay = chart.current
    place = stay.location.value if stay and stay.location else None
    return (place.ward, place.room, place.bed) if place and place.bed else None


def _name(chart: PatientChart) -> tuple[str, str]:
    if chart.name is None:
        return "", ""
    name = chart.name.value
    first_given = name.given.split()[0] if name.given.split() else ""
    return normal(name.family), normal(first_given)


def one_letter_apart(one: str, other: str) -> bool:
    """Say whether one insertion, deletion, exchange or swap of neighbours makes them equal."""
    if one == other or abs(len(one) - len(other)) > 1:
        return False
    start = next(
        (
            place
            for place, pair in enumerate(zip(one, other, strict=False))
            if len(set(pair)) > 1
        ),
        min(len(one), len(other)),
    )
    left, right = one[start:], other[start:]
    if len(one) == len(other):
        swapped = left[1::-1] == right[:2] and left[2:] == right[2:]
        return left[1:] == right[1:] or swapped
    return left[1:] == right or left == right[1:]
