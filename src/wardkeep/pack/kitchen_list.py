"""The kitchen's list: diets and allergies by room, and nothing else that is clinical."""

from __future__ import annotations

from wardkeep.chart.model import AllergyState, PatientChart
from wardkeep.hospital.streams import Stream
from wardkeep.pack.freshness import Freshness
from wardkeep.pack.front_desk_list import birth_date
from wardkeep.pack.identity import allergy_box, bed, given, surname
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
from wardkeep.paper.forms import Entry
from wardkeep.paper.list_forms import ListGroup, ListRow


def kitchen_list(data: HouseData, write: Writing) -> Contents:
    """Return who eats what, ward by ward in the order of the rooms."""
    pen = write.pen
    return Contents(
        title=pen.say("KITCHEN: DIETS AND ALLERGIES"),
        counts=pen.say("{count} patients", count=sum(len(w.charts) for w in data.wards)),
        streams=(Stream.ADMISSIONS, Stream.DIET, Stream.ALLERGIES),
        notes=(
            pen.say(
                "No diet recorded is not a normal diet: ask the ward before a tray goes out."
            ),
        ),
        groups=tuple(_group(ward, pen) for ward in data.wards if ward.charts),
    )


def _group(ward: HouseWard, pen: Pen) -> ListGroup:
    fed = Freshness(ward.streams, ward.summary, pen).fed(Stream.DIET)
    unsaid = pen.say("DIET NOT RECORDED: ASK") if fed else pen.say("DIET NOT FED: ASK")
    return ListGroup(
        title=ward_title(ward, pen),
        columns=(
            pen.say("Bed"),
            pen.say("Patient"),
            pen.say("Diet"),
            pen.say("Allergies"),
            pen.say("Tray: changed by the ward"),
        ),
        rows=tuple(_row(chart, unsaid, pen) for chart in ward.charts),
    )


def _row(chart: PatientChart, unsaid: str, pen: Pen) -> ListRow:
    diet = pen.sent(chart.diet.value) if chart.diet else ""
    return row(
        said(bed(chart, pen), strong=True),
        said(f"{surname(chart, pen)}, {given(chart, pen)}", birth_date(chart, pen)),
        said(diet or unsaid, strong=not diet),
        allergies(chart, pen),
        (),
    )


def allergies(chart: PatientChart, pen: Pen) -> tuple[Entry, ...]:
    """Return a cell with the allergies, bold where there is anything to ask or to avoid."""
    box = allergy_box(chart, pen)
    state = "" if chart.allergies.state is AllergyState.LISTED else box.state
    strong = chart.allergies.state is not AllergyState.NONE_KNOWN
    return said(" ".join(part for part in (state, box.text) if part), strong=strong)
