"""The pharmacy's pack: every active order by ward, high-risk first, then those to clarify."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import msgspec

from wardkeep.chart.model import FlagKind, MedicationOrder, PatientChart
from wardkeep.hospital.streams import Stream
from wardkeep.pack.freshness import Freshness
from wardkeep.pack.front_desk_list import birth_date, person
from wardkeep.pack.high_risk import risk_of
from wardkeep.pack.identity import bed
from wardkeep.pack.kitchen_list import allergies
from wardkeep.pack.mar import left_over, standing
from wardkeep.pack.medication_lines import in_doubt, order_line
from wardkeep.pack.medicines import Medicine, Round, medicines
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
from wardkeep.paper.forms import Line
from wardkeep.paper.list_forms import ListGroup, ListRow
from wardkeep.paper.words import N_

_UNCLEAR = {
    FlagKind.LOST_CHARACTERS,
    FlagKind.TIMING_UNREADABLE,
    FlagKind.POSSIBLE_DUPLICATE,
    FlagKind.NO_DRUG_NAMED,
    FlagKind.CHANGE_REFUSED,
    FlagKind.OLDER_PARTS,
    FlagKind.DOSE_WITHOUT_UNIT,
}
_HIGH_RISK = N_("HIGH-RISK MEDICINES")
_TO_CLARIFY = N_("TO CLARIFY WITH THE WARD")
_OTHERS = N_("ALL OTHER ACTIVE ORDERS")


class _Ordered(msgspec.Struct, frozen=True):
    """One order of one patient, and where it stands on the list."""

    patient: PatientChart
    order: MedicationOrder
    line: Line
    part: str
    why: str = ""


def pharmacy_pack(data: HouseData, write: Writing) -> Contents:
    """Return the active orders of each ward in three parts; each order stands in one."""
    pen = write.pen
    groups = [group for ward in data.wards for group in _groups(ward, data, pen)]
    count = sum(len(group.rows) for group in groups)
    return Contents(
        title=pen.say("PHARMACY: ACTIVE ORDERS BY WARD"),
        counts=pen.say("{count} orders", count=count),
        streams=(Stream.ADMISSIONS, Stream.MEDICATION_ORDERS, Stream.ALLERGIES),
        notes=(pen.say("Doses given do not stand here: they are on the wards' records."),),
        groups=groups,
    )


def _groups(ward: HouseWard, data: HouseData, pen: Pen) -> Iterator[ListGroup]:
    fresh = Freshness(ward.streams, ward.summary, pen)
    title = ward_title(ward, pen)
    if not fresh.fed(Stream.MEDICATION_ORDERS):
        note = pen.say(
            "NOT FED: no system sends this ward's orders. Copy them from their source."
        )
        yield ListGroup(title=title, note=note, columns=())
        return
    found = [each for chart in ward.charts for each in _ordered(chart, ward, data, pen)]
    for part in (_HIGH_RISK, _TO_CLARIFY, _OTHERS):
        rows = tuple(_row(each, pen) for each in found if each.part == part)
        if rows or part == _OTHERS:
            yield ListGroup(
                title=f"{title}: {pen.say(part)}",
                within=title,
                note="" if rows else pen.say("no order"),
                columns=_columns(pen),
                rows=rows,
            )


def _columns(pen: Pen) -> tuple[str, ...]:
    return (
        pen.say("Bed"),
        pen.say("Patient"),
        pen.say("Allergies"),
        pen.say("Dose, medicine"),
        pen.say("Route, times"),
        pen.say("Remarks"),
    )


def _ordered(
    chart: PatientChart, ward: HouseWard, data: HouseData, pen: Pen
) -> Iterable[_Ordered]:
    round_ = Round(
        rules=data.site.rules,
        columns=(),
        end=data.now,
        computed=False,
        doses_fed=False,
        declared=data.declared(ward.summary.ward),
        look_alikes=data.look_alikes,
        paper=data.site.paper,
    )
    known = medicines(chart.orders, (), round_, data.now)
    doubts = [each for each in known if in_doubt(each.order)]
    for medicine in (*standing(known), *left_over(known, data.now)[0], *doubts):
        yield _Ordered(
            chart,
            medicine.order,
            order_line(medicine, round_, pen),
            _part(medicine),
            _why(medicine, pen),
        )


def _part(medicine: Medicine) -> str:
    order = medicine.order
    kinds = {flag.kind for flag in order.flags}
    if in_doubt(order) or FlagKind.EARLIER_STAY in kinds:
        return _TO_CLARIFY
    if risk_of(order):
        return _HIGH_RISK
    return _TO_CLARIFY if kinds & _UNCLEAR else _OTHERS


def _why(medicine: Medicine, pen: Pen) -> str:
    """Return why an order is to be clarified where its line does not say it."""
    kinds = {flag.kind for flag in medicine.order.flags}
    if in_doubt(medicine.order):
        return pen.say("NOT CLEAR WHETHER IT STANDS: ASK A DOCTOR")
    if FlagKind.EARLIER_STAY in kinds:
        return pen.say("ORDERED IN AN EARLIER STAY, NEVER ENDED: ASK A DOCTOR")
    if FlagKind.LOST_CHARACTERS in kinds:
        return pen.say("AS SENT: PHARMACIST TO CONFIRM")
    if FlagKind.POSSIBLE_DUPLICATE in kinds:
        return pen.say("CHECK: ONE ORDER OR TWO?")
    return ""


def _row(each: _Ordered, pen: Pen) -> ListRow:
    name, _, number = person(each.patient, pen)
    # Two lines: a third on each of nine thousand rows would be two hundred pages.
    born = birth_date(each.patient, pen)
    line = each.line
    told = (line.risk, each.why, *line.warnings)
    warnings = said(" · ".join(part for part in told if part), strong=True)
    return row(
        said(bed(each.patient, pen), strong=True),
        (*said(name, strong=True), *said(f"{born} · {number}")),
        allergies(each.patient, pen),
        said(f"{line.dose} {line.drug}", strong=True),
        said(line.how),
        (*warnings, *said(*line.details)),
        heavy=bool(line.risk),
    )
