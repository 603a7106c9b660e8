"""The theatres' pack: operations by time, with allergies and what is known of the blood.

The side is no fact that a feed sends apart: it stands in the procedure's words, if at all. One
read out of words by a program would be believed, so that it is asked and marked by hand.
"""

from __future__ import annotations

from datetime import timedelta

from wardkeep.chart.model import Appointment, PatientChart
from wardkeep.hospital.streams import Stream
from wardkeep.pack.front_desk_list import person
from wardkeep.pack.identity import isolation, place
from wardkeep.pack.kitchen_list import allergies
from wardkeep.pack.known_facts import anticoagulants
from wardkeep.pack.pen import Pen
from wardkeep.pack.transfusion import transfusion
from wardkeep.pack.whole_house import Contents, HouseData, Writing, row, said
from wardkeep.paper.list_forms import ListGroup, ListRow

_STREAMS = (
    Stream.ADMISSIONS,
    Stream.APPOINTMENTS,
    Stream.ALLERGIES,
    Stream.MEDICATION_ORDERS,
    Stream.LABORATORY,
)
_DAYS = 2
"""Today and tomorrow: what is booked later can wait for the next pack."""


def theatre_pack(data: HouseData, write: Writing) -> Contents:
    """Return today's and tomorrow's operations, each day by time."""
    pen = write.pen
    booked = sorted(_booked(data), key=lambda each: (each[0].start.at, each[0].appointment))
    return Contents(
        title=pen.say("THEATRES: OPERATIONS BY TIME"),
        counts=pen.say("{count} operations today and tomorrow", count=_shown(booked, pen)),
        streams=_STREAMS,
        notes=(
            pen.say("The side is not fed: read the procedure, ask the patient, mark it here."),
        ),
        groups=tuple(_day(booked, days, data, write) for days in range(_DAYS)),
    )


Booked = tuple[Appointment, PatientChart]


def _booked(data: HouseData) -> list[Booked]:
    services = set(data.site.paper.theatre_services)
    return [
        (each, chart)
        for chart in data.charts
        for each in chart.appointments
        if each.service in services and each.state != "cancelled"
    ]


def _days_ahead(each: Booked, pen: Pen) -> int:
    return (pen.calendar.local(each[0].start.at).date() - pen.calendar.today).days


def _shown(booked: list[Booked], pen: Pen) -> int:
    return sum(0 <= _days_ahead(each, pen) < _DAYS for each in booked)


def _day(booked: list[Booked], days: int, data: HouseData, write: Writing) -> ListGroup:
    pen = write.pen
    day = pen.calendar.today + timedelta(days=days)
    rows = tuple(_row(each, data, write) for each in booked if _days_ahead(each, pen) == days)
    return ListGroup(
        title=f"{pen.calendar.weekday(day.isoweekday())} {pen.calendar.day(day)}",
        note="" if rows else _none(data, write),
        columns=(
            pen.say("Time, place"),
            pen.say("Patient"),
            pen.say("Procedure, surgeon"),
            pen.say("Side: NOT FED. Mark"),
            pen.say("Allergies"),
            pen.say("Blood, anticoagulants, isolation"),
        ),
        rows=rows,
    )


def _none(data: HouseData, write: Writing) -> str:
    pen = write.pen
    if not data.site.paper.theatre_services:
        return pen.say("NOT FED: the settings name no service that operates")
    if not write.fresh.fed(Stream.APPOINTMENTS):
        return pen.say("NOT FED")
    return pen.say("no operation is booked here")


def _row(each: Booked, data: HouseData, write: Writing) -> ListRow:
    pen, fresh = write.pen, write.fresh
    appointment, chart = each
    name, birth, number = person(chart, pen)
    who = pen.sent(appointment.who) or pen.say("surgeon NOT RECORDED")
    lies = place(chart, pen) if chart.current else pen.say("lies in no bed")
    blood = transfusion(chart, data.site.paper, fresh, pen)
    thinned = anticoagulants(chart, data.site, fresh, pen)
    isolated = pen.say("Isolation: {isolation}", isolation=isolation(chart, fresh, pen))
    when = pen.calendar.clock(appointment.start.at)
    if appointment.state != "booked":
        when = f"{when} ({pen.sent(appointment.state)})"
    return row(
        (*said(when, strong=True), *said(pen.sent(appointment.place))),
        (*said(name, strong=True), *said(birth, number, lies)),
        (
            *said(
                pen.sent(appointment.reason) or pen.say("procedure NOT RECORDED"), strong=True
            ),
            *said(who),
        ),
        said(pen.say("L ☐   R ☐")),
        allergies(chart, pen),
        (*blood, *thinned, *said(isolated)),
    )
