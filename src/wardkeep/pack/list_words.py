"""What must stand on a list of the house, row by row, in the words of the list's language.

Taken from the charts, not from what the lists are cut by. Each fact has the column that it must
stand in: an allergy in the place of a diet is no allergy to whoever reads the list.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

import msgspec

from wardkeep.chart.model import (
    Allergy,
    AllergyState,
    Appointment,
    EncounterState,
    MedicationOrder,
    OrderState,
    PatientChart,
    ResultState,
)
from wardkeep.hospital.streams import Stream
from wardkeep.kernel.times import DAY
from wardkeep.pack.freshness import Freshness
from wardkeep.pack.front_desk_list import birth_date, person
from wardkeep.pack.high_risk import ANTICOAGULANT, risk_of
from wardkeep.pack.identity import LONGEST_BOX, allergy_box, bed, tell_allergy
from wardkeep.pack.known_facts import DIALYSIS, IMMUNOSUPPRESSION, IMPLANTS, problems_of
from wardkeep.pack.medication_lines import in_doubt
from wardkeep.pack.pen import Pen
from wardkeep.pack.proof import ALLERGY, BED, ORDER, PATIENT, order_words, shown, standing
from wardkeep.pack.proof import surname as surname_of
from wardkeep.pack.transfusion import told_of
from wardkeep.pack.whole_house import HouseData, HouseWard, PackKind, Writing

DIET, SPECIMEN, REQUEST, RESULT = "diet", "specimen", "request", "result"
OPERATION, BLOOD, PROBLEM, STATUS = "operation", "blood group", "problem", "code status"
ARRIVAL = "arrival"
TITLE = -1
"""The column of the heading that a row stands under."""
_DAYS = 2
_SEPARATORS = 40
"""Letters that a box may spend on an allergy beside its own words (pack.identity)."""


class Cell(msgspec.Struct, frozen=True):
    """One fact of a row: its kind, the column, and the words that must stand in that cell."""

    kind: str
    column: int
    words: tuple[str, ...]


class WantedRow(msgspec.Struct, frozen=True, kw_only=True):
    """One row: who it is of, what else must stand in it; `group` where one part must have it.

    `kind` is what a row counts as that lacks, or stands there without reason. `must`: else it
    may stand there, and is right if it does.
    """

    kind: str
    who: tuple[Cell, ...]
    facts: tuple[Cell, ...]
    group: int | None = None
    must: bool = True


Rows = Iterator[WantedRow]


def wanted_rows(data: HouseData, write: Writing) -> list[WantedRow]:
    """Return the rows that a list must, or may, have."""
    return list(_KINDS[data.kind](data, write))


def _kitchen(data: HouseData, write: Writing) -> Rows:
    pen = write.pen
    for ward in data.wards:
        fed = Freshness(ward.streams, ward.summary, pen).fed(Stream.DIET)
        unsaid = pen.say("DIET NOT RECORDED: ASK") if fed else pen.say("DIET NOT FED: ASK")
        for chart in ward.charts:
            diet = shown(chart.diet.value) if chart.diet else ""
            yield WantedRow(
                kind=PATIENT,
                who=_named(chart, 1, birth_date(chart, pen)),
                facts=(
                    *_in_bed(chart, ward, 0, pen),
                    Cell(DIET, 2, (diet or unsaid,)),
                    *_allergies(chart, 3, pen),
                ),
            )


def _front_desk(data: HouseData, write: Writing) -> Rows:
    pen = write.pen
    for ward in data.wards:
        for chart in ward.charts:
            yield WantedRow(
                kind=PATIENT,
                who=(
                    *_named(chart, 0),
                    Cell(PATIENT, 1, (birth_date(chart, pen),)),
                ),
                facts=(
                    Cell(BED, 2, (shown(ward.summary.ward),)),
                    Cell(BED, 3, (bed(chart, pen),)),
                ),
            )


def _pharmacy(data: HouseData, write: Writing) -> Rows:
    pen, rules = write.pen, data.site.rules
    for ward in data.wards:
        if not Freshness(ward.streams, ward.summary, pen).fed(Stream.MEDICATION_ORDERS):
            continue
        for chart in ward.charts:
            stand, (_, _, number) = standing(chart, rules, data.now), person(chart, pen)
            about = (*_in_bed(chart, ward, 0, pen), *_allergies(chart, 2, pen))
            for order in chart.orders:
                if order in stand or _may_stand(order):
                    yield WantedRow(
                        kind=ORDER,
                        who=_named(chart, 1, f"{birth_date(chart, pen)} · {number}"),
                        facts=(Cell(ORDER, 3, order_words(order)), *about),
                        must=order in stand,
                    )


def _may_stand(order: MedicationOrder) -> bool:
    return order.state.value in {OrderState.ACTIVE, OrderState.HELD} or in_doubt(order)


def _laboratory(data: HouseData, write: Writing) -> Rows:
    pen, site = write.pen, data.site
    for ward in data.wards:
        for chart in ward.charts:
            known = (
                *_specimens(chart, pen),
                *_requests(chart, site.rules.imaging_sections, pen),
                *_results(chart, site.paper.blood_group_codes, pen),
                *_blood(chart, site.paper.blood_group_codes, 4, pen),
            )
            if known:
                yield WantedRow(
                    kind=PATIENT,
                    who=_named(chart, 1, _about(chart, pen)),
                    facts=(*_in_bed(chart, ward, 0, pen), *known),
                )


def _specimens(chart: PatientChart, pen: Pen) -> Iterator[Cell]:
    for each in chart.pending_specimens:
        yield Cell(SPECIMEN, 2, (pen.coded(each.coding), shown(each.specimen)))


def _requests(chart: PatientChart, imaging: tuple[str, ...], pen: Pen) -> Iterator[Cell]:
    for each in chart.pending_orders:
        if each.section not in imaging:
            yield Cell(REQUEST, 3, (pen.coded(each.coding),))


def _results(chart: PatientChart, apart: tuple[str, ...], pen: Pen) -> Iterator[Cell]:
    for series in chart.results:
        if series.results and series.coding.code not in apart:
            newest = series.results[0]
            value = f"{pen.sent(newest.value)} {pen.sent(newest.unit)}"
            if newest.state is ResultState.WITHDRAWN:
                value = pen.say("WITHDRAWN")
            elif not newest.value:
                value = pen.say("NO VALUE SENT")
            # One word: beside another analysis the value proves nothing.
            yield Cell(RESULT, 4, (f"{pen.coded(series.coding)} {value}",))


def _blood(
    chart: PatientChart, codes: tuple[str, ...], column: int, pen: Pen
) -> Iterator[Cell]:
    for told in told_of(chart, codes, pen):
        yield Cell(BLOOD, column, (told,))


def _theatre(data: HouseData, write: Writing) -> Rows:
    pen = write.pen
    for chart in data.charts:
        for booked in chart.appointments:
            day = (pen.calendar.local(booked.start.at).date() - pen.calendar.today).days
            operates = booked.service in data.site.paper.theatre_services
            if operates and booked.state != "cancelled" and 0 <= day < _DAYS:
                yield _operation(chart, booked, day, data, pen)


def _operation(
    chart: PatientChart, booked: Appointment, day: int, data: HouseData, pen: Pen
) -> WantedRow:
    reason = (pen.sent(booked.reason),) if booked.reason else ()
    return WantedRow(
        kind=OPERATION,
        who=_named(chart, 1, _about(chart, pen)),
        facts=(
            Cell(OPERATION, 0, (pen.calendar.clock(booked.start.at), shown(booked.place))),
            Cell(OPERATION, 2, (*reason, shown(booked.who))),
            *_allergies(chart, 4, pen),
            *_blood(chart, data.site.paper.blood_group_codes, 5, pen),
        ),
        group=day,
    )


def _emergency(data: HouseData, write: Writing) -> Rows:
    for ward in data.wards:
        for chart in ward.charts:
            yield _lying(chart, ward, write.pen)
    yield from _arrivals(data, write.pen)
    yield from _book(data, write, 2)


def _lying(chart: PatientChart, ward: HouseWard, pen: Pen) -> WantedRow:
    return WantedRow(
        kind=PATIENT,
        who=(*_named(chart, 0), Cell(PATIENT, 2, (shown(chart.record),))),
        facts=(
            Cell(PATIENT, 1, (birth_date(chart, pen),)),
            Cell(BED, 3, (shown(ward.summary.ward), bed(chart, pen))),
        ),
        group=0,
    )


def _arrivals(data: HouseData, pen: Pen) -> Rows:
    not_here = {EncounterState.CANCELLED, EncounterState.PREADMITTED}
    for chart in data.charts:
        for stay in chart.encounters:
            came = stay.admitted.value if stay.admitted else None
            if came is None or stay.state.value in not_here:
                continue
            if data.now - DAY < came.at <= data.now:
                yield WantedRow(
                    kind=ARRIVAL,
                    who=(*_named(chart, 0), Cell(PATIENT, 2, (shown(chart.record),))),
                    facts=(Cell(ARRIVAL, 4, (pen.calendar.moment(came),)),),
                    group=1,
                )


def _cards(data: HouseData, write: Writing) -> Rows:
    yield from _book(data, write, 0)


def _book(data: HouseData, write: Writing, group: int) -> Rows:
    pen, paper = write.pen, data.site.paper
    for chart in data.charts:
        facts = [
            *_allergies_known(chart, write),
            *_blood(chart, paper.blood_group_codes, 2, pen),
            *(Cell(STATUS, 5, (shown(each.text),)) for each in chart.code_status),
        ]
        if paper.sort_known_facts:
            facts += _sorted(chart, data, pen)
        yield WantedRow(
            kind=PATIENT,
            who=_named(chart, 0, _about(chart, pen)),
            facts=tuple(facts),
            group=group,
        )


def _sorted(chart: PatientChart, data: HouseData, pen: Pen) -> Iterator[Cell]:
    """Yield what the site's rules sort out of orders and problems."""
    for order in standing(chart, data.site.rules, data.now):
        if risk_of(order) == ANTICOAGULANT:
            yield Cell(ORDER, 2, order_words(order))
    for title, column in ((IMPLANTS, 3), (DIALYSIS, 3), (IMMUNOSUPPRESSION, 4)):
        for problem in problems_of(title, chart):
            yield Cell(PROBLEM, column, (pen.coded(problem.coding),))


def _allergies_known(chart: PatientChart, write: Writing) -> Iterator[Cell]:
    """Yield every allergy, else who said that there are none, else that nobody did."""
    pen, known = write.pen, chart.allergies
    for item in known.items:
        yield Cell(ALLERGY, 1, (tell_allergy(item, pen),))
    for source in known.none_known:
        yield Cell(ALLERGY, 1, (pen.said_by(source),))
    if not known.items and not known.none_known:
        fed = write.fresh.fed(Stream.ALLERGIES)
        ask = pen.say("ALLERGIES: NOT RECORDED: ASK") if fed else pen.say("NOT FED")
        yield Cell(ALLERGY, 1, (ask,))


def _named(chart: PatientChart, column: int, *more: str) -> tuple[Cell, ...]:
    return (Cell(PATIENT, column, (surname_of(chart), *more)),)


def _about(chart: PatientChart, pen: Pen) -> str:
    """Return birth and number as one word: a namesake's number stands in the alert beside."""
    _, birth, number = person(chart, pen)
    return f"{birth} {number}"


def _in_bed(chart: PatientChart, ward: HouseWard, column: int, pen: Pen) -> Iterator[Cell]:
    yield Cell(BED, TITLE, (shown(ward.summary.ward),))
    yield Cell(BED, column, (bed(chart, pen),))


def _allergies(chart: PatientChart, column: int, pen: Pen) -> Iterator[Cell]:
    """Yield the state where none is listed, and each allergy that a box surely has room for."""
    if chart.allergies.state is not AllergyState.LISTED:
        yield Cell(ALLERGY, column, (allergy_box(chart, pen).state,))
    for told in _with_room(chart.allergies.items, pen):
        yield Cell(ALLERGY, column, (told,))


def _with_room(items: tuple[Allergy, ...], pen: Pen) -> Iterator[str]:
    taken = 0
    for told in dict.fromkeys(tell_allergy(item, pen) for item in items):
        taken += len(told) + _SEPARATORS
        if taken <= LONGEST_BOX:
            yield told


_KINDS: Mapping[PackKind, Callable[[HouseData, Writing], Rows]] = {
    PackKind.PHARMACY: _pharmacy,
    PackKind.LABORATORY: _laboratory,
    PackKind.THEATRE: _theatre,
    PackKind.EMERGENCY: _emergency,
    PackKind.KITCHEN: _kitchen,
    PackKind.FRONT_DESK: _front_desk,
    PackKind.CARDS: _cards,
}
