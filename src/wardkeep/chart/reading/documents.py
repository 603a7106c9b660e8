"""MDM: letters and reports (TXA, v2.5.1 chapter 9)."""

from __future__ import annotations

from wardkeep.chart.change import Fields, Section
from wardkeep.chart.model import ResultState
from wardkeep.chart.reading.observation import observed_text
from wardkeep.chart.reading.parts import entity, put_coded
from wardkeep.chart.reading.speaker import Speaker
from wardkeep.hospital.streams import Stream
from wardkeep.wire.hl7v2.message import Message
from wardkeep.wire.hl7v2.segment import Segment

_COMPLETE = {"AU", "LA"}
"""TXA-17 (table 0271): authenticated, legally authenticated."""
_GONE = {"CA", "OB", "UN"}
"""TXA-19 (table 0273): cancelled, obsolete, unavailable."""


def read_document(speaker: Speaker, message: Message, trigger: str) -> None:
    """Say a document under its unique number (TXA-12); a replaced one is withdrawn."""
    txa = message.one("TXA")
    if txa is None:
        speaker.fault("a document without TXA")
        return
    number = entity(txa.raw(12), speaker.feed) or entity(txa.raw(16), speaker.feed)
    if not number:
        speaker.fault("a document without a number (TXA-12)")
        return
    obr = message.one("OBR")
    imaging = bool(obr and obr.first(24) in speaker.context.rules.imaging_sections)
    speaker.hears(Stream.IMAGING if imaging else Stream.LABORATORY)
    gone = trigger == "T11" or txa.first(19) in _GONE
    speaker.say(
        Section.REPORT, number, _fields(speaker, message, txa, gone=gone, imaging=imaging)
    )
    parent = entity(txa.raw(13), speaker.feed)
    if trigger in ("T09", "T10") and parent and parent != number:
        speaker.say(Section.REPORT, parent, {"state": ResultState.WITHDRAWN.value})


def _fields(
    speaker: Speaker, message: Message, txa: Segment, *, gone: bool, imaging: bool
) -> Fields:
    state = ResultState.FINAL if txa.first(17) in _COMPLETE else ResultState.PRELIMINARY
    fields: Fields = {
        "state": (ResultState.WITHDRAWN if gone else state).value,
        "imaging": "yes" if imaging else "no",
    }
    put_coded(fields, txa.raw(2))
    lines = [shown for obx in message.named("OBX") if (shown := observed_text(obx))]
    if lines:
        fields["report"] = "\n".join(lines)
    speaker.put_moment(fields, "at", txa.first(4) or txa.first(6))
    return fields
