"""The summary of one patient: headings that are never empty, and the laboratory's trends."""

from __future__ import annotations

from collections.abc import Sequence

from wardkeep.chart.model import (
    Appointment,
    NextOfKin,
    PatientChart,
    PendingOrder,
    PendingSpecimen,
    Problem,
    Report,
    Result,
    ResultSeries,
    ResultState,
)
from wardkeep.chart.visit import own_id
from wardkeep.hospital.site import Paper
from wardkeep.hospital.streams import Stream
from wardkeep.pack.freshness import Freshness
from wardkeep.pack.identity import (
    default_rule,
    isolation,
    tell_allergy,
    tell_code_status,
    weight,
)
from wardkeep.pack.pen import Pen
from wardkeep.pack.transfusion import lines_of, transfusion
from wardkeep.paper.forms import Entry, Reading, Section, Trend
from wardkeep.paper.words import N_

_VALUES_SHOWN = 5
_LONGEST_REPORT = 1500
_MOST_REPORTS = 6
_NORMAL = {"", "N"}
_STATES: dict[ResultState, str] = {
    ResultState.PRELIMINARY: N_("preliminary"),
    ResultState.CORRECTED: N_("CORRECTED"),
    ResultState.WITHDRAWN: N_("WITHDRAWN"),
    ResultState.PENDING: N_("pending"),
}


def sections(
    patient: PatientChart, paper: Paper, fresh: Freshness, pen: Pen
) -> tuple[Section, ...]:
    """Return the headings in the order in which a doctor at night asks."""
    return tuple(
        Section(
            title=pen.say(title),
            entries=tuple(entries) or (Entry(text=fresh.unsaid(stream), strong=True),),
        )
        for title, entries, stream in _headings(patient, paper, fresh, pen)
    )


def _headings(
    patient: PatientChart, paper: Paper, fresh: Freshness, pen: Pen
) -> tuple[tuple[str, list[Entry], Stream], ...]:
    isolated = [Entry(text=isolation(patient, fresh, pen))]
    weighed = [Entry(text=weight(patient, fresh, pen))]
    return (
        (N_("Code status"), _code_status(patient, paper, fresh, pen), Stream.CODE_STATUS),
        (N_("Allergies, in full"), _allergies(patient, pen), Stream.ALLERGIES),
        (N_("Problems"), tell_problems(patient.problems, pen), Stream.PROBLEMS),
        (N_("Stay"), _stay(patient, pen), Stream.ADMISSIONS),
        (N_("Isolation"), isolated, Stream.ISOLATION),
        (N_("Diet"), _diet(patient, pen), Stream.DIET),
        (N_("Weight"), weighed, Stream.WEIGHT),
        (
            N_("Lines, catheters, drains"),
            lines_of(patient, paper, fresh, pen),
            Stream.LABORATORY,
        ),
        (
            N_("Transfusion: ask the blood bank"),
            transfusion(patient, paper, fresh, pen),
            Stream.LABORATORY,
        ),
        (N_("Pending orders"), _orders(patient.pending_orders, pen), Stream.ORDERS),
        (
            N_("Pending specimens: no final result yet"),
            _specimens(patient.pending_specimens, pen),
            Stream.SPECIMENS,
        ),
        (N_("Imaging and reports"), _reports(patient.reports, pen), Stream.IMAGING),
        (N_("Next of kin"), _kin(patient.next_of_kin, pen), Stream.ADMISSIONS),
        (N_("Appointments"), _appointments(patient.appointments, pen), Stream.APPOINTMENTS),
    )


def _code_status(
    patient: PatientChart, paper: Paper, fresh: Freshness, pen: Pen
) -> list[Entry]:
    found = []
    if not patient.code_status:
        unsaid = f"{fresh.unsaid(Stream.CODE_STATUS)}. {default_rule(paper, pen)}"
        found.append(Entry(text=unsaid, strong=True))
    for status in patient.code_status:
        scope = (
            pen.say("visit {visit}", visit=pen.sent(own_id(status.scope) or status.scope))
            if status.scope
            else ""
        )
        told = " · ".join(part for part in (tell_code_status(status, pen), scope) if part)
        found.append(Entry(text=told, strong=True))
        if status.from_merged:
            record = pen.sent(status.record)
            told = pen.say(
                "FROM THE MERGED RECORD {record}: confirm before relying on it", record=record
            )
            found.append(Entry(text=told, strong=True))
    return found


def _allergies(patient: PatientChart, pen: Pen) -> list[Entry]:
    items = [
        Entry(text=f"{tell_allergy(item, pen)} [{pen.said_by(item.source)}]")
        for item in patient.allergies.items
    ]
    none = [
        Entry(text=pen.say("NONE KNOWN says {source}", source=pen.said_by(source)))
        for source in patient.allergies.none_known
    ]
    return items + none


def tell_problems(problems: Sequence[Problem], pen: Pen) -> list[Entry]:
    """Return one line a problem, with its code, since when, and whether it has ended."""
    found = []
    for problem in problems:
        since = (
            pen.say("since {when}", when=pen.calendar.moment(problem.since))
            if problem.since
            else ""
        )
        ended = "" if problem.active else pen.say("no longer active")
        parts = (
            pen.coded(problem.coding),
            pen.sent(problem.coding.code) if problem.coding.text else "",
            since,
            ended,
        )
        found.append(Entry(text=" · ".join(part for part in parts if part)))
    return found


def _stay(patient: PatientChart, pen: Pen) -> list[Entry]:
    stay = patient.current
    if stay is None:
        return []
    parts = [
        pen.say("admitted {when}", when=pen.calendar.moment(stay.admitted.value))
        if stay.admitted
        else "",
        pen.sent(stay.reason.value) if stay.reason else "",
        pen.sent(stay.service.value) if stay.service else "",
        pen.say(
            "expected to leave {when}", when=pen.calendar.moment(stay.expected_discharge.value)
        )
        if stay.expected_discharge
        else "",
    ]
    told = " · ".join(part for part in parts if part)
    return [Entry(text=told)] if told else []


def _diet(patient: PatientChart, pen: Pen) -> list[Entry]:
    return [Entry(text=pen.sent(patient.diet.value))] if patient.diet else []


def _orders(orders: Sequence[PendingOrder], pen: Pen) -> list[Entry]:
    return [Entry(text=tell_order(order, pen)) for order in orders]


def tell_order(order: PendingOrder, pen: Pen) -> str:
    """Return a pending order: what, where, how urgent, for when, by whom."""
    due = pen.say("for {when}", when=pen.calendar.moment(order.due)) if order.due else ""
    parts = (
        pen.coded(order.coding),
        pen.sent(order.section),
        pen.sent(order.priority),
        due,
        pen.sent(order.requester),
    )
    return " · ".join(part for part in parts if part)


def _specimens(specimens: Sequence[PendingSpecimen], pen: Pen) -> list[Entry]:
    return [Entry(text=tell_specimen(specimen, pen)) for specimen in specimens]


def tell_specimen(specimen: PendingSpecimen, pen: Pen) -> str:
    """Return a pending specimen: for what, of what, when taken, its number."""
    taken = specimen.collected
    when = pen.calendar.moment(taken) if taken else pen.say("time NOT RECORDED")
    parts = (
        pen.coded(specimen.coding),
        pen.sent(specimen.kind),
        pen.say("taken {when}", when=when),
        pen.sent(specimen.specimen),
    )
    return " · ".join(part for part in parts if part)


def _reports(reports: Sequence[Report], pen: Pen) -> list[Entry]:
    found = []
    for report in reports[:_MOST_REPORTS]:
        when = pen.calendar.moment(report.at) if report.at else pen.say("time NOT RECORDED")
        state = pen.say(_STATES[report.state]) if report.state in _STATES else ""
        head = (pen.coded(report.coding), when, state)
        found.append(Entry(text=" · ".join(part for part in head if part), strong=True))
        if report.state is ResultState.WITHDRAWN:
            found.append(Entry(text="", struck=pen.sent(report.text, _LONGEST_REPORT)))
        else:
            found.append(Entry(text=pen.sent(report.text, _LONGEST_REPORT)))
    if len(reports) > _MOST_REPORTS:
        more = len(reports) - _MOST_REPORTS
        found.append(Entry(text=pen.say("{count} older reports are not printed", count=more)))
    return found


def _kin(kin: Sequence[NextOfKin], pen: Pen) -> list[Entry]:
    found = []
    for person in kin:
        name = f"{pen.sent(person.name.family)} {pen.sent(person.name.given)}".strip()
        calls = ", ".join(pen.sent(each.number) for each in person.telephones)
        parts = (name, pen.sent(person.relation), calls or pen.say("telephone NOT RECORDED"))
        found.append(Entry(text=" · ".join(part for part in parts if part)))
    return found


def _appointments(appointments: Sequence[Appointment], pen: Pen) -> list[Entry]:
    found = []
    for each in appointments:
        if each.start.at < pen.now or each.state == "cancelled":
            continue
        calls = ", ".join(pen.sent(number.number) for number in each.telephones)
        parts = (
            pen.calendar.moment(each.start),
            pen.sent(each.service),
            pen.sent(each.reason),
            pen.sent(each.place),
            pen.sent(each.who),
            calls,
        )
        found.append(Entry(text=" · ".join(part for part in parts if part)))
    return found


def trends(series: Sequence[ResultSeries], paper: Paper, pen: Pen) -> tuple[Trend, ...]:
    """Return one row an analysis: the last value and the four before it, each with its time.

    Blood groups are left out: they stand under transfusion, NOT FOR ISSUE.
    """
    elsewhere = {*paper.blood_group_codes, *paper.antibody_codes, *paper.line_codes}
    return tuple(
        _trend(each, pen)
        for each in series
        if each.results and each.coding.code not in elsewhere
    )


def _trend(series: ResultSeries, pen: Pen) -> Trend:
    newest = series.results[0]
    about = " ".join(
        part
        for part in (
            pen.sent(newest.unit),
            pen.say("ref. {reference}", reference=pen.sent(newest.reference))
            if newest.reference
            else "",
        )
        if part
    )
    shown = [_reading(result, newest.unit, pen) for result in series.results[:_VALUES_SHOWN]]
    name = " ".join(
        part for part in (pen.coded(series.coding), pen.sent(series.specimen)) if part
    )
    return Trend(
        analysis=name, unit=about or pen.say("unit NOT RECORDED"), readings=tuple(shown)
    )


def _reading(result: Result, usual_unit: str, pen: Pen) -> Reading:
    withdrawn = result.state is ResultState.WITHDRAWN
    value = pen.sent(result.value) or pen.say("NO VALUE SENT")
    if result.unit != usual_unit:
        value += f" {pen.sent(result.unit)}"
    if result.abnormal not in _NORMAL:
        value += f" [{pen.sent(result.abnormal)}]"
    struck = [pen.sent(text) for text in result.corrected_from]
    state = pen.say(_STATES[result.state]) if result.state in _STATES else ""
    when = pen.calendar.moment(result.at) if result.at else pen.say("time NOT RECORDED")
    return Reading(
        value="" if withdrawn else value,
        when=" ".join(part for part in (when, state) if part),
        strong=result.abnormal not in _NORMAL,
        struck=", ".join([*struck, value] if withdrawn else struck),
    )
