"""The emergency department's pack: who is where, who came lately, what is known of anybody."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from wardkeep.chart.model import Encounter, EncounterState, PatientChart
from wardkeep.chart.text import normal
from wardkeep.hospital.streams import Stream
from wardkeep.kernel.times import DAY
from wardkeep.pack.front_desk_list import birth_date, person
from wardkeep.pack.identity import alerts, default_rule, given, place, surname
from wardkeep.pack.known_facts import known_facts
from wardkeep.pack.pen import Pen
from wardkeep.pack.whole_house import Contents, HouseData, PackKind, Writing, row, said
from wardkeep.paper.forms import Entry
from wardkeep.paper.list_forms import ListGroup, ListRow

_STREAMS = (
    Stream.ADMISSIONS,
    Stream.ALLERGIES,
    Stream.PROBLEMS,
    Stream.CODE_STATUS,
    Stream.MEDICATION_ORDERS,
    Stream.LABORATORY,
)


def emergency_pack(data: HouseData, write: Writing) -> Contents:
    """Return where all lie, the arrivals of the last 24 h, and the known-patient book."""
    pen = write.pen
    return Contents(
        title=pen.say("EMERGENCY: WHO IS WHERE, WHO CAME, WHAT IS KNOWN"),
        counts=pen.say("{count} patients", count=len(data.charts)),
        streams=_STREAMS,
        notes=_notes(data, pen),
        groups=(_where(data, write), _arrivals(data, write), known_book(data, write)),
    )


def card_book(data: HouseData, write: Writing) -> Contents:
    """Return the known-patient cards of everybody in the index, as a book by name."""
    pen = write.pen
    return Contents(
        title=pen.say("KNOWN PATIENTS"),
        counts=pen.say("{count} patients", count=len(data.charts)),
        streams=_STREAMS,
        notes=_notes(data, pen),
        groups=(known_book(data, write),),
    )


def _notes(data: HouseData, pen: Pen) -> tuple[str, ...]:
    told = (
        data.tell_opened(pen) if data.kind is PackKind.CARDS else "",
        pen.say("NOT RECORDED never means none: ask."),
        default_rule(data.site.paper, pen),
    )
    return tuple(note for note in told if note)


def known_book(data: HouseData, write: Writing) -> ListGroup:
    """Return one row for each of the index, by name: facts with their source."""
    pen = write.pen
    charts = sorted(data.charts, key=lambda chart: _by_name(chart, pen))
    return ListGroup(
        title=pen.say("What is known of everybody in the index, by name"),
        note="" if charts else pen.say("Nobody is known here."),
        columns=(
            pen.say("Patient"),
            pen.say("Allergies"),
            pen.say("Anticoagulants, blood"),
            pen.say("Implants, dialysis"),
            pen.say("Immunosuppression"),
            pen.say("Code status"),
        ),
        rows=tuple(_known(chart, data, write) for chart in charts),
    )


def _by_name(chart: PatientChart, pen: Pen) -> tuple[str, str]:
    return normal(f"{surname(chart, pen)} {given(chart, pen)}"), chart.record


def _known(chart: PatientChart, data: HouseData, write: Writing) -> ListRow:
    pen = write.pen
    name, birth, number = person(chart, pen)
    told = known_facts(chart, data.site, write.fresh, pen)
    allergies, thinned, blood, implants, dialysis, suppressed, status = (
        entries for _, entries in told
    )
    return row(
        (
            *said(name, strong=True),
            *said(birth, number),
            *said(*alerts(chart, pen), strong=True),
        ),
        tuple(allergies),
        (*thinned, *blood),
        (*_under(told[3][0], implants), *_under(told[4][0], dialysis)),
        tuple(suppressed),
        tuple(status),
    )


def _under(title: str, entries: Sequence[Entry]) -> Iterator[Entry]:
    """Yield the entries, each after what it is about."""
    for entry in entries:
        yield Entry(text=f"{title.partition(',')[0]}: {entry.text}", strong=entry.strong)


def _where(data: HouseData, write: Writing) -> ListGroup:
    pen = write.pen
    found = sorted(
        ((_by_name(chart, pen), chart) for ward in data.wards for chart in ward.charts),
        key=lambda each: each[0],
    )
    return ListGroup(
        title=pen.say("Who is where, by name"),
        note="" if found else pen.say("Nobody is recorded in a bed."),
        columns=_columns(pen),
        rows=tuple(_lying(chart, pen) for _, chart in found),
    )


def _columns(pen: Pen) -> tuple[str, ...]:
    return (
        pen.say("Patient"),
        pen.say("Birth date"),
        pen.say("Record"),
        pen.say("Ward, bed"),
        pen.say("Arrived"),
        pen.say("Reason"),
    )


def _arrivals(data: HouseData, write: Writing) -> ListGroup:
    pen = write.pen
    found = [
        (stay.admitted.value.at, chart.record, chart, stay)
        for chart in data.charts
        for stay in chart.encounters
        if stay.admitted is not None
        and pen.now - DAY < stay.admitted.value.at <= pen.now
        and stay.state.value not in {EncounterState.CANCELLED, EncounterState.PREADMITTED}
    ]
    found.sort(key=lambda each: each[:2], reverse=True)
    return ListGroup(
        title=pen.say("Arrivals of the last 24 h, newest first"),
        note="" if found else pen.say("no arrival is recorded"),
        columns=_columns(pen),
        rows=tuple(_arrived(chart, stay, pen) for _, _, chart, stay in found),
    )


def _lying(chart: PatientChart, pen: Pen) -> ListRow:
    return _arrived(chart, chart.current, pen)


def _arrived(chart: PatientChart, stay: Encounter | None, pen: Pen) -> ListRow:
    known = stay.admitted if stay else None
    when = pen.calendar.moment(known.value) if known else pen.say("NOT RECORDED")
    reason = pen.sent(stay.reason.value) if stay and stay.reason else ""
    gone = stay is not None and stay.state.value is EncounterState.DISCHARGED
    lies = place(chart, pen) if chart.current else pen.say("lies in no bed")
    return row(
        said(f"{surname(chart, pen)}, {given(chart, pen)}", strong=True),
        said(birth_date(chart, pen)),
        said(pen.sent(chart.record)),
        (*said(lies, strong=True), *said(pen.say("has left") if gone else "")),
        said(when),
        said(reason or pen.say("NOT RECORDED")),
    )
