"""Medication orders through all control codes (HL7 table 0119).

Rules kept here:
- An end (DC, CA, OC, OD, CR, DR, UA or ORC-5 DC, CA) may come before its order and stays; a new
  NW never brings an order back, and one that is later than the end is flagged. Only a filler's
  "unable to" (UC, UD), said later, takes it back.
- Hold and release follow their time. XO and RO change content and nothing else.
- The status of a FHIR resource is its whole state: the newest version counts, and one that says
  that the order stands takes an earlier end back, a replacement apart.
- What one feed orders twice is two lines, flagged where both may be given at the same hour.
"""

from __future__ import annotations

from collections.abc import Sequence
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
    Encounter,
    EncounterState,
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
from wardkeep.chart.same_drug import with_duplicates
from wardkeep.chart.schedule import entered
from wardkeep.chart.text import has_lost_characters, micro_sign_lost
from wardkeep.chart.timing import (
    RawTiming,
    as_needed_reason,
    read_timing,
    says_as_needed,
    unreadable,
)
from wardkeep.chart.views.stays import STANDING
from wardkeep.hospital.site import Rules
from wardkeep.kernel.times import Moment

Kinds = dict[str, Cell]
_EMPTY: Cell = []
_CODED = len(("code", "text", "system"))
_COMPONENT = len(("kind", "code", "text", "system", "amount", "unit"))
_ENDED = {"stopped", "cancelled", "completed"}
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
    for bare, order in _bare_names(orders).items():
        join_cells(orders[order], orders.pop(bare))
    return orders


def _bare_names(orders: dict[str, Kinds]) -> dict[str, str]:
    """Return bare number -> order: what names no drug and, of its feed, one order's number.

    Some senders leave the namespace out of a stop: without this it would stop nothing.
    """
    named: dict[tuple[str, str], list[str]] = {}
    for order, kinds in orders.items():
        number, namespace, _ = order.partition("^")
        if namespace and (content := kinds.get("content")):
            for feed in {layer.stamp.feed for layer in content}:
                named.setdefault((number, feed), []).append(order)
    found = {}
    for order, kinds in orders.items():
        number, _, feed = order.rpartition("@")
        same = named.get((number, feed), ())
        content = kinds.get("content", _EMPTY)
        if len(same) == 1 and not (text(content, "code") or text(content, "text")):
            found[order] = same[0]
    return found


def orders_of(
    orders: dict[str, Kinds], rules: Rules, stays: Sequence[Encounter] = ()
) -> tuple[MedicationOrder, ...]:
    """Return every medication order in every state, sorted by kind, drug text, order.

    `stays` are the patient's encounters: what was ordered in one that ended is flagged while
    the patient lies here in another.
    """
    zone = ZoneInfo(rules.timezone)
    found = [
        _order(order, kinds, rules, zone)
        for order, kinds in orders.items()
        if "content" in kinds and said(kinds["content"], "medication")
    ]
    found = [_of_earlier_stay(_with_replacement(order, orders), stays) for order in found]
    found = with_duplicates(found, rules)
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
        other_routes=_other_routes(content),
        site=text(content, "site"),
        kind=_kind(content, timing.value),
        timing=timing,
        state=_state(kinds),
        as_needed_reason=_reason(content),
        maximum=text(content, "maximum"),
        rate=text(content, "rate"),
        rate_told=_told_at(content, "rate"),
        components=_components(content),
        indication=text(content, "indication"),
        instructions=texts(content, "instructions"),
        prescriber=value_clinician(content, "prescriber"),
        verified_by=text(content, "verified_by"),
        entered=moment(content, "entered"),
        replaced_by=text(kinds.get("replaced", _EMPTY), "by"),
    )
    again = {Flag(FlagKind.ORDERED_AGAIN)} if _is_ordered_again(kinds) else set()
    flags = {*_flags(built, known="new" in kinds), *again, *_doubts(kinds)}
    return msgspec.structs.replace(built, flags=tuple(sorted(flags)))


def _with_replacement(order: MedicationOrder, orders: dict[str, Kinds]) -> MedicationOrder:
    """Flag an order that was replaced by one that nobody has sent."""
    known = "content" in orders.get(order.replaced_by, {})
    if order.state.value is not OrderState.REPLACED or known:
        return order
    flags = sorted({*order.flags, Flag(FlagKind.REPLACEMENT_UNKNOWN, order.replaced_by)})
    return msgspec.structs.replace(order, flags=tuple(flags))


def _of_earlier_stay(order: MedicationOrder, stays: Sequence[Encounter]) -> MedicationOrder:
    """Flag what was ordered in a stay that ended: by its visit, else by when it was entered."""
    if not stays or stays[0].state.value not in STANDING or order.visit == stays[0].visit:
        return order
    over = [stay for stay in stays[1:] if stay.state.value is EncounterState.DISCHARGED]
    if order.visit:
        visit = next((stay.visit for stay in over if stay.visit == order.visit), "")
    else:
        since = entered(order)
        gone = (
            stay.visit for stay in over if stay.discharged and since <= stay.discharged.value.at
        )
        visit = next(gone, "")
    if not visit:
        return order
    flags = sorted({*order.flags, Flag(FlagKind.EARLIER_STAY, visit)})
    return msgspec.structs.replace(order, flags=tuple(flags))


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
    raws = raw_timings(content)
    timing = read_timing(raws, zone)
    if any(
        each.form is TimingForm.CODE and each.code not in rules.standard_hours
        for each in (timing, *timing.phases)
    ):
        # One period without its hours would have no box and pass in silence.
        stop = timing.stop
        timing = msgspec.structs.replace(unreadable(raws, zone, timing.every_days), stop=stop)
    repeats = timing.form in (TimingForm.TIMES, TimingForm.INTERVAL, TimingForm.CODE)
    if repeats and _told_as_needed(content):
        timing = msgspec.structs.replace(timing, form=TimingForm.AS_NEEDED)
    for effective in filter(None, (_later(cell) for _, cell in _endings(kinds))):
        if timing.stop is None or effective.at < timing.stop.at:
            timing = msgspec.structs.replace(timing, stop=effective)
    return Value(timing, stamp.source())


def _kind(content: Cell, timing: Timing) -> OrderKind:
    if kind := _KINDS.get(timing.form):
        return kind
    if timing.form is TimingForm.UNREADABLE and _told_as_needed(content):
        return OrderKind.AS_NEEDED
    return OrderKind.INFUSION if text(content, "rate") else OrderKind.REGULAR


def _endings(kinds: Kinds) -> list[tuple[OrderState, Cell]]:
    """Return what ends the order and was not taken back, an end before a replacement."""
    found = []
    stop, replaced, told = kinds.get("stop"), kinds.get("replaced"), kinds.get("status")
    if stop and not _taken_back(kinds, stop, "unstop"):
        found.append((OrderState(text(stop, "state")), stop))
    if replaced and not _taken_back(kinds, replaced, "unreplaced"):
        found.append((OrderState.REPLACED, replaced))
    if told and text(told, "state") in _ENDED and not _taken_back(kinds, told, "unstop"):
        found.append((OrderState(text(told, "state")), told))
    return found


def _taken_back(kinds: Kinds, ending: Cell, kind: str = "") -> bool:
    """Say whether an end was taken back later, by its filler or by a status (FHIR)."""
    undone, told = kinds.get(kind), kinds.get("status")
    if undone and undone[0].stamp > ending[0].stamp:
        return True
    if kind == "unreplaced" or told is None or text(told, "state") in _ENDED:
        return False
    return told[0].stamp > ending[0].stamp


def _told_at(content: Cell, name: str) -> int:
    found = said(content, name)
    return found[1].event if found and found[0] else 0


def _doubts(kinds: Kinds) -> set[Flag]:
    """Flag changes that were refused, and parts that are older than the drug or dose."""
    content, refused = kinds["content"], kinds.get("refused")
    flags = set()
    if refused and refused[0].stamp.event >= content[0].stamp.event:
        flags.add(Flag(FlagKind.CHANGE_REFUSED))
    changed = max(_told_at(content, name) for name in ("code", "text", "dose"))
    parts = (name for name in ("route", "components") if 0 < _told_at(content, name) < changed)
    return flags | {Flag(FlagKind.OLDER_PARTS, part) for part in parts}


def _is_ordered_again(kinds: Kinds) -> bool:
    """Say whether a new order under this number is later than all that ended it."""
    new, endings = kinds.get("new"), [ending[0].stamp.event for _, ending in _endings(kinds)]
    return new is not None and bool(endings) and new[0].stamp.event > max(endings)


def _later(ending: Cell) -> Moment | None:
    """Return from when an end counts, None where it counts since it was said."""
    later = moment_of(field(ending, "effective"))
    return None if later is None or later.at <= ending[0].stamp.event else later


def _state(kinds: Kinds) -> Value[OrderState]:
    for state, ending in _endings(kinds):
        if _later(ending) is None:
            return Value(state, ending[0].stamp.source())
    done, hold, told = kinds.get("done"), kinds.get("hold"), kinds.get("status")
    if done and not _taken_back(kinds, done):
        return Value(OrderState.COMPLETED, done[0].stamp.source())
    if (
        told
        and text(told, "state") not in _ENDED
        and (not hold or told[0].stamp > hold[0].stamp)
    ):
        return Value(OrderState(text(told, "state")), told[0].stamp.source())
    if hold and text(hold, "held") == "yes":
        return Value(OrderState.HELD, hold[0].stamp.source())
    newest = hold or kinds.get("new") or kinds["content"]
    return Value(OrderState.ACTIVE, newest[0].stamp.source())


def _other_routes(content: Cell) -> tuple[Coded, ...]:
    return tuple(
        Coded(*row) for row in rows(content, "other_routes") if len(row) == _CODED and any(row)
    )


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
    if dose and not any(char.isalpha() or char == "%" for char in dose):
        flags.add(Flag(FlagKind.DOSE_WITHOUT_UNIT, dose))
    if order.timing.value.form is TimingForm.UNREADABLE:
        flags.add(Flag(FlagKind.TIMING_UNREADABLE, order.timing.value.text))
    if not drug.text and not drug.code:
        flags.add(Flag(FlagKind.NO_DRUG_NAMED))
        if not known:
            flags.add(Flag(FlagKind.ORDER_UNKNOWN, order.order))
    return tuple(sorted(flags))
