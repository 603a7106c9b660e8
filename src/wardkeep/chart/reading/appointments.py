"""SIU: booked visits with the telephones of the patient (v2.5.1 chapter 10)."""

from __future__ import annotations

from wardkeep.chart.change import Fields, Section
from wardkeep.chart.reading.parts import clinician, entity, put_telephones, words
from wardkeep.chart.reading.speaker import Speaker, put
from wardkeep.hospital.streams import Stream
from wardkeep.wire.hl7v2.message import Message
from wardkeep.wire.hl7v2.segment import Segment, components, first_part, part

_STATES = {
    "S12": "booked", "S13": "booked", "S14": "booked", "S15": "cancelled", "S16": "cancelled",
    "S17": "cancelled", "S26": "noshow",
}  # fmt: skip
_STATUSES = {
    "arrived": "arrived", "started": "arrived", "complete": "completed",
    "completed": "completed", "cancelled": "cancelled", "canceled": "cancelled",
    "deleted": "cancelled", "discontinued": "cancelled", "dc": "cancelled",
    "noshow": "noshow", "no show": "noshow", "booked": "booked", "pending": "booked",
}  # fmt: skip
"""SCH-25, table 0278, and what senders write for it."""

_SECONDS = {
    "": 60, "M": 60, "MIN": 60, "MINUTE": 60, "MINUTES": 60,
    "H": 3600, "HR": 3600, "HOUR": 3600, "S": 1, "SEC": 1,
}  # fmt: skip
_DIGITS = 5
"""A visit of 99,999 seconds is longer than a day."""


def read_appointment(speaker: Speaker, message: Message, trigger: str, pid: Segment) -> None:
    """Say a booking under its placer's number, else its filler's."""
    sch = message.one("SCH")
    if sch is None:
        speaker.fault("a booking without SCH")
        return
    placer, filler = entity(sch.raw(1), speaker.feed), entity(sch.raw(2), speaker.feed)
    if not (placer or filler):
        speaker.fault("a booking without a number (SCH-1, SCH-2)")
        return
    speaker.hears(Stream.APPOINTMENTS)
    fields = _fields(speaker, message, sch, trigger)
    fields["number"] = sch.first(1) or sch.first(2)
    if filler:
        fields["filler_key"] = filler
    put_telephones(fields, "home", pid.raw(13))
    put_telephones(fields, "business", pid.raw(14))
    speaker.say(Section.APPOINTMENT, placer or filler, fields)


def _fields(speaker: Speaker, message: Message, sch: Segment, trigger: str) -> Fields:
    status = words(sch.raw(25)).casefold()
    fields: Fields = {}
    if (state := (_STATES.get(trigger) if trigger in ("S15", "S17", "S26") else None)) or (
        state := (_STATUSES.get(status) or _STATES.get(trigger))
    ):
        fields["state"] = state
    put(fields, "reason", words(sch.raw(7)) or words(sch.raw(6)))
    speaker.put_moment(fields, "start", _start(message, sch))
    if minutes := _minutes(message, sch):
        fields["minutes"] = minutes
    service, place = message.one("AIS"), message.one("AIL")
    if service is not None:
        put(fields, "service", words(service.raw(3)))
    elif sch.raw(8):
        put(fields, "service", words(sch.raw(8)))
    if place is not None and (where := _place(place.raw(3))):
        fields["place"] = where
    if who := _who(message):
        fields["who"] = who
    return fields


def _start(message: Message, sch: Segment) -> str:
    """Return the start: TQ1-7, which has taken the place of SCH-11, else of a resource."""
    timing = message.one("TQ1")
    if timing is not None and timing.first(7):
        return timing.first(7)
    for name, number in (("AIS", 4), ("AIP", 6), ("AIL", 6), ("AIG", 8)):
        segment = message.one(name)
        if segment is not None and segment.first(number):
            return segment.first(number)
    return part(components(sch.raw(11).split("~", 1)[0]), 4)


def _minutes(message: Message, sch: Segment) -> str:
    """Return the length: SCH-9 with unit SCH-10, else of the AIS (7 and 8)."""
    service = message.one("AIS")
    pairs = [(sch.first(9), sch.first(10))]
    if service is not None:
        pairs.append((service.first(7), service.first(8)))
    for amount, unit in pairs:
        seconds = _SECONDS.get(unit.upper())
        if seconds and amount.isdecimal() and len(amount) <= _DIGITS:
            return str(int(amount) * seconds // 60)
    return ""


def _place(raw: str) -> str:
    pieces = components(raw.split("~", 1)[0])
    shown = [first_part(pieces, place) for place in (1, 2, 3, 4)]
    return " ".join(piece for piece in shown if piece) or part(pieces, 9)


def _who(message: Message) -> str:
    found = [clinician(segment.raw(3)) for segment in message.named("AIP")]
    names = [one[1] or one[0] for one in found if one]
    return "; ".join(dict.fromkeys(names))
