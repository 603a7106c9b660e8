"""Isolation, diet, weight and resuscitation decisions: Flag, NutritionOrder, Observation."""

from __future__ import annotations

from wardkeep.chart.cells import SEPARATOR
from wardkeep.chart.change import Fields, Section
from wardkeep.chart.reading.fhir.telling import Telling
from wardkeep.chart.reading.fhir.words import all_words, codes, words
from wardkeep.chart.views.problems import DIET, ISOLATION, WEIGHT
from wardkeep.hospital.streams import Stream
from wardkeep.wire.fhir.values import Resource, part, parts, text

_STANDING = {"active"}
_ENDED = {"inactive", "entered-in-error", "revoked", "completed", "on-hold"}
_NO_ORDER = {"proposal", "plan", "option"}


def read_flag(telling: Telling) -> None:
    """Say a Flag by the site's codes in its code or category; others say nothing here."""
    resource, rules = telling.resource, telling.rules
    found = codes(part(resource, "code"))
    for category in parts(resource, "category"):
        found |= codes(category)
    begun = text(part(resource, "period"), "start")
    at, status = telling.time(begun), text(resource, "status")
    isolating = not found.isdisjoint(rules.isolation_codes)
    if not isolating and found.isdisjoint(rules.code_status_codes):
        return
    telling.speaker.hears(Stream.ISOLATION if isolating else Stream.CODE_STATUS, at)
    if not telling.subject():
        return
    telling.speaker.visit = telling.visit()
    if status not in _STANDING | _ENDED:
        telling.fault("a flag whose status does not say whether it stands")
    shown = "" if status in _ENDED else words(part(resource, "code"))
    # An end is told when it is written, not when the flag began.
    event = None if status in _ENDED else at
    if isolating:
        say_care(telling, ISOLATION, shown, event)
    else:
        say_code_status(telling, shown, begun, gone=not shown)


def read_nutrition_order(telling: Telling) -> None:
    """Say a diet: types, textures, tube feeding and instructions, as sent."""
    resource = telling.resource
    status = text(resource, "status")
    if text(resource, "intent") in _NO_ORDER or status == "draft":
        return
    at = telling.time(text(resource, "dateTime"))
    telling.speaker.hears(Stream.DIET, at)
    if not telling.subject():
        return
    if status not in _STANDING | _ENDED:
        telling.fault("a diet whose status does not say whether it stands")
    gone = status in _ENDED
    say_care(telling, DIET, "" if gone else _diet(resource), None if gone else at)


def _diet(resource: Resource) -> str:
    oral, tube = part(resource, "oralDiet"), part(resource, "enteralFormula")
    lines = [*all_words(oral, "type")]
    lines += [words(part(each, "modifier")) for each in parts(oral, "texture")]
    lines += [words(each) for each in parts(oral, "fluidConsistencyType")]
    lines += [text(oral, "instruction")]
    lines += [words(part(each, "type")) for each in parts(resource, "supplement")]
    lines += [words(part(tube, "baseFormulaType")), text(tube, "baseFormulaProductName")]
    lines += [text(tube, "administrationInstruction")]
    lines += [f"- {each}" for each in all_words(resource, "excludeFoodModifier")]
    lines += [text(each, "text") for each in parts(resource, "note")]
    return "; ".join(filter(None, lines))


def say_care(telling: Telling, kind: str, shown: str, event: int | None) -> None:
    """Say an isolation or a diet.

    A flag or an order is one of its own, an end ends that one; of observations the newest
    holds.
    """
    if not telling.own:
        telling.fault("an isolation or a diet without an id")
        return
    single = telling.item.kind == "Observation"
    key = kind if single else f"{kind}{SEPARATOR}{telling.own}"
    telling.say(Section.CARE, key, {"text": shown or None}, event)


def withdraw_care(telling: Telling) -> None:
    """Say that a flag or a diet order is gone, whichever of them it was."""
    for kind in (ISOLATION, DIET):
        telling.say(Section.CARE, f"{kind}{SEPARATOR}{telling.own}", {"text": None})
    telling.say(Section.CODE_STATUS, _status_key(telling), {"text": None})


def say_code_status(telling: Telling, shown: str, told: str, *, gone: bool) -> None:
    """Say a resuscitation decision with its scope, signer and date."""
    if not shown and not gone:
        return
    reference = part(telling.resource, "author") or part(telling.resource, "performer")
    signer = telling.who(reference)
    fields: Fields = {
        "text": None if gone else shown,
        "signer": (signer[1] or signer[0]) if signer else None,
        "scope": telling.speaker.visit,
        "record": telling.speaker.record,
    }
    telling.put_moment(fields, "date", told)
    event = None if gone else telling.time(told)
    telling.say(Section.CODE_STATUS, _status_key(telling), fields, event)


def _status_key(telling: Telling) -> str:
    speaker = telling.speaker
    if telling.item.kind == "Observation":
        return SEPARATOR.join((speaker.record, speaker.visit, "obx"))
    return SEPARATOR.join(("", "", telling.own))


def say_weight(telling: Telling, measured: Resource, taken: str, *, gone: bool) -> None:
    """Say a weight with its unit and the time it was taken."""
    amount = text(measured, "value")
    if not gone and not amount:
        return
    fields: Fields = {"amount": None if gone else amount}
    fields["unit"] = text(measured, "unit") or text(measured, "code")
    telling.put_moment(fields, "taken", taken)
    telling.say(Section.CARE, WEIGHT, fields, telling.time(taken))
