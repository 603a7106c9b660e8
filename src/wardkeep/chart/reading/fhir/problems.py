"""Condition: diagnoses and problems, and whether they are over."""

from __future__ import annotations

from wardkeep.chart.change import Fields, Section
from wardkeep.chart.reading.fhir.telling import Telling
from wardkeep.chart.reading.fhir.words import chosen, coded, codes, system_name
from wardkeep.hospital.streams import Stream
from wardkeep.wire.fhir.values import Resource, part, parts, text

_OVER = {"inactive", "remission", "resolved"}
_GONE = {"refuted", "entered-in-error"}
_KIND = "HL70052"
"""Diagnosis type as DG1-6 has it; other categories say where a problem was listed."""


def read_condition(telling: Telling) -> None:
    """Say a problem; a refuted one is gone."""
    resource = telling.resource
    telling.speaker.hears(Stream.PROBLEMS)
    if not telling.subject():
        return
    code, shown, system = coded(part(resource, "code"))
    if not (code or shown) or not telling.own:
        telling.fault("a condition without a name, or without an id")
        return
    gone = bool(codes(part(resource, "verificationStatus")) & _GONE)
    fields: Fields = {"code": code, "text": shown, "system": system, "kind": _kind(resource)}
    over = codes(part(resource, "clinicalStatus")) & _OVER
    over_by_time = "abatementDateTime" in resource
    fields["active"] = "no" if over or over_by_time else "yes"
    fields["listed"] = None if gone else "yes"
    onset = text(resource, "onsetDateTime") or text(part(resource, "onsetPeriod"), "start")
    telling.put_moment(fields, "since", onset)
    telling.say(Section.PROBLEM, telling.own, fields)


def withdraw_condition(telling: Telling) -> None:
    """Say that a problem is listed no longer."""
    telling.say(Section.PROBLEM, telling.own, {"listed": None})


def _kind(resource: Resource) -> str:
    for each in parts(resource, "category"):
        coding = chosen(each)
        if system_name(text(coding, "system")) == _KIND:
            return text(coding, "code")
    return ""
