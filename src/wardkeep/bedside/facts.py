"""The facts of a patient's chart that a nurse can hold against the bedside.

Rules kept here:
- NOT RECORDED is a fact too: it can be wrong. NOT FED is none: nobody said anything.
- A dose is told as due only of an order that stands; as given only within the last day.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

import msgspec

from wardkeep.bedside.events import FactKind
from wardkeep.chart.model import (
    AllergyState,
    Dose,
    EncounterState,
    FlagKind,
    Measure,
    MedicationOrder,
    OrderKind,
    OrderState,
    PatientChart,
    Source,
    Value,
)
from wardkeep.hospital.streams import Stream
from wardkeep.kernel.times import DAY


class Fact(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One fact: whose, which, and the message that said it.

    `order` and `dose` are numbers within the chart where the fact is of medication. `said` is
    the time the message told (UTC microseconds). Where `recorded` is False nothing was said,
    and `feed`, `entry` and `said` are of what placed the patient in `bed`.
    """

    record: str
    kind: FactKind
    bed: str
    feed: str = ""
    entry: int = 0
    said: int = 0
    recorded: bool = True
    order: str = ""
    dose: str = ""


def facts_of(chart: PatientChart, fed: Collection[Stream], now: int) -> tuple[Fact, ...]:
    """Return what can be compared of a patient in a bed; () for whoever is away or in none."""
    here = chart.current
    if here is None or here.state.value is EncounterState.ON_LEAVE or here.location is None:
        return ()
    place = here.location.value
    bed = "-".join(part for part in (place.room, place.bed) if part)
    placed = _told(Fact(record=chart.record, kind=FactKind.BED, bed=bed), here.location.source)
    found = [*_plain(chart, placed, fed), *_medication(chart, placed, fed, now)]
    return (placed, *found) if bed else tuple(found)


def _plain(chart: PatientChart, placed: Fact, fed: Collection[Stream]) -> Iterator[Fact]:
    status = chart.code_status[0].source if chart.code_status else None
    told = (
        (Stream.ALLERGIES, FactKind.ALLERGIES, _allergy_source(chart)),
        (Stream.CODE_STATUS, FactKind.CODE_STATUS, status),
        (Stream.ISOLATION, FactKind.ISOLATION, _source(chart.isolation)),
        (Stream.WEIGHT, FactKind.WEIGHT, _source(chart.weight)),
        (Stream.DIET, FactKind.DIET, _source(chart.diet)),
    )
    for stream, kind, source in told:
        if stream in fed:
            yield _of_kind(placed, kind, source)


def _medication(
    chart: PatientChart, placed: Fact, fed: Collection[Stream], now: int
) -> Iterator[Fact]:
    if Stream.MEDICATION_ORDERS not in fed:
        return
    newest = _newest(chart, now) if Stream.DOSES_GIVEN in fed else None
    for order in chart.orders:
        if not _stands(order):
            continue
        said = order.drug.source
        due = msgspec.structs.replace(
            placed,
            kind=FactKind.DOSE_DUE,
            order=order.order,
            feed=said.feed,
            entry=said.sequence,
            said=said.event,
        )
        yield due
        if newest is not None:
            given = msgspec.structs.replace(due, kind=FactKind.DOSE_GIVEN)
            yield _given(given, _of_order(newest, order))


def _given(fact: Fact, dose: Dose | None) -> Fact:
    if dose is None:
        return msgspec.structs.replace(fact, recorded=False)
    return msgspec.structs.replace(_told(fact, dose.source), dose=dose.dose)


_Placed = tuple[int, int, Dose]
"""A dose behind its time and its place from the end: of two at one time the first is told."""


def _newest(chart: PatientChart, now: int) -> dict[str, _Placed]:
    """Return the newest dose of the last day by the number of the order that it names."""
    found: dict[str, _Placed] = {}
    for place, dose in enumerate(chart.doses):
        at = dose.at.at
        if 0 <= now - at <= DAY and (dose.order not in found or found[dose.order][0] < at):
            found[dose.order] = (at, -place, dose)
    return found


def _of_order(newest: Mapping[str, _Placed], order: MedicationOrder) -> Dose | None:
    names = {order.order, order.filler} if order.filler else {order.order}
    placed = max((newest[name] for name in names if name in newest), default=None)
    return placed[2] if placed else None


def _stands(order: MedicationOrder) -> bool:
    earlier = any(flag.kind is FlagKind.EARLIER_STAY for flag in order.flags)
    regular = order.kind in {OrderKind.REGULAR, OrderKind.INFUSION}
    return order.state.value is OrderState.ACTIVE and regular and not earlier


def _allergy_source(chart: PatientChart) -> Source | None:
    allergies = chart.allergies
    if allergies.state is AllergyState.NOT_RECORDED:
        return None
    sources = [item.source for item in allergies.items] or list(allergies.none_known)
    return max(sources, key=lambda source: source.sequence, default=None)


def _source(value: Value[str] | Value[Measure] | None) -> Source | None:
    return value.source if value is not None else None


def _of_kind(placed: Fact, kind: FactKind, source: Source | None) -> Fact:
    fact = msgspec.structs.replace(placed, kind=kind)
    if source is None:
        return msgspec.structs.replace(fact, recorded=False)
    return _told(fact, source)


def _told(fact: Fact, source: Source) -> Fact:
    return msgspec.structs.replace(
        fact, feed=source.feed, entry=source.sequence, said=source.event
    )
