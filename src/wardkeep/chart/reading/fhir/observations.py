"""Observation: values of laboratory and bedside, and what the site's codes tell of care.

Versions of one value differ in the last part of their key, so that whoever acted on a wrong one
sees it struck.
"""

from __future__ import annotations

from collections.abc import Iterator

from wardkeep.chart.cells import SEPARATOR
from wardkeep.chart.change import Fields, FieldValue, Section
from wardkeep.chart.findings import ResultState
from wardkeep.chart.reading.fhir.care import say_care, say_code_status, say_weight
from wardkeep.chart.reading.fhir.telling import Telling
from wardkeep.chart.reading.fhir.words import (
    all_words,
    coded,
    codes,
    ratio,
    span,
    words,
)
from wardkeep.chart.text import normal
from wardkeep.chart.views.problems import DIET, ISOLATION
from wardkeep.hospital.streams import Stream
from wardkeep.wire.fhir.values import Resource, absent_reason, part, parts, text

STATES = {
    "registered": ResultState.PENDING,
    "partial": ResultState.PRELIMINARY,
    "preliminary": ResultState.PRELIMINARY,
    "final": ResultState.FINAL,
    "amended": ResultState.CORRECTED,
    "corrected": ResultState.CORRECTED,
    "appended": ResultState.CORRECTED,
    "cancelled": ResultState.WITHDRAWN,
    "entered-in-error": ResultState.WITHDRAWN,
}
_ROW = "\x1e"
"""Between the values of an observation: ASCII's record separator, which no code holds."""
_PIECES = len(("name", "place", "code", "text", "system"))
_PRIMITIVES = ("valueString", "valueInteger", "valueBoolean", "valueDateTime", "valueTime")


def read_observation(telling: Telling) -> None:
    """Say an observation: care by the site's codes, else values."""
    resource = telling.resource
    at = telling.time(_taken(resource))
    found = codes(part(resource, "code"))
    stream = _stream(telling, found)
    telling.speaker.hears(stream, at)
    if not telling.subject():
        return
    telling.speaker.visit = telling.visit()
    state = STATES.get(text(resource, "status"))
    if state is None:
        telling.fault("an observation whose status does not say whether it stands")
        state = ResultState.PRELIMINARY
    gone = state is ResultState.WITHDRAWN
    if stream is Stream.WEIGHT:
        say_weight(telling, part(resource, "valueQuantity"), _taken(resource), gone=gone)
    elif stream is Stream.CODE_STATUS:
        say_code_status(telling, value_of(resource), _taken(resource), gone=gone)
    elif stream in (Stream.DIET, Stream.ISOLATION):
        kind = DIET if stream is Stream.DIET else ISOLATION
        say_care(telling, kind, "" if gone else value_of(resource), at)
    else:
        say_values(telling, resource, state)


def _stream(telling: Telling, found: set[str]) -> Stream:
    rules = telling.rules
    for stream, known in (
        (Stream.WEIGHT, rules.weight_codes),
        (Stream.CODE_STATUS, rules.code_status_codes),
        (Stream.ISOLATION, rules.isolation_codes),
        (Stream.DIET, rules.diet_codes),
    ):
        if not found.isdisjoint(known):
            return stream
    return Stream.LABORATORY


def _taken(resource: Resource) -> str:
    return (
        text(resource, "effectiveDateTime")
        or text(resource, "effectiveInstant")
        or text(part(resource, "effectivePeriod"), "start")
    )


def say_values(telling: Telling, resource: Resource, state: ResultState) -> None:
    """Say the value of an observation and of each of its components."""
    own = telling.own
    if not own:
        telling.fault("an observation without an id")
        return
    anchor = text(resource, "id")
    if resource is not telling.resource:
        own = f"{own}#{anchor}"
    for name, each in _named_values(resource):
        _say_value(telling, resource, each, state, own + SEPARATOR + name)


def _named_values(resource: Resource) -> Iterator[tuple[str, Resource]]:
    """Yield what each value is known by: its code, and its place among those of one code."""
    seen: dict[str, int] = {}
    for each in (resource, *parts(resource, "component")):
        code, shown, system = coded(part(each, "code"))
        name = f"{code}^{system}" if code else normal(shown)
        inner = each is not resource
        place = seen[name] = seen.get(name, 0) + inner
        yield f"{name}{SEPARATOR}{place or ''}", each


def _say_value(
    telling: Telling, resource: Resource, each: Resource, state: ResultState, own: str
) -> None:
    code, shown, system = coded(part(each, "code"))
    withdrawn = state is ResultState.WITHDRAWN
    value = "" if withdrawn else value_of(each)
    notes = [told for note in parts(each, "note") if (told := text(note, "text"))]
    if reason := words(part(each, "dataAbsentReason")) or _absent(each):
        notes.append(f"[{reason}]")
    # Of a panel of components the withdrawal itself has no value; each component is said gone.
    empty = each is resource and parts(resource, "component")
    if not (code or shown) or (not value and not notes and (empty or not withdrawn)):
        return
    taken = _taken(resource)
    kept: FieldValue = [*notes]
    fields: Fields = {
        "code": code,
        "text": shown,
        "system": system,
        "specimen": telling.concept_of(part(resource, "specimen"))[1],
        "value": value,
        "unit": _unit(each),
        "reference": _reference(each),
        "abnormal": "; ".join(all_words(each, "interpretation")),
        "state": state.value,
        "notes": kept,
    }
    telling.put_moment(fields, "at", taken)
    key = SEPARATOR.join((own, "", f"{state.value} {value}"))
    telling.say(Section.RESULT, key, fields, telling.time(taken))


def values_of(telling: Telling) -> str:
    """Return what must be known of an observation to take it back: its values' names."""
    return _ROW.join(
        SEPARATOR.join((name, *coded(part(each, "code"))))
        for name, each in _named_values(telling.resource)
    )


def withdraw_observation(telling: Telling, values: str) -> None:
    """Say that an observation was taken back; `values` is what `values_of` made of it."""
    state = ResultState.WITHDRAWN.value
    for row in values.split(_ROW):
        pieces = row.split(SEPARATOR)
        if len(pieces) != _PIECES:
            continue
        name, place, code, shown, system = pieces
        fields: Fields = {"code": code, "text": shown, "system": system}
        fields.update(value="", state=state)
        key = SEPARATOR.join((telling.own, name, place, "", f"{state} "))
        telling.say(Section.RESULT, key, fields)


def _absent(each: Resource) -> str:
    found = (absent_reason(each, name) for name in _PRIMITIVES)
    return next(filter(None, found), "")


def value_of(node: Resource) -> str:
    """Return the value of an observation or component as text; a curve is only named."""
    measured = part(node, "valueQuantity")
    if text(measured, "value"):
        return f"{text(measured, 'comparator')}{text(measured, 'value')}"
    if concept := part(node, "valueCodeableConcept"):
        return words(concept)
    for name in _PRIMITIVES:
        if told := text(node, name):
            return told
    if period := part(node, "valuePeriod"):
        return f"{text(period, 'start')} - {text(period, 'end')}"
    if "valueSampledData" in node:
        return "[sampled data]"
    return span(part(node, "valueRange")) or ratio(part(node, "valueRatio"))


def _unit(each: Resource) -> str:
    measured = part(each, "valueQuantity")
    return text(measured, "unit") or text(measured, "code")


def _reference(each: Resource) -> str:
    found = []
    for limits in parts(each, "referenceRange"):
        low, high = part(limits, "low"), part(limits, "high")
        told = span({"low": _bare(low), "high": _bare(high)})
        found.append(text(limits, "text") or told)
    return "; ".join(filter(None, found))


def _bare(node: Resource) -> Resource:
    return {"value": node["value"]} if "value" in node else {}
