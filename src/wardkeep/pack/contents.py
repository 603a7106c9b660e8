"""All sheets of one ward from its charts: a pure value, ready for typesetting."""

from __future__ import annotations

from collections.abc import Sequence
from zoneinfo import ZoneInfo

import msgspec

from wardkeep.chart.model import PatientChart
from wardkeep.chart.ports import StreamStatus, Unread, WardSummary
from wardkeep.hospital.site import Site
from wardkeep.hospital.streams import Stream
from wardkeep.kernel.times import DAY
from wardkeep.pack.birth_alerts import birth_alerts
from wardkeep.pack.census import Lying, ward_sheet
from wardkeep.pack.chart_codes import chart_codes
from wardkeep.pack.events import PackHeld
from wardkeep.pack.freshness import MAR_STREAMS, SUMMARY_STREAMS, Freshness
from wardkeep.pack.from_paper import FromPaper, marked_as_rebuilt
from wardkeep.pack.hand_over import hand_over
from wardkeep.pack.identity import (
    alerts,
    allergy_box,
    bed,
    born,
    facts,
    given,
    numbers,
    place,
    surname,
)
from wardkeep.pack.mar import blocks, no_order, past, standing, to_ask_about
from wardkeep.pack.medicines import Medicine, Round, medicines
from wardkeep.pack.pen import Pen
from wardkeep.pack.summary import sections, trends
from wardkeep.pack.tall_man_names import LookAlikes
from wardkeep.pack.unfed_systems import unfed_systems
from wardkeep.pack.unread import may_hold_doses, unread_alerts, unread_feeds
from wardkeep.paper.calendar import Column
from wardkeep.paper.forms import PatientSheet, Section, WardPack, WardSheet
from wardkeep.paper.sheet_code import sheet_symbols
from wardkeep.paper.words import LABELS, Translate

# Pages a sheet may have, estimated from above: lines a page of the MAR, of the census.
_LINES_A_PAGE = 5
_BEDS_A_PAGE = 4
_SPARE_PAGES = 3

UNREAD_TOLD = 7 * DAY
"""Messages that could not be read are told for a week: by then somebody asked (own choice)."""


class WardData(msgspec.Struct, frozen=True, kw_only=True):
    """What a ward's pack is made of. `now` in UTC microseconds.

    `sheets` are random sheet numbers (wardkeep.paper.sheet_code): the ward's, then one a
    patient in the order of `charts`; `witness` tells the ledgers' heads.
    """

    charts: tuple[PatientChart, ...]
    streams: tuple[StreamStatus, ...]
    summary: WardSummary
    site: Site
    now: int
    sheets: tuple[str, ...]
    witness: str = ""
    unread: Unread = Unread()
    held: PackHeld | None = None
    """Why newer charts of the ward are not on its paper."""
    look_alikes: LookAlikes = ()
    copies: tuple[tuple[bytes, ...], ...] | None = None
    """What the codes of each patient's sealed chart hold, in the order of `charts`; none of a
    chart that is too large. None: the site prints no codes."""
    from_paper: FromPaper | None = None


def ward_pack(data: WardData, language: str, translate: Translate) -> WardPack:
    """Return the sheets of a ward in `language`, whose catalogue `translate` is."""
    zone = ZoneInfo(data.site.rules.timezone)
    pen = Pen(translate, language, zone, data.now)
    fresh = Freshness(data.streams, data.summary, pen, data.held)
    ward = _round(data, fresh, pen)
    found = [_medicines(patient, data.unread, ward, pen) for patient in data.charts]
    births = birth_alerts(data.charts, pen)
    lying = [
        Lying(
            patient,
            tuple(standing(orders)),
            tuple(past(orders, pen.now)[0]),
            to_ask_about(orders, pen.now),
            no_order(orders, pen),
            (*births.get(patient.record, ()), *unread_alerts(data.unread, patient, pen)),
        )
        for patient, orders in zip(data.charts, found, strict=True)
    ]
    top = ward_sheet(lying, data.summary, ward, fresh, pen)
    top = msgspec.structs.replace(top, unknown=(*unread_feeds(data.unread, pen), *top.unknown))
    patients = tuple(
        _patient(each, orders, sheet, ward, fresh, pen)
        for each, orders, sheet in zip(lying, found, data.sheets[1:], strict=True)
    )
    top, patients = _with_codes_or_from_them(top, patients, data, pen)
    utc = Pen(translate, language, ZoneInfo("UTC"), data.now).calendar.local(data.now)
    return WardPack(
        ward=pen.sent(data.summary.ward),
        language=language,
        words={key: pen.say(label) for key, label in LABELS.items()},
        built=pen.calendar.full(data.now),
        built_at=(utc.year, utc.month, utc.day, utc.hour, utc.minute, utc.second),
        witness=pen.sent(data.witness) or pen.say("ledger head not known"),
        columns=_hours(ward.columns, pen),
        ward_sheet=msgspec.structs.replace(
            top, codes=sheet_symbols(data.sheets[0], len(lying) // _BEDS_A_PAGE + _SPARE_PAGES)
        ),
        patients=patients,
    )


def _with_codes_or_from_them(
    top: WardSheet, patients: tuple[PatientSheet, ...], data: WardData, pen: Pen
) -> tuple[WardSheet, tuple[PatientSheet, ...]]:
    if data.copies is not None:
        patients = tuple(
            msgspec.structs.replace(each, copy=chart_codes(parts, pen))
            for each, parts in zip(patients, data.copies, strict=True)
        )
    if data.from_paper is not None:
        return marked_as_rebuilt(top, patients, data.from_paper, pen)
    return top, patients


def _round(data: WardData, fresh: Freshness, pen: Pen) -> Round:
    declared = next((ward for ward in data.site.wards if ward.code == data.summary.ward), None)
    columns = pen.calendar.columns()
    return Round(
        rules=data.site.rules,
        columns=columns,
        end=columns[-1].start + 3_600_000_000,
        computed=data.site.rules.compute_next_due and (declared is None or declared.next_due),
        doses_fed=fresh.fed(Stream.DOSES_GIVEN),
        doses_heard=fresh.heard(Stream.DOSES_GIVEN),
        orders_fed=fresh.fed(Stream.MEDICATION_ORDERS),
        declared=declared,
        look_alikes=data.look_alikes,
        paper=data.site.paper,
        systems=unfed_systems(data.site, data.summary.ward),
        beds={chart.record: bed(chart, pen) for chart in data.charts},
    )


def _hours(columns: Sequence[Column], pen: Pen) -> tuple[str, ...]:
    """Return the head of each hour; the first and each midnight say which day begins."""
    days = [pen.calendar.local(column.start).date() for column in columns]
    return tuple(
        f"{column.label}\n{day:%d/%m}" if place == 0 or day != days[place - 1] else column.label
        for place, (column, day) in enumerate(zip(columns, days, strict=True))
    )


def _medicines(patient: PatientChart, unread: Unread, ward: Round, pen: Pen) -> list[Medicine]:
    doubt = may_hold_doses(unread, patient, pen.now)
    return medicines(patient.orders, patient.doses, ward, pen.now, doubt=doubt)


def _patient(
    each: Lying,
    orders: Sequence[Medicine],
    sheet: str,
    ward: Round,
    fresh: Freshness,
    pen: Pen,
) -> PatientSheet:
    patient = each.patient
    told = trends(patient.results, ward.paper, pen)
    parts = blocks(patient, orders, ward, pen)
    lines = sum(len(part.lines) for part in parts)
    headings = sections(patient, ward.paper, fresh, pen)
    weights = [_weight(section) for section in headings]
    return PatientSheet(
        surname=surname(patient, pen),
        given=given(patient, pen),
        born=born(patient, pen),
        numbers=numbers(patient, pen),
        place=place(patient, pen),
        facts=facts(patient, fresh, pen),
        alerts=(*alerts(patient, pen, ward.beds), *each.further),
        allergies=allergy_box(patient, pen),
        as_of_mar=fresh.as_of(MAR_STREAMS),
        as_of_summary=fresh.as_of(SUMMARY_STREAMS),
        charted=fresh.charted(),
        hand_over=hand_over(fresh, pen),
        old=fresh.old(),
        codes=sheet_symbols(sheet, _pages(lines, len(told), sum(weights))),
        blocks=parts,
        sections=headings,
        split=_split(weights),
        trends=told,
        no_trends=""
        if told
        else pen.say("Laboratory: {state}", state=fresh.unsaid(Stream.LABORATORY)),
    )


def _pages(lines: int, trends_told: int, letters: int) -> int:
    """Return more pages than a patient's sheets have: each needs its own code."""
    return lines // _LINES_A_PAGE + trends_told // 16 + letters // 5000 + _SPARE_PAGES


def _weight(section: Section) -> int:
    """Return about how much room a section takes, in letters; a line of a column has 90."""
    return 180 + sum(max(90, len(entry.text) + len(entry.struck)) for entry in section.entries)


def _split(weights: Sequence[int]) -> int:
    """Return how many sections fill the left column, so that both end at about one height."""
    left = 0
    for count, weight in enumerate(weights):
        if left + weight / 2 > sum(weights) / 2:
            return count
        left += weight
    return len(weights)
