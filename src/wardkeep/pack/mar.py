"""The blocks of a patient's MAR: what stands, by kind; of an earlier stay; ended; no order."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from wardkeep.chart.model import FlagKind, MedicationOrder, OrderKind, PatientChart
from wardkeep.kernel.times import DAY
from wardkeep.pack.high_risk import risk_of
from wardkeep.pack.medication_lines import (
    doubt_line,
    earlier_line,
    ended_line,
    in_doubt,
    line,
    orphan_line,
    past_line,
)
from wardkeep.pack.medicines import (
    STANDING,
    Medicine,
    Round,
    of_earlier_stay,
    recently_given,
    stands,
)
from wardkeep.pack.pen import Pen
from wardkeep.paper.forms import Block, Line
from wardkeep.paper.words import N_

_PAST_SHOWN = 7 * DAY
"""Own choice: a course that ended longer ago is no question of this night."""

_TITLES: tuple[tuple[OrderKind, str], ...] = (
    (OrderKind.REGULAR, N_("REGULAR MEDICINES")),
    (OrderKind.ONCE, N_("ONCE ONLY")),
    (OrderKind.INFUSION, N_("INFUSIONS")),
    (OrderKind.AS_NEEDED, N_("AS NEEDED")),
)


def standing(found: Sequence[Medicine]) -> list[Medicine]:
    """Return the orders of this stay that stand, possible duplicates side by side."""
    return _side_by_side([each for each in found if stands(each.order, each.ended)])


def left_over(found: Sequence[Medicine], now: int) -> tuple[list[Medicine], int]:
    """Return the standing orders of earlier stays, and how many more ended by themselves."""
    left = [
        each
        for each in found
        if each.order.state.value in STANDING and of_earlier_stay(each.order)
    ]
    shown = [each for each in left if each.ended is None or recently_given(each, now)]
    return shown, len(left) - len(shown)


def past(found: Sequence[Medicine], now: int) -> tuple[list[Medicine], int]:
    """Return the orders whose end time has passed, and how many more ended long ago.

    Nobody has stopped them, so they stand where a doctor sees them, for a week or while doses
    of the last 24 h are known.
    """
    ended = [
        each
        for each in found
        if each.order.state.value in STANDING and each.ended and not of_earlier_stay(each.order)
    ]
    shown = [
        each
        for each in ended
        if (each.ended or 0) > now - _PAST_SHOWN or recently_given(each, now)
    ]
    return shown, len(ended) - len(shown)


def blocks(
    patient: PatientChart, found_orders: Sequence[Medicine], ward: Round, pen: Pen
) -> tuple[Block, ...]:
    """Return the blocks of the MAR; the regular one stands even when nothing is in it."""
    stand = standing(found_orders)
    risky = [each for each in stand if risk_of(each.order)]
    calm = [each for each in stand if not risk_of(each.order)]
    found = [
        _block(title, [each for each in calm if each.order.kind is kind], ward, pen)
        for kind, title in _TITLES
        if kind is OrderKind.REGULAR or any(each.order.kind is kind for each in calm)
    ]
    if not ward.orders_fed:
        note = pen.say(
            "NOT FED: no system sends this ward's orders. Copy them from their source."
        )
        found[0] = msgspec.structs.replace(found[0], note=note)
    elif not stand:
        note = no_order(found_orders, pen)
        found[0] = msgspec.structs.replace(found[0], note=note)
    return (
        *_high_risk(risky, ward, pen),
        *found,
        *_in_doubt(found_orders, ward, pen),
        *_left_over(found_orders, ward, pen),
        *_past(found_orders, ward, pen),
        *_ended(found_orders, ward, pen),
        *_orphans(patient, ward, pen),
    )


def to_ask_about(found: Sequence[Medicine], now: int) -> int:
    """Return of how many orders it must be asked whether they stand."""
    return sum(in_doubt(each.order) for each in found) + len(left_over(found, now)[0])


def no_order(found: Sequence[Medicine], pen: Pen) -> str:
    """Return what is said where no order stands: that none was told, or what became of them."""
    if not found:
        return pen.say("NO ORDER RECORDED for this patient")
    if any(each.ended or of_earlier_stay(each.order) or in_doubt(each.order) for each in found):
        return pen.say("NO ORDER STANDS NOW: see those that ended")
    return pen.say("NO ORDER STANDS NOW: all that were known have been stopped")


def _block(title: str, stand: Sequence[Medicine], ward: Round, pen: Pen) -> Block:
    note = ""
    if title == _TITLES[0][1] and ward.computed and stand:
        note = pen.say(
            "Boxes are COMPUTED from the timing and this site's hours. "
            "Grey: not due. Compare with the order."
        )
    lines = _bracketed(stand, [line(each, ward, pen) for each in stand], pen)
    return Block(title=pen.say(title), note=note, lines=tuple(lines))


def _high_risk(risky: Sequence[Medicine], ward: Round, pen: Pen) -> tuple[Block, ...]:
    """Return the block of high-risk drugs of every kind: each line says its kind."""
    if not risky:
        return ()
    kinds = dict(_TITLES)
    lines = _bracketed(risky, [line(each, ward, pen) for each in risky], pen)
    told = [
        printed
        if each.order.kind is OrderKind.REGULAR
        else msgspec.structs.replace(
            printed, how=f"{pen.say(kinds[each.order.kind])} · {printed.how}"
        )
        for each, printed in zip(risky, lines, strict=True)
    ]
    note = ""
    if ward.computed:
        note = pen.say(
            "Boxes are COMPUTED from the timing and this site's hours. "
            "Grey: not due. Compare with the order."
        )
    return (Block(title=pen.say("HIGH-RISK MEDICINES"), note=note, lines=tuple(told)),)


def _in_doubt(found: Sequence[Medicine], ward: Round, pen: Pen) -> tuple[Block, ...]:
    lines = tuple(doubt_line(each, ward, pen) for each in found if in_doubt(each.order))
    title = pen.say("NOT CLEAR WHETHER IT STANDS: ASK A DOCTOR")
    return (Block(title=title, lines=lines),) if lines else ()


def _left_over(found: Sequence[Medicine], ward: Round, pen: Pen) -> tuple[Block, ...]:
    shown, more = left_over(found, pen.now)
    if not shown and not more:
        return ()
    note = pen.say("and {count} more whose end time has passed", count=more) if more else ""
    return (
        Block(
            title=pen.say("ORDERED IN AN EARLIER STAY, NEVER ENDED: ASK A DOCTOR"),
            note=note,
            lines=tuple(earlier_line(each, ward, pen) for each in shown),
        ),
    )


def _past(found: Sequence[Medicine], ward: Round, pen: Pen) -> tuple[Block, ...]:
    shown, older = past(found, pen.now)
    if not shown and not older:
        return ()
    note = pen.say("and {count} more that ended over a week ago", count=older) if older else ""
    return (
        Block(
            title=pen.say("ENDED: THEIR END TIME HAS PASSED. DO NOT GIVE"),
            note=note,
            lines=tuple(past_line(each, ward, pen) for each in shown),
        ),
    )


def _ended(found: Sequence[Medicine], ward: Round, pen: Pen) -> tuple[Block, ...]:
    ended = [
        ended_line(each, ward, pen)
        for each in found
        if each.order.state.value not in STANDING
        and recently_given(each, pen.now)
        and not in_doubt(each.order)
    ]
    title = pen.say("ENDED, BUT ITS LAST DOSE MAY STILL ACT: DO NOT GIVE")
    return (Block(title=title, lines=tuple(ended)),) if ended else ()


def _orphans(patient: PatientChart, ward: Round, pen: Pen) -> tuple[Block, ...]:
    known = {order.order for order in patient.orders}
    lines = tuple(
        orphan_line(dose, ward, pen)
        for dose in patient.doses
        if dose.order not in known and dose.at.at > pen.now - DAY
    )
    return (
        (Block(title=pen.say("GIVEN, BUT NO ORDER IS KNOWN HERE"), lines=lines),)
        if lines
        else ()
    )


def _twins(order: MedicationOrder) -> set[str]:
    """Return the orders that may be this very order, told by another feed."""
    return {flag.detail for flag in order.flags if flag.kind is FlagKind.POSSIBLE_DUPLICATE}


def _side_by_side(found: Sequence[Medicine]) -> list[Medicine]:
    """Return the same medicines, each followed by its possible duplicates."""
    waiting = list(found)
    placed: list[Medicine] = []
    while waiting:
        group = [waiting.pop(0)]
        names = _twins(group[0].order)
        for each in [other for other in waiting if other.order.order in names]:
            waiting.remove(each)
            group.append(each)
        placed += group
    return placed


def _bracketed(stand: Sequence[Medicine], lines: Sequence[Line], pen: Pen) -> list[Line]:
    """Return the lines with brackets round neighbours that may be one order."""
    marked: list[Line] = []
    for place, printed in enumerate(lines):
        twins = _twins(stand[place].order)
        if not twins:
            marked.append(printed)
            continue
        before = place > 0 and stand[place - 1].order.order in twins
        after = place + 1 < len(stand) and stand[place + 1].order.order in twins
        marked.append(_in_bracket(printed, pen, before=before, after=after))
    return marked


def _in_bracket(printed: Line, pen: Pen, *, before: bool, after: bool) -> Line:
    if before or after:
        pair = "middle" if before and after else "last" if before else "first"
        return msgspec.structs.replace(printed, pair=pair)
    told = pen.say("CHECK: ONE ORDER OR TWO? The same drug stands in another block")
    return msgspec.structs.replace(printed, warnings=(*printed.warnings, told))
