"""DiagnosticReport: findings in words, contained values, and which requests are answered.

A report of values alone is its Observations, which are read on their own; the report then only
says that a request is answered.
"""

from __future__ import annotations

from wardkeep.chart.cells import SEPARATOR
from wardkeep.chart.change import Fields, Section
from wardkeep.chart.findings import ResultState
from wardkeep.chart.reading.fhir.lessons import FILLER, order_number
from wardkeep.chart.reading.fhir.observations import STATES, say_values
from wardkeep.chart.reading.fhir.orders import order_key
from wardkeep.chart.reading.fhir.telling import Telling
from wardkeep.chart.reading.fhir.words import all_words, chosen, coded, entity
from wardkeep.chart.text import normal
from wardkeep.hospital.streams import Stream
from wardkeep.wire.fhir.values import Resource, part, parts, text

_FINAL = {"final", "amended", "corrected", "appended", "cancelled"}
"""What ends the waiting for a request, as OBR-25 F, C and X do."""


def read_report(telling: Telling) -> None:
    """Say a report: its words, its contained values, and the requests that it answers."""
    resource = telling.resource
    section = _section(resource)
    imaging = section in telling.rules.imaging_sections
    issued = text(resource, "issued")
    taken = text(resource, "effectiveDateTime") or text(
        part(resource, "effectivePeriod"), "start"
    )
    heard_at = telling.time(issued, taken)
    telling.speaker.hears(Stream.IMAGING if imaging else Stream.LABORATORY, heard_at)
    if not telling.subject():
        return
    state = STATES.get(text(resource, "status"))
    if state is None:
        telling.fault("a report whose status does not say whether it stands")
        state = ResultState.PRELIMINARY
    said = _text(resource)
    if said or imaging:
        _say_report(telling, said, state, (section, taken or issued))
    _say_contained(telling, state)
    _say_answered(telling)


def _section(resource: Resource) -> str:
    """Return the section (table 0074) of a report, of whichever category tells one."""
    found = [chosen(each) for each in parts(resource, "category")]
    return text(found[0], "code") if found else ""


def _text(resource: Resource) -> str:
    lines = [text(resource, "conclusion")]
    lines += [] if lines[0] else all_words(resource, "conclusionCode")
    for form in parts(resource, "presentedForm"):
        kind = text(form, "contentType") or text(form, "title") or "document"
        lines.append(f"[{kind}, {len(text(form, 'data'))} characters]")
    return "\n".join(filter(None, lines))


def _say_report(telling: Telling, said: str, state: ResultState, at: tuple[str, str]) -> None:
    resource = telling.resource
    code, shown, system = coded(part(resource, "code"))
    key = _key(telling)
    if not key:
        telling.fault("a report without a number or id")
        return
    section, taken = at
    gone = state is ResultState.WITHDRAWN
    fields: Fields = {
        "section": section,
        "report": "" if gone else said,
        "state": state.value,
        "imaging": "yes" if section in telling.rules.imaging_sections else "no",
        "code": code,
        "text": shown,
        "system": system,
    }
    telling.put_moment(fields, "at", taken)
    full = SEPARATOR.join((key, code or normal(shown)))
    event = telling.time(text(resource, "issued")) or telling.speaker.sent
    telling.say(Section.REPORT, full, fields, event)


def _key(telling: Telling) -> str:
    """Return the filler's number of a report, else its own name."""
    for each in parts(telling.resource, "identifier"):
        if text(chosen(part(each, "type")), "code") == FILLER:
            return entity(each, telling.speaker.feed, telling.rules)
    return order_number(telling.resource, telling.own, telling.speaker.feed, telling.rules)[0]


def _say_contained(telling: Telling, state: ResultState) -> None:
    for reference in parts(telling.resource, "result"):
        inside = telling.inside(reference)
        if inside.get("resourceType") == "Observation":
            told = STATES.get(text(inside, "status"), state)
            say_values(telling, _dated(inside, telling.resource), told)


def _dated(inside: Resource, report: Resource) -> Resource:
    """Return a contained value with the report's time where it has none of its own."""
    names = ("effectiveDateTime", "effectivePeriod", "effectiveInstant")
    if any(name in inside for name in names):
        return inside
    return {**inside, **{name: report[name] for name in names if name in report}}


def _say_answered(telling: Telling) -> None:
    resource = telling.resource
    if text(resource, "status") not in _FINAL:
        return
    code, shown, _ = coded(part(resource, "code"))
    filler = ""
    for each in parts(resource, "identifier"):
        if text(chosen(part(each, "type")), "code") == FILLER:
            filler = entity(each, telling.speaker.feed, telling.rules)
    keys = [order_key(telling, each) for each in parts(resource, "basedOn")]
    for key in dict.fromkeys(filter(None, (*keys, filler))):
        final = SEPARATOR.join((key, "final", code or normal(shown)))
        telling.say(Section.REQUEST, final, {"final": "yes"})


def withdraw_report(telling: Telling, key: str) -> None:
    """Say that a report was taken back."""
    fields: Fields = {"state": ResultState.WITHDRAWN.value, "report": ""}
    telling.say(Section.REPORT, key, fields)


def report_key(telling: Telling) -> str:
    """Return the key of a report's cell."""
    code, shown, _ = coded(part(telling.resource, "code"))
    return SEPARATOR.join((_key(telling), code or normal(shown)))
