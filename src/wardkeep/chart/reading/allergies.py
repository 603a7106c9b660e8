"""AL1 and IAM: allergies, the statement that none are known, deletions."""

from __future__ import annotations

from wardkeep.chart.cells import SEPARATOR
from wardkeep.chart.change import Fields, Section
from wardkeep.chart.reading.allergy_words import says_none, says_unknown
from wardkeep.chart.reading.parts import coded, put_coded, words
from wardkeep.chart.reading.speaker import Speaker, put
from wardkeep.chart.text import normal
from wardkeep.chart.views.allergies import ALL, ITEM, NONE
from wardkeep.hospital.streams import Stream
from wardkeep.wire.hl7v2.message import Message
from wardkeep.wire.hl7v2.segment import NULL, Segment

_DELETING_ACTIONS = {"D"}
_ERRONEOUS = {"E"}
"""IAM-17 (table 0438): entered in error. Inactive ones stay shown: to hide one can harm."""


def read_allergies(speaker: Speaker, message: Message) -> None:
    """Say the allergies of a message; silence says nothing."""
    segments = [item for item in message.segments if item.name in ("AL1", "IAM")]
    if not segments:
        return
    if any(segment.raw(3) for segment in segments):
        speaker.hears(Stream.ALLERGIES)
    prefix = speaker.feed + SEPARATOR
    erased = any(segment.raw(3) == NULL for segment in segments)
    if erased or speaker.context.feed.allergies == "snapshot":
        speaker.say(Section.ALLERGY, prefix + ALL, {"all": "yes"})
    none_known = {code.casefold() for code in speaker.context.rules.no_known_allergy_codes}
    for segment in segments:
        if segment.raw(3) and segment.raw(3) != NULL:
            _read(speaker, segment, prefix, none_known)


def _read(speaker: Speaker, segment: Segment, prefix: str, none_known: set[str]) -> None:
    code, text, system = coded(segment.raw(3))
    listed = None if _deleted(segment) else "yes"
    told = "" if code else text
    if {code.casefold(), told.casefold()} & none_known or says_none(told):
        speaker.say(Section.ALLERGY, prefix + NONE, {"listed": listed})
        return
    if says_unknown(told):
        return
    name = f"{code}^{system}" if code else normal(text)
    if not name:
        speaker.fault("an allergy without a substance")
        return
    fields: Fields = {"listed": listed}
    put_coded(fields, segment.raw(3))
    put(fields, "kind", segment.raw(2).split("^", 1)[0])
    put(fields, "severity", segment.raw(4).split("^", 1)[0])
    if segment.raw(5) == NULL:
        fields["reactions"] = None
    elif reactions := [words(raw) for raw in segment.repetitions(5)]:
        fields["reactions"] = list(reactions)
    put(fields, "onset", segment.raw(11 if segment.name == "IAM" else 6))
    speaker.say(Section.ALLERGY, f"{prefix}{ITEM}{SEPARATOR}{name}", fields)


def _deleted(segment: Segment) -> bool:
    if segment.name != "IAM":
        return False
    return segment.first(6) in _DELETING_ACTIONS or segment.first(17) in _ERRONEOUS
