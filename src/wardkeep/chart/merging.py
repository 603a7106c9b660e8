"""Which record numbers are one patient, and when a number was given to somebody else.

Rules kept here:
- Facts stay under the number they were said under; a merge is an edge from the old number to
  the surviving one, kept on both records, and the newest edge of an old number is believed.
- Chains are followed to their end. In a circle the target of the newest edge survives.
- A merged number that comes back with a birth date that neither it nor its survivor had before
  the merge has begun a second life: what was said from then on belongs to another person.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import msgspec

from wardkeep.chart.cells import SEPARATOR, field, join_cells
from wardkeep.chart.change import Section, Stamp
from wardkeep.chart.record import Cell, Cells, Record

INTO = "into"
FROM = "from" + SEPARATOR


class Link(msgspec.Struct, frozen=True, array_like=True):
    """What a record says of merges; small, so that a store can keep all of them at hand.

    `at` is the stamp of the edge to `into`; `second_life` the event time (UTC microseconds)
    from which the number is another person's, None where it is not.
    """

    into: str = ""
    at: Stamp | None = None
    absorbed: tuple[str, ...] = ()
    second_life: int | None = None


Lookup = Callable[[str], Link | None]

_NO_LINK = Link()


def link_of(record: Record) -> Link:
    """Return what the record says of merges."""
    eras = record.sections.get(Section.MERGE)
    if not eras:
        return _NO_LINK
    cells: Cells = {}
    for era in eras.values():
        cells.update(era)
    absorbed = tuple(sorted(key[len(FROM) :] for key in cells if key.startswith(FROM)))
    edge = cells.get(INTO)
    into = field(edge, INTO) if edge else None
    if edge is None or not isinstance(into, str) or not into:
        return Link(absorbed=absorbed)
    at = edge[0].stamp
    return Link(into, at, absorbed, _second_life(record, edge, at.event))


def _second_life(record: Record, edge: Cell, merged_at: int) -> int | None:
    survivor_birth = field(edge, "birth")
    known = {era for era, first in record.first.items() if era and first <= merged_at}
    if isinstance(survivor_birth, str) and survivor_birth:
        known.add(survivor_birth)
    if not known:
        return None
    later = [first for era, first in record.first.items() if era and era not in known]
    return min(later, default=None)


def with_survivors(numbers: Sequence[str], link: Lookup) -> tuple[str, ...]:
    """Return the numbers and those under which their patients are shown now, each once."""
    return tuple(dict.fromkeys([*numbers, *(survivor_of(each, link) for each in numbers)]))


def survivor_of(number: str, link: Lookup) -> str:
    """Return the number under which the patient who has `number` now is shown."""
    first = link(number)
    if first is None or not first.into or first.second_life is not None:
        return number
    path: list[str] = [number]
    edges: list[tuple[Stamp, str]] = []
    current = first
    while current.into and current.at is not None:
        edges.append((current.at, current.into))
        if current.into in path:
            circle = edges[path.index(current.into) :]
            return max(circle)[1]
        path.append(current.into)
        following = link(current.into)
        if following is None or (
            following.second_life is not None and current.at.event >= following.second_life
        ):
            break
        current = following
    return path[-1]


def group_of(number: str, link: Lookup) -> tuple[str, ...]:
    """Return all numbers of the patient who has `number` now: survivor first, then sorted."""
    survivor = survivor_of(number, link)
    found: set[str] = {survivor}
    waiting = [survivor]
    while waiting:
        target = waiting.pop()
        for old in _absorbed_into(target, survivor, link):
            if old not in found:
                found.add(old)
                waiting.append(old)
    return (survivor, *sorted(found - {survivor}))


def _absorbed_into(target: str, survivor: str, link: Lookup) -> list[str]:
    here = link(target)
    if here is None:
        return []
    life = here.second_life
    return [
        old
        for old in here.absorbed
        if (edge := link(old)) is not None
        and edge.into == target
        and edge.at is not None
        and (life is None or (edge.at.event >= life) == (target == survivor))
    ]


def lives(record: Record) -> tuple[dict[str, Cells], dict[str, Cells], bool]:
    """Return the record's sections as said of its first and of its second person.

    The flag says whether there is a second; without one the second half is empty.
    """
    link = link_of(record)
    if link.second_life is None:
        return _joined(record), {}, False
    known = _first_births(record, link)
    first: dict[str, Cells] = {}
    second: dict[str, Cells] = {}
    for section, eras in record.sections.items():
        for era, cells in eras.items():
            if era:
                join_cells((first if era in known else second).setdefault(section, {}), cells)
            else:
                _split(cells, link.second_life, first, second, section)
    return first, second, True


def _first_births(record: Record, link: Link) -> set[str]:
    second = link.second_life or 0
    return {era for era, since in record.first.items() if since < second}


def _split(
    cells: Cells, at: int, first: dict[str, Cells], second: dict[str, Cells], section: str
) -> None:
    for key, cell in cells.items():
        for layer in cell:
            half = second if layer.stamp.event >= at and section != Section.MERGE else first
            join_cells(half.setdefault(section, {}), {key: [layer]})


def _joined(record: Record) -> dict[str, Cells]:
    joined: dict[str, Cells] = {}
    for section, eras in record.sections.items():
        if len(eras) == 1:
            joined[section] = next(iter(eras.values()))
            continue
        into: Cells = {}
        for cells in eras.values():
            join_cells(into, cells)
        joined[section] = into
    return joined
