"""The doses recorded, after what was deleted and corrected (RXA-21, HL7 v2.5.1, 4.14.7.21).

Rules kept here:
- A dose stands under the order that it names; where no feed sent that order, it is flagged.
- A deletion or a corrected time finds its dose by order, number and time, also where they are
  written otherwise than the dose was. Where it may mean more than one, none goes: each that it
  may mean is flagged and asked about. A dose that is wrongly gone would be given twice, one
  that wrongly stands would be left out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

import msgspec

from wardkeep.chart.cells import SEPARATOR, coded, key_parts, moment, said, text
from wardkeep.chart.change import Stamp
from wardkeep.chart.model import Dose, DoseOutcome, Flag, FlagKind
from wardkeep.chart.record import Cell, Cells
from wardkeep.chart.text import has_lost_characters
from wardkeep.chart.views.medication import Kinds
from wardkeep.kernel.times import DAY, HOUR, MINUTE, SECOND, Moment, Precision

_LENGTHS = {
    Precision.SECOND: SECOND,
    Precision.MINUTE: MINUTE,
    Precision.HOUR: HOUR,
    Precision.DAY: DAY,
    Precision.MONTH: 31 * DAY,
    Precision.YEAR: 366 * DAY,
}
_UNCOUNTED = {"", "0"}
"""Administration numbers (RXA-2) of senders that do not count doses."""

_UNCLEAR = {FlagKind.MAYBE_DELETED, FlagKind.TOLD_BEFORE_ITS_TIME}
_AHEAD = HOUR
"""A dose may be charted at its due time a little before; further ahead it was not given yet
(own choice)."""
_MOVED = 2 * HOUR
"""A corrected time this near to the only dose of its number is that dose (own choice)."""

_MAY_BE_MOVED = 12 * HOUR
_MAY_BE_DELETED = DAY
"""So far from a deletion's time a dose may be what it means: a MAR asks about this span."""


class _Told(msgspec.Struct, frozen=True):
    """One cell of doses: what was said last under one order, number and time."""

    key: str
    order: str
    number: str
    at: Moment
    stamp: Stamp
    cell: Cell

    def may_share_number(self, other: _Told) -> bool:
        return self.number == other.number or bool(_UNCOUNTED & {self.number, other.number})

    def is_within(self, reach: int, other: _Told) -> bool:
        return abs(self.at.at - other.at.at) <= reach

    def overlaps(self, other: _Told) -> bool:
        """Say whether the two times may be one, each as finely as it was told."""
        mine, theirs = self.at, other.at
        return (
            mine.at < theirs.at + _LENGTHS[theirs.precision]
            and theirs.at < mine.at + _LENGTHS[mine.precision]
        )


def doses_of(cells: Cells, orders: dict[str, Kinds]) -> tuple[Dose, ...]:
    """Return the recorded administrations that were not deleted, newest first."""
    naming = _Naming(orders)
    told = [_told(key, cell, naming) for key, cell in cells.items()]
    standing = {each.key: each for each in told if text(each.cell, "outcome")}
    doubts: dict[str, set[Flag]] = {}
    # In the order in which they were said, so that arrival leaves no trace.
    for each in sorted(filter(_searches, told), key=lambda one: one.stamp):
        gone, doubted, kind = _effect(each, standing)
        for key in gone:
            standing.pop(key)
        for key in doubted:
            doubts.setdefault(key, set()).add(Flag(kind))
    found = [_dose(each, doubts.get(key, set()), orders) for key, each in standing.items()]
    found.sort(key=lambda dose: (dose.at.at, dose.source.event, dose.dose), reverse=True)
    return tuple(found)


def _told(key: str, cell: Cell, naming: _Naming) -> _Told:
    stamp = cell[0].stamp
    parts = key_parts(key)
    return _Told(
        key=key,
        order=naming.order(text(cell, "order")),
        number=parts[1] if len(parts) > 1 else "",
        at=moment(cell, "at") or Moment(stamp.event, Precision.DAY, ""),
        stamp=stamp,
        cell=cell,
    )


def _searches(each: _Told) -> bool:
    """Say whether this deletes or corrects a dose that does not stand in its own cell."""
    if said(each.cell, "added") is not None:
        return False
    kind = "corrected" if text(each.cell, "outcome") else "deleted"
    other = "deleted" if kind == "corrected" else "corrected"
    return said(each.cell, kind) is not None and said(each.cell, other) is None


def _effect(
    each: _Told, standing: Mapping[str, _Told]
) -> tuple[Sequence[str], Sequence[str], FlagKind]:
    """Return the keys of doses that a statement takes away, and of those that it may mean."""
    others = [
        one
        for one in standing.values()
        if one.order == each.order
        and one.key != each.key
        and one.stamp < each.stamp
        and each.may_share_number(one)
    ]
    if text(each.cell, "outcome"):
        return *_moved(each, others), FlagKind.MAYBE_CORRECTED
    return *_deleted(each, others), FlagKind.MAYBE_DELETED


def _deleted(each: _Told, others: Sequence[_Told]) -> tuple[list[str], list[str]]:
    meant = [one for one in others if each.overlaps(one)]
    exact = [one for one in meant if one.number == each.number]
    for found in (exact, meant):
        if len(found) == 1:
            return [found[0].key], []
    meant = meant or [one for one in others if each.is_within(_MAY_BE_DELETED, one)]
    return [], [one.key for one in meant]


def _moved(each: _Told, others: Sequence[_Told]) -> tuple[list[str], list[str]]:
    same = [one for one in others if one.number == each.number]
    if len(same) == 1 and each.is_within(_MOVED, same[0]):
        return [same[0].key], []
    near = [one for one in others if each.is_within(_MAY_BE_MOVED, one)]
    return [], [one.key for one in (*near, each)] if near else []


class _Naming:
    """Finds the order that a dose names: by its placer, its filler, or its bare number."""

    def __init__(self, orders: dict[str, Kinds]) -> None:
        self._orders = orders
        self._fillers = {
            filler: order
            for order, kinds in orders.items()
            if "content" in kinds and (filler := text(kinds["content"], "filler_key"))
        }
        self._numbers = dict(_bare_numbers(orders))

    def order(self, named: str) -> str:
        if named in self._orders:
            return named
        if named in self._fillers:
            return self._fillers[named]
        return self._numbers.get(named.rpartition("@")[0], named)


def _bare_numbers(orders: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Yield number, order where only one order has that number without a namespace."""
    found: dict[str, list[str]] = {}
    for order in orders:
        number = order.rpartition("@")[0]
        if number:
            found.setdefault(number, []).append(order)
    return ((number, same[0]) for number, same in found.items() if len(same) == 1)


def _dose(each: _Told, doubts: set[Flag], orders: dict[str, Kinds]) -> Dose:
    cell, drug = each.cell, coded(each.cell)
    flags = set(doubts)
    for words in (text(cell, "amount"), text(cell, "rate"), drug.text):
        if has_lost_characters(words):
            flags.add(Flag(FlagKind.LOST_CHARACTERS, words))
    if each.order not in orders or "content" not in orders[each.order]:
        flags.add(Flag(FlagKind.ORDER_UNKNOWN, each.order))
    outcome = DoseOutcome(text(cell, "outcome"))
    if each.at.at > each.stamp.sent + _AHEAD:
        flags.add(Flag(FlagKind.TOLD_BEFORE_ITS_TIME))
    if {flag.kind for flag in flags} & _UNCLEAR:
        outcome = DoseOutcome.UNCLEAR
    return Dose(
        dose=each.key.replace(SEPARATOR, "/"),
        order=each.order,
        drug=drug,
        amount=text(cell, "amount"),
        outcome=outcome,
        outcome_text=text(cell, "outcome_text"),
        reason=text(cell, "reason"),
        at=each.at,
        by=text(cell, "by"),
        rate=text(cell, "rate"),
        flags=tuple(sorted(flags)),
        source=each.stamp.source(),
    )
