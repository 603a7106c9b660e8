"""Whom an entry names, whether or not it could be read: for the record of who looked at it."""

from __future__ import annotations

from wardkeep.chart.reading.fhir import records_in
from wardkeep.chart.reading.parts import record_number
from wardkeep.chart.reading.reader import read_entry
from wardkeep.chart.reading.speaker import ReadingContext
from wardkeep.hospital.site import Rules
from wardkeep.ledger.arrival import Entry, Kind
from wardkeep.wire.hl7v2.errors import UnreadableMessageError
from wardkeep.wire.hl7v2.message import read_frame
from wardkeep.wire.hl7v2.segment import Segment


def records_named(entry: Entry, context: ReadingContext) -> tuple[str, ...]:
    """Return the record numbers that an entry names, each once; () where none can be read.

    In HL7 v2 these are PID-3 (else PID-2) and MRG-1 (else MRG-4) of every message of the frame,
    quarantined or not. In FHIR they are those of every patient that a resource is or refers
    to, as far as `context` knows where the references lead.
    """
    if entry.kind is Kind.CENSUS:
        found = [change.record for change in read_entry(entry, context).changes]
    elif entry.kind is Kind.HL7:
        found = _named_in_frame(entry.body, context.rules)
    elif entry.kind is Kind.FHIR:
        found = records_in(entry, context)
    else:
        found = []
    return tuple(dict.fromkeys(number for number in found if number))


def _named_in_frame(body: bytes, rules: Rules) -> list[str]:
    try:
        frame = read_frame(body)
    except UnreadableMessageError:
        return []
    return [_named(each, rules) for message in frame.messages for each in message.segments]


def _named(segment: Segment, rules: Rules) -> str:
    if segment.name == "PID":
        return record_number(segment.raw(3), rules) or record_number(segment.raw(2), rules)
    if segment.name == "MRG":
        return record_number(segment.raw(1), rules) or segment.first(4)
    return ""
