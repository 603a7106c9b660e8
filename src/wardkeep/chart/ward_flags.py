"""What must be looked at on one ward: shared beds, same and similar names."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations

from wardkeep.chart.model import Flag, FlagKind, PatientChart
from wardkeep.chart.text import normal

_SHORTEST_SIMILAR = 4
"""Shorter family names are not compared by letter: too many would be similar."""


_MOST_COMPARED = 200
"""Beyond this a ward is no ward (the largest have some 60 beds) but a mistake or malice;
comparing all with all would then stop the screens."""


def ward_flags(charts: Sequence[PatientChart]) -> dict[str, tuple[Flag, ...]]:
    """Return the flags of each record number on a ward; the detail names the other record.

    Same name: family and first given name are equal, case, accents and other signs ignored.
    Similar name: families are equal, or they differ by one letter and givens begin alike; not
    looked for where more lie on one "ward" than on any real one.
    """
    if len(charts) > _MOST_COMPARED:
        return _alike_in_a_crowd(charts)
    found: dict[str, set[Flag]] = {}
    for one, other in combinations(charts, 2):
        for kind in _between(one, other):
            found.setdefault(one.record, set()).add(Flag(kind, other.record))
            found.setdefault(other.record, set()).add(Flag(kind, one.record))
    return {record: tuple(sorted(flags)) for record, flags in found.items()}


def _alike_in_a_crowd(charts: Sequence[PatientChart]) -> dict[str, tuple[Flag, ...]]:
    """Flag equal names and beds in linear time; each flag names one of the others."""
    found: dict[str, set[Flag]] = {}
    first: dict[tuple[FlagKind, tuple[str, ...]], str] = {}
    for chart in charts:
        name, bed = _name(chart), _bed(chart)
        keys: list[tuple[FlagKind, tuple[str, ...]]] = []
        if name[0]:
            keys.append((FlagKind.SAME_NAME_ON_WARD, name))
        if bed is not None:
            keys.append((FlagKind.BED_SHARED, bed))
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


def _between(one: PatientChart, other: PatientChart) -> Iterator[FlagKind]:
    if (bed := _bed(one)) is not None and bed == _bed(other):
        yield FlagKind.BED_SHARED
    family, given = _name(one)
    their_family, their_given = _name(other)
    if not family or not their_family:
        return
    if (family, given) == (their_family, their_given):
        yield FlagKind.SAME_NAME_ON_WARD
    elif family == their_family or (
        given[:1] == their_given[:1]
        and min(len(family), len(their_family)) >= _SHORTEST_SIMILAR
        and one_letter_apart(family, their_family)
    ):
        yield FlagKind.SIMILAR_NAME_ON_WARD


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
