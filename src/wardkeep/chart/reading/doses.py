"""RAS: doses given, held, refused, their correction and deletion (RXA, v2.5.1 section 4.14.7).

Rules kept here:
- Of what is said of one dose the message that was sent last is believed (MSH-7): some senders
  put the order's own time in ORC-9, and a deletion that bears it would be older than its dose.
- A deletion keeps the order, time and number that it names: the view finds the dose by them
  where the sender writes them otherwise than the dose did.
"""

from __future__ import annotations

from wardkeep.chart.cells import SEPARATOR
from wardkeep.chart.change import Fields, Section
from wardkeep.chart.model import DoseOutcome
from wardkeep.chart.reading.orders import OrderGroup, event_of, name_order
from wardkeep.chart.reading.parts import amount, clinician, put_coded, words
from wardkeep.chart.reading.speaker import Speaker
from wardkeep.hospital.streams import Stream
from wardkeep.wire.hl7v2.segment import Segment

_OUTCOMES = {
    "": DoseOutcome.GIVEN, "CP": DoseOutcome.GIVEN, "PA": DoseOutcome.PARTIAL,
    "RE": DoseOutcome.REFUSED, "NA": DoseOutcome.NOT_GIVEN,
    "HD": DoseOutcome.HELD, "HELD": DoseOutcome.HELD,
}  # fmt: skip
"""Table 0322; HD is what senders use beside it for a dose held back."""


def read_doses(speaker: Speaker, group: OrderGroup) -> None:
    """Say every RXA of an order group."""
    named = name_order(speaker, group.orc.raw(2), group.orc.raw(3))
    event = event_of(speaker, group.orc)
    for segment in group.rest:
        if segment.name == "RXA":
            _read(speaker, segment, named.key, event)


def _read(speaker: Speaker, rxa: Segment, order: str, event: int) -> None:
    start = rxa.first(3)
    if speaker.moment(start) is None:
        speaker.fault("a dose without a readable time (RXA-3)")
        return
    key = SEPARATOR.join((order, rxa.first(2), start))
    entered = speaker.time(rxa.first(22))
    at = entered if entered is not None else event
    # Some senders put the order's own time in ORC-9: the newest of the three counts.
    given = speaker.time(start)
    speaker.hears(Stream.DOSES_GIVEN, max(event, at, event if given is None else given))
    action = rxa.first(21).upper()
    if action == "D":
        fields: Fields = {"outcome": None, "order": order, "deleted": "yes"}
        speaker.put_moment(fields, "at", start)
        speaker.say(Section.DOSE, key, fields, speaker.sent)
        return
    code = rxa.first(20).upper()
    outcome = _OUTCOMES.get(code, DoseOutcome.UNCLEAR)
    if code not in _OUTCOMES:
        speaker.fault("a dose with an unknown completion status (RXA-20)")
    fields = _fields(speaker, rxa, order, outcome)
    # Who corrects a dose says so; that it was ever added stays known beneath.
    fields["corrected" if action == "U" else "added"] = "yes"
    speaker.say(Section.DOSE, key, fields, speaker.sent)


def _fields(speaker: Speaker, rxa: Segment, order: str, outcome: DoseOutcome) -> Fields:
    fields: Fields = {
        "order": order,
        "outcome": outcome.value,
        "outcome_text": rxa.first(20),
        "reason": "; ".join(words(one) for one in rxa.repetitions(18) or rxa.repetitions(9)),
        "amount": amount(rxa.raw(6), rxa.raw(7)),
        "rate": words(rxa.raw(12)),
        "visit": speaker.visit,
    }
    by = clinician(rxa.raw(10)) if rxa.raw(10) else None
    fields["by"] = (by[1] or by[0]) if by else ""
    put_coded(fields, rxa.raw(5))
    speaker.put_moment(fields, "at", rxa.first(3))
    speaker.put_moment(fields, "entered", rxa.first(22))
    return fields
