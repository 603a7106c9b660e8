"""The laboratory's pack: what each ward waits for, whom to ring there, and the last results."""

from __future__ import annotations

from wardkeep.chart.model import PatientChart, PendingOrder, ResultSeries, ResultState
from wardkeep.hospital.site import Site
from wardkeep.hospital.streams import Stream
from wardkeep.pack.census import telephones
from wardkeep.pack.freshness import Freshness
from wardkeep.pack.front_desk_list import person
from wardkeep.pack.identity import bed
from wardkeep.pack.pen import Pen
from wardkeep.pack.summary import tell_order, tell_specimen
from wardkeep.pack.transfusion import told_of
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

_STREAMS = (Stream.ADMISSIONS, Stream.LABORATORY, Stream.ORDERS, Stream.SPECIMENS)


def laboratory_pack(data: HouseData, write: Writing) -> Contents:
    """Return who has a specimen, an order or a result, ward by ward with its direct lines."""
    pen = write.pen
    charts = [chart for ward in data.wards for chart in ward.charts]
    specimens = sum(len(chart.pending_specimens) for chart in charts)
    return Contents(
        title=pen.say("LABORATORY: PENDING SPECIMENS AND ORDERS"),
        counts=pen.say("{count} specimens without a final result", count=specimens),
        streams=_STREAMS,
        notes=(
            pen.say(
                "Identify specimen and patient by two facts: a number alone may be misread."
            ),
        ),
        groups=tuple(_group(ward, data, write) for ward in data.wards),
    )


def _group(ward: HouseWard, data: HouseData, write: Writing) -> ListGroup:
    pen, site = write.pen, data.site
    declared = data.declared(ward.summary.ward)
    lines = "  ".join(telephones(declared, pen))
    fresh = Freshness(ward.streams, ward.summary, pen)
    rows = tuple(
        _row(chart, site, fresh, pen) for chart in ward.charts if _concerned(chart, site)
    )
    none = "" if rows else pen.say("nothing pending, no result")
    return ListGroup(
        title=ward_title(ward, pen),
        note=" · ".join(
            part for part in (pen.say("Direct lines: {lines}", lines=lines), none) if part
        ),
        columns=(
            pen.say("Bed"),
            pen.say("Patient"),
            pen.say("Specimens taken"),
            pen.say("Orders"),
            pen.say("Last results"),
        ),
        rows=rows,
    )


def _concerned(chart: PatientChart, site: Site) -> bool:
    return bool(chart.pending_specimens or _orders(chart, site) or chart.results)


def _orders(chart: PatientChart, site: Site) -> list[PendingOrder]:
    return [
        order
        for order in chart.pending_orders
        if order.section not in site.rules.imaging_sections
    ]


def _none(stream: Stream, fresh: Freshness, pen: Pen) -> tuple[Entry, ...]:
    """Return what stands where nothing is known: that is no "none" where nothing is fed."""
    if not fresh.fed(stream):
        return said(pen.say("NOT FED"), strong=True)
    return said(pen.say("none known here"))


def _row(chart: PatientChart, site: Site, fresh: Freshness, pen: Pen) -> ListRow:
    name, birth, number = person(chart, pen)
    paper = site.paper
    groups = [
        f"{told} · {pen.say('NOT FOR ISSUE')}"
        for told in told_of(chart, paper.blood_group_codes, pen)
    ]
    results = [
        _last(series, pen)
        for series in chart.results
        if series.results and series.coding.code not in paper.blood_group_codes
    ]
    return row(
        said(bed(chart, pen), strong=True),
        (*said(name, strong=True), *said(birth, number)),
        said(*(tell_specimen(each, pen) for each in chart.pending_specimens))
        or _none(Stream.SPECIMENS, fresh, pen),
        said(*(tell_order(each, pen) for each in _orders(chart, site)))
        or _none(Stream.ORDERS, fresh, pen),
        (*said(*groups, strong=True), *said("; ".join(results)))
        or _none(Stream.LABORATORY, fresh, pen),
    )


def _last(series: ResultSeries, pen: Pen) -> str:
    """Return the newest value of an analysis with unit, mark and time."""
    newest = series.results[0]
    value = pen.sent(newest.value) or pen.say("NO VALUE SENT")
    if newest.state is ResultState.WITHDRAWN:
        value = pen.say("WITHDRAWN")
    mark = f"[{pen.sent(newest.abnormal)}]" if newest.abnormal not in {"", "N"} else ""
    when = pen.calendar.moment(newest.at) if newest.at else pen.say("time NOT RECORDED")
    parts = (pen.coded(series.coding), value, pen.sent(newest.unit), mark, f"({when})")
    return " ".join(part for part in parts if part)
