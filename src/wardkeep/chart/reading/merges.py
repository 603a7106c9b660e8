"""A18, A34, A36, A39, A40 and A47: numbers that turn out to be one patient.

The old number is MRG-1 and the surviving one PID-3. Nothing is moved: an edge is said of both.
"""

from __future__ import annotations

from wardkeep.chart.cells import SEPARATOR
from wardkeep.chart.change import Section
from wardkeep.chart.merging import FROM, INTO
from wardkeep.chart.reading.parts import record_number
from wardkeep.chart.reading.person import identify, read_person
from wardkeep.chart.reading.speaker import Speaker
from wardkeep.hospital.streams import Stream
from wardkeep.wire.hl7v2.message import Message

PATIENT_MERGES = {"A18", "A34", "A36", "A39", "A40", "A47", "A30"}
VISIT_MERGES = {"A42", "A50"}
REFUSED = {
    "A37": "an unmerge (A37) is refused: what was said since cannot be told apart",
    "A45": "a visit moved to another patient (A45) is refused: orders, doses and results of it"
    " cannot be told from the others of the first patient; a person decides",
    "A43": "a patient list moved (A43) is refused: which of the numbers is the person's cannot"
    " be told; a person decides",
}


def read_merges(speaker: Speaker, message: Message, trigger: str) -> None:
    """Say every merge of the message; each PID is followed by its MRG."""
    speaker.hears(Stream.ADMISSIONS)
    rules = speaker.context.rules
    found = False
    for segment in message.segments:
        if segment.name == "PID":
            if not identify(speaker, segment):
                speaker.fault("a merge without a surviving number (PID-3)")
            read_person(speaker, segment)
        elif segment.name == "MRG":
            found = True
            if trigger in VISIT_MERGES:
                _say_visit_merge(speaker, segment.first(5), message)
            else:
                old = record_number(segment.raw(1), rules) or segment.first(4)
                _say_merge(speaker, old)
    if not found:
        speaker.fault("a merge without MRG")


def _say_merge(speaker: Speaker, old: str) -> None:
    if not old or not speaker.record:
        speaker.fault("a merge without an old number (MRG-1)")
        return
    if old == speaker.record:
        return
    edge: dict[str, str | int | None] = {INTO: speaker.record, "birth": speaker.era}
    speaker.say_of(old, "", Section.MERGE, INTO, dict(edge))
    speaker.say_of(speaker.record, speaker.era, Section.MERGE, FROM + old, {"number": old})


def _say_visit_merge(speaker: Speaker, old: str, message: Message) -> None:
    pv1 = message.one("PV1")
    new = pv1.first(19) if pv1 else ""
    if not old or not new:
        speaker.fault("a merge of visits without both numbers (MRG-5, PV1-19)")
        return
    speaker.say(Section.VISIT, f"{old}{SEPARATOR}into", {"visit": new})
