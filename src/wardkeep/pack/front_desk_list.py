"""The front desk's list: who lies where, by name, and no clinical fact."""

from __future__ import annotations

from wardkeep.chart.model import PatientChart
from wardkeep.chart.text import normal
from wardkeep.hospital.streams import Stream
from wardkeep.pack.identity import bed, born, given, surname
from wardkeep.pack.pen import Pen
from wardkeep.pack.whole_house import (
    Contents,
    HouseData,
    HouseWard,
    Writing,
    row,
    said,
    ward_title,
)
from wardkeep.paper.list_forms import ListGroup, ListRow


def front_desk_list(data: HouseData, write: Writing) -> Contents:
    """Return everybody who lies in a bed, by name."""
    pen = write.pen
    return Contents(
        title=pen.say("FRONT DESK: WHO IS WHERE"),
        counts=pen.say("{count} patients", count=sum(len(w.charts) for w in data.wards)),
        streams=(Stream.ADMISSIONS,),
        notes=(
            pen.say(
                "A patient may not want to be found: ask the ward before you tell anybody."
            ),
            pen.say("Who is not on this list may have come or gone since, or be on no ward."),
        ),
        groups=(where_is(data, pen),),
    )


def where_is(data: HouseData, pen: Pen) -> ListGroup:
    """Return name, birth date, ward and bed of everybody in a bed, by name."""
    found = [
        (normal(f"{surname(chart, pen)} {given(chart, pen)}"), chart.record, chart, ward)
        for ward in data.wards
        for chart in ward.charts
    ]
    found.sort(key=lambda each: each[:2])
    return ListGroup(
        title=pen.say("By name"),
        note="" if found else pen.say("Nobody is recorded in a bed."),
        columns=(
            pen.say("Patient"),
            pen.say("Birth date"),
            pen.say("Ward"),
            pen.say("Bed"),
        ),
        rows=tuple(_row(chart, ward, pen) for _, _, chart, ward in found),
    )


def birth_date(chart: PatientChart, pen: Pen) -> str:
    """Return the birth date, without age and sex."""
    if chart.birth_date is None or not chart.birth_date.value:
        return pen.say("NOT RECORDED")
    return pen.sent(pen.calendar.birth(chart.birth_date.value))


def person(chart: PatientChart, pen: Pen) -> tuple[str, str, str]:
    """Return name, birth date with age and sex, and record number."""
    number = pen.say("Record {number}", number=pen.sent(chart.record))
    return f"{surname(chart, pen)}, {given(chart, pen)}", born(chart, pen), number


def _row(chart: PatientChart, ward: HouseWard, pen: Pen) -> ListRow:
    return row(
        said(f"{surname(chart, pen)}, {given(chart, pen)}", strong=True),
        said(birth_date(chart, pen)),
        said(ward_title(ward, pen)),
        said(bed(chart, pen), strong=True),
    )
