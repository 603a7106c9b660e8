"""The known-patient card: what must be known of one person, inpatient or not, on one sheet."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import msgspec

from wardkeep.chart.model import PatientChart
from wardkeep.hospital.streams import Stream
from wardkeep.pack.freshness import NAMES
from wardkeep.pack.identity import (
    alerts,
    allergy_box,
    born,
    default_rule,
    facts,
    given,
    numbers,
    place,
    surname,
)
from wardkeep.pack.known_facts import known_facts
from wardkeep.pack.pen import Pen
from wardkeep.pack.summary import tell_problems
from wardkeep.pack.unfed_systems import tell_systems, unfed_systems
from wardkeep.pack.whole_house import HouseData, Writing
from wardkeep.paper.forms import Entry, Section
from wardkeep.paper.list_forms import KnownPatientCard
from wardkeep.paper.sheet_code import sheet_symbols
from wardkeep.paper.words import LABELS

_STREAMS = (
    Stream.ADMISSIONS,
    Stream.ALLERGIES,
    Stream.PROBLEMS,
    Stream.CODE_STATUS,
    Stream.MEDICATION_ORDERS,
    Stream.LABORATORY,
)
_MOST_PAGES = 12
_LEFT = 4
"""Allergies, anticoagulants, transfusion and implants stand in the left column."""


def known_patient_card(
    chart: PatientChart, data: HouseData, language: str, write: Writing
) -> KnownPatientCard:
    """Return the card of `chart`, opened as `data` says."""
    pen, fresh = write.pen, write.fresh
    utc = Pen(write.translate, language, ZoneInfo("UTC"), data.now).calendar.local(data.now)
    return KnownPatientCard(
        language=language,
        words={key: pen.say(label) for key, label in LABELS.items()},
        built=pen.calendar.full(data.now),
        built_at=(utc.year, utc.month, utc.day, utc.hour, utc.minute, utc.second),
        witness=pen.sent(data.witness) or pen.say("ledger head not known"),
        surname=surname(chart, pen),
        given=given(chart, pen),
        born=born(chart, pen),
        numbers=numbers(chart, pen),
        place=place(chart, pen) if chart.current else pen.say("lies in no bed"),
        facts=facts(chart, fresh, pen),
        alerts=alerts(chart, pen),
        allergies=allergy_box(chart, pen),
        as_of=fresh.as_of(_STREAMS),
        old=fresh.old(),
        opened=data.tell_opened(pen),
        sections=_sections(chart, data, write),
        split=_LEFT,
        codes=sheet_symbols(data.sheet, _MOST_PAGES),
    )


def _sections(chart: PatientChart, data: HouseData, write: Writing) -> tuple[Section, ...]:
    pen, fresh = write.pen, write.fresh
    known = [
        Section(title=title, entries=tuple(entries))
        for title, entries in known_facts(chart, data.site, fresh, pen)
    ]
    if not chart.code_status:
        rule = Entry(text=default_rule(data.site.paper, pen), strong=True)
        known[-1] = msgspec.structs.replace(known[-1], entries=(*known[-1].entries, rule))
    problems = tell_problems(chart.problems, pen) or [
        Entry(text=fresh.unsaid(Stream.PROBLEMS), strong=True)
    ]
    unknown = [
        Entry(
            text=pen.say(
                "NOT FED: {stream}: no system sends it for this ward",
                stream=pen.say(NAMES[stream]),
            ),
            strong=True,
        )
        for stream in _STREAMS
        if not fresh.fed(stream)
    ]
    last = pen.say("Whatever was done or decided after the times above, or never charted")
    return (
        *known,
        Section(title=pen.say("Problems"), entries=tuple(problems)),
        Section(
            title=pen.say("What this pack cannot know"),
            entries=(
                *unknown,
                *tell_systems(unfed_systems(data.site), pen),
                Entry(text=last),
            ),
        ),
    )
