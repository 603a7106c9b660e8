"""AllergyIntolerance: what somebody must not be given, and that nothing is known.

One resource is one line of its feed: refuting a second entry of a substance leaves the first.
Inactive ones stay shown: to hide one can harm.
"""

from __future__ import annotations

from wardkeep.chart.cells import SEPARATOR
from wardkeep.chart.change import Fields, FieldValue, Section
from wardkeep.chart.reading.allergy_words import says_none, says_unknown
from wardkeep.chart.reading.fhir.telling import Telling
from wardkeep.chart.reading.fhir.words import all_words, coded, codes
from wardkeep.chart.text import normal
from wardkeep.chart.views.allergies import ITEM, NONE
from wardkeep.hospital.streams import Stream
from wardkeep.wire.fhir.values import Resource, part, parts, text, texts

_KINDS = {"medication": "DA", "food": "FA", "environment": "EA", "biologic": "DA"}
"""allergy-intolerance-category to HL7 table 0127."""
_SEVERITIES = {"severe": "SV", "moderate": "MO", "mild": "MI"}
"""reaction-event-severity to HL7 table 0128, the gravest first."""
_GONE = {"refuted", "entered-in-error"}


def read_allergy(telling: Telling) -> None:
    """Say one allergy, or that none are known."""
    resource = telling.resource
    telling.speaker.hears(Stream.ALLERGIES)
    if not telling.subject():
        return
    code, shown, system = coded(part(resource, "code"))
    gone = bool(codes(part(resource, "verificationStatus")) & _GONE)
    none_known = {known.casefold() for known in telling.rules.no_known_allergy_codes}
    told = shown if not code else ""
    listed = None if gone else "yes"
    if {code.casefold(), told.casefold()} & none_known or says_none(told):
        key = telling.speaker.feed + SEPARATOR + NONE
        telling.say(Section.ALLERGY, key, {"listed": listed})
        return
    name = f"{code}^{system}" if code else normal(shown)
    if says_unknown(told):
        return
    if not name or not telling.own:
        telling.fault("an allergy without a substance, or without an id")
        return
    fields: Fields = {"listed": listed, "code": code, "text": shown, "system": system}
    telling.say(Section.ALLERGY, _key(telling), _with_reactions(telling, fields))


def withdraw_allergy(telling: Telling) -> None:
    """Say that the feed lists an allergy no longer."""
    telling.say(Section.ALLERGY, _key(telling), {"listed": None})


def _key(telling: Telling) -> str:
    return SEPARATOR.join((telling.speaker.feed, ITEM, telling.own))


def _with_reactions(telling: Telling, fields: Fields) -> Fields:
    resource = telling.resource
    kinds = [_KINDS.get(each, each) for each in texts(resource, "category")]
    fields["kind"] = kinds[0] if kinds else ""
    fields["severity"] = _severity(resource)
    reactions: list[str | int | list[str | int]] = []
    for each in parts(resource, "reaction"):
        shown = all_words(each, "manifestation")
        reactions += shown or [text(each, "description")]
    found: FieldValue = [each for each in reactions if each]
    fields["reactions"] = found
    onset = text(resource, "onsetDateTime") or text(resource, "onsetString")
    fields["onset"] = onset
    return fields


def _severity(resource: Resource) -> str:
    told = {text(each, "severity") for each in parts(resource, "reaction")}
    for severity, code in _SEVERITIES.items():
        if severity in told:
            return code
    # Not a severity, and too grave to leave out: it stands in the sender's own word.
    return f"criticality {grave}" if (grave := text(resource, "criticality")) == "high" else ""
