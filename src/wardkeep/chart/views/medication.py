"""Medication orders through all control codes (HL7 table 0119), and the doses recorded.

Rules kept here:
- An end (DC, CA, OC, OD, CR, DR, UA or ORC-5 DC, CA) may come before its order and stays; a new
  NW never brings an order back. Only a filler's "unable to" (UC, UD), said later, takes it
  back.
- Hold and release follow their time. XO and RO change content and nothing else.
- A dose stands under the order that it names; where no feed sent that order, it is flagged.
"""

from __future__ import annotations

from zoneinfo import ZoneInfo

import msgspec

from wardkeep.chart.as_needed import said_alone
from wardkeep.chart.cells import (
    SEPARATOR,
    coded,
    field,
    join_cells,
    moment,
    rows,
    said,
    text,
    texts,
    value_clinician,
    value_coded,
    value_text,
)
from wardkeep.chart.change import Stamp, moment_of
from wardkeep.chart.model import (
    Coded,
    Component,
    Dose,
    DoseOutcome,
    Flag,
    FlagKind,
    MedicationOrder,
    OrderKind,
    OrderState,
    Timing,
    TimingForm,
    Value,
)
from wardkeep.chart.record import Cell, Cells
from wardkeep.chart.text import has_lost_characters, micro_sign_lost, normal
from wardkeep.chart.timing import RawTiming, as_needed_reason, read_timing, says_as_needed
from wardkeep.hospital.site import Rules
from wardkeep.kernel.times import Moment, Precision

Kinds = dict[str, Cell]
_EMPTY: Cell = []
_COMPONENT = len(("kind", "code", "text", "system", "amount", "unit"))
_KINDS = {
    TimingForm.AS_NEEDED: OrderKind.AS_NEEDED,
    TimingForm.ONCE: OrderKind.ONCE,
    TimingForm.CONTINUOUS: OrderKind.INFUSION,
}


def by_order(cells: Cells) -> dict[str, Kinds]:
    """Return the cells of each order; what a filler's number says joins the placer's."""
    placers: dict[str, str] = {}
    for key, cell in cells.items():
        order, _, kind = key.partition(SEPARATOR)
        if kind == "content" and (filler := text(cell, "filler_key")) and filler != order:
            placers[filler] = order
    orders: dict[str, Kinds] = {}
    for key, cell in cells.items():
        order, _, kind = key.partition(SEPARATOR)
        join_cells(orders.setdefault(placers.get(order, order), {}), {kind: cell})
    return orders


def orders_of(orders: dict[str, Kinds], rules: Rules) -> tuple[MedicationOrder, ...]:
    """Return every medication order in every state, sorted by kind, drug text, order."""
    zone = ZoneInfo(rules.timezone)
    found = [
        _order(order, kinds, rules, zone)
        for order, kinds in orders.items()
        if "content" in kinds and said(kinds["content"], "medication")
    ]
    found = _with_duplicates(found)
    places = {kind: place for place, kind in enumerate(OrderKind)}
    found.sort(
        key=lambda item: (places[item.kind], item.drug.value.text.casefold(), item.order)
    )
    return tuple(found)


def _order(order: str, kinds: Kinds, rules: Rules, zone: ZoneInfo) -> MedicationOrder:
    content = kinds["content"]
    timing = _timing(kinds, rules, zone)
    drug = Value(coded(content), _drug_stamp(content).source())
    dose = value_text(content, "dose")
    built = MedicationOrder(
        order=order,
        filler=text(content, "filler"),
        feed=drug.source.feed,
        visit=text(content, "visit"),
        drug=drug,
        dose=dose,
        give_strength=text(content, "strength"),
        form=text(content, "form"),
        route=value_coded(content, "route"),
        site=text(content, "site"),
        kind=_kind(content, timing.value),
        timing=timing,
        state=_state(kinds),
        as_needed_reason=_reason(content),
        maximum=text(content, "maximum"),
        rate=text(content, "rate"),
        components=_components(content),
        indication=text(content, "indication"),
        instructions=texts(content, "instructions"),
        prescriber=value_clinician(content, "prescriber"),
        verified_by=text(content, "verified_by"),
        entered=moment(content, "entered"),
        replaced_by=text(kinds.get("replaced", _EMPTY), "by"),
    )
    return msgspec.structs.replace(built, flags=_flags(built, known="new" in kinds))


def _drug_stamp(content: Cell) -> Stamp:
    found = said(content, "text") or said(content, "code")
    return found[1] if found else content[0].stamp


def raw_timings(content: Cell) -> tuple[RawTiming, ...]:
    """Return the timing rows of an order as they were sent."""
    return tuple(RawTiming(*row) for row in rows(content, "timing"))


def _told_as_needed(content: Cell) -> bool:
    """Say whether the timing, or an instruction that is nothing else, says "as needed"."""
    if says_as_needed(raw_timings(content)):
        return True
    return any(said_alone(each) for each in texts(content, "instructions"))


def _reason(content: Cell) -> str:
    return as_needed_reason(raw_timings(content))


def _timing(kinds: Kinds, rules: Rules, zone: ZoneInfo) -> Value[Timing]:
    content = kinds["content"]
    found = said(content, "timing")
    stamp = found[1] if found else content[0].stamp
    timing = read_timing(raw_timings(content), zone)
    if timing.form is TimingForm.CODE and timing.code not in rules.standard_hours:
        timing = Timing(
            form=TimingForm.UNREADABLE, text=timing.text, start=timing.start, stop=timing.stop
        )
    repeats = timing.form in (TimingForm.TIMES, TimingForm.INTERVAL, TimingForm.CODE)
    if repeats and _told_as_needed(content):
        timing = msgspec.structs.replace(timing, form=TimingForm.AS_NEEDED)
    effective = moment_of(field(kinds.get("stop", _EMPTY), "effective"))
    if effective and (timing.stop is None or effective.at < timing.stop.at):
        timing = msgspec.structs.replace(timing, stop=effective)
    return Value(timing, stamp.source())


def _kind(content: Cell, timing: Timing) -> OrderKind:
    if kind := _KINDS.get(timing.form):
        return kind
    if timing.form is TimingForm.UNREADABLE and _told_as_needed(content):
        return OrderKind.AS_NEEDED
    return OrderKind.INFUSION if text(content, "rate") else OrderKind.REGULAR


def _state(kinds: Kinds) -> Value[OrderState]:
    stop, undone = kinds.get("stop"), kinds.get("unstop")
    if stop and not (undone and undone[0].stamp > stop[0].stamp):
        later = moment_of(field(stop, "effective"))
        if later is None or later.at <= stop[0].stamp.event:
            return Value(OrderState(text(stop, "state")), stop[0].stamp.source())
    if replaced := kinds.get("replaced"):
        return Value(OrderState.REPLACED, replaced[0].stamp.source())
    if done := kinds.get("done"):
        return Value(OrderState.COMPLETED, done[0].stamp.source())
    hold = kinds.get("hold")
    if hold and text(hold, "held") == "yes":
        return Value(OrderState.HELD, hold[0].stamp.source())
    newest = hold or kinds.get("new") or kinds["content"]
    return Value(OrderState.ACTIVE, newest[0].stamp.source())


def _components(content: Cell) -> tuple[Component, ...]:
    return tuple(
        Component(kind=row[0], drug=Coded(row[1], row[2], row[3]), amount=row[4], unit=row[5])
        for row in rows(content, "components")
        if len(row) == _COMPONENT
    )


def _flags(order: MedicationOrder, *, known: bool) -> tuple[Flag, ...]:
    flags = set()
    dose = order.dose.value if order.dose else ""
    drug = order.drug.value
    shown = (dose, drug.text, order.give_strength, order.rate, order.maximum)
    for words in (*shown, *(f"{part.amount} {part.unit}" for part in order.components)):
        if has_lost_characters(words):
            flags.add(Flag(FlagKind.LOST_CHARACTERS, words))
    if micro_sign_lost(dose, f"{drug.text} {order.give_strength}"):
        flags.add(Flag(FlagKind.LOST_CHARACTERS, dose))
    if order.timing.value.form is TimingForm.UNREADABLE:
        flags.add(Flag(FlagKind.TIMING_UNREADABLE, order.timing.value.text))
    if not drug.text and not drug.code:
        flags.add(Flag(FlagKind.NO_DRUG_NAMED))
        if not known:
            flags.add(Flag(FlagKind.ORDER_UNKNOWN, order.order))
    return tuple(sorted(flags))


def _with_duplicates(orders: list[MedicationOrder]) -> list[MedicationOrder]:
    """Flag the same drug that runs through two feeds; both lines stay."""
    running = [
        order for order in orders if order.state.value in (OrderState.ACTIVE, OrderState.HELD)
    ]
    names: dict[str, list[MedicationOrder]] = {}
    for order in running:
        for name in _drug_names(order.drug.value):
            names.setdefault(name, []).append(order)
    twins: dict[str, set[Flag]] = {}
    for same in names.values():
        if len({order.feed for order in same}) > 1:
            for order in same:
                twins.setdefault(order.order, set()).update(
                    Flag(FlagKind.POSSIBLE_DUPLICATE, other.order)
                    for other in same
                    if other.feed != order.feed
                )
    return [
        msgspec.structs.replace(order, flags=tuple(sorted({*order.flags, *found})))
        if (found := twins.get(order.order))
        else order
        for order in orders
    ]


def _drug_names(drug: Coded) -> list[str]:
    names = [f"text {normal(drug.text)}"] if normal(drug.text) else []
    if drug.code:
        names.append(f"code {drug.system} {drug.code}")
    return names


def doses_of(cells: Cells, orders: dict[str, Kinds]) -> tuple[Dose, ...]:
    """Return the recorded administrations that were not deleted, newest first."""
    fillers = {
        filler: order
        for order, kinds in orders.items()
        if "content" in kinds and (filler := text(kinds["content"], "filler_key"))
    }
    numbers = _bare_numbers(orders)
    found = [
        _dose(key, cell, _order_named(text(cell, "order"), orders, fillers, numbers), orders)
        for key, cell in cells.items()
        if text(cell, "outcome")
    ]
    found.sort(key=lambda dose: (dose.at.at, dose.source.event, dose.dose), reverse=True)
    return tuple(found)


def _bare_numbers(orders: dict[str, Kinds]) -> dict[str, str]:
    """Return number -> order where only one order has that number without a namespace."""
    found: dict[str, str] = {}
    twice: set[str] = set()
    for order in orders:
        number, _, feed = order.rpartition("@")
        if feed and number in found:
            twice.add(number)
        elif number:
            found[number] = order
    return {number: order for number, order in found.items() if number not in twice}


def _order_named(
    order: str, orders: dict[str, Kinds], fillers: dict[str, str], numbers: dict[str, str]
) -> str:
    if order in orders:
        return order
    if order in fillers:
        return fillers[order]
    return numbers.get(order.rpartition("@")[0], order)


def _dose(key: str, cell: Cell, order: str, orders: dict[str, Kinds]) -> Dose:
    at = moment(cell, "at")
    drug = coded(cell)
    flags = set()
    for words in (text(cell, "amount"), text(cell, "rate"), drug.text):
        if has_lost_characters(words):
            flags.add(Flag(FlagKind.LOST_CHARACTERS, words))
    if order not in orders or "content" not in orders[order]:
        flags.add(Flag(FlagKind.ORDER_UNKNOWN, order))
    stamp = cell[0].stamp
    return Dose(
        dose=key.replace(SEPARATOR, "/"),
        order=order,
        drug=drug,
        amount=text(cell, "amount"),
        outcome=DoseOutcome(text(cell, "outcome")),
        outcome_text=text(cell, "outcome_text"),
        reason=text(cell, "reason"),
        at=at or Moment(stamp.event, Precision.DAY, ""),
        by=text(cell, "by"),
        rate=text(cell, "rate"),
        flags=tuple(sorted(flags)),
        source=stamp.source(),
    )
