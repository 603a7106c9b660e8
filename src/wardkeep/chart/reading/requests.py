"""OML, OMG, ORM and OMD: requests for laboratory, imaging and consults, specimens and diets."""

from __future__ import annotations

from wardkeep.chart.cells import SEPARATOR
from wardkeep.chart.change import Fields, Section
from wardkeep.chart.reading.orders import (
    STOPS,
    Named,
    OrderGroup,
    event_of,
    name_order,
    say_control,
)
from wardkeep.chart.reading.parts import clinician, put_coded, words
from wardkeep.chart.reading.results import code_of
from wardkeep.chart.reading.speaker import Speaker, put
from wardkeep.chart.views.pending import CONTENT
from wardkeep.chart.views.problems import DIET
from wardkeep.hospital.streams import Stream
from wardkeep.wire.hl7v2.segment import Segment, components, first_part, part


def read_request(speaker: Speaker, group: OrderGroup, following: str) -> None:
    """Say a request: ORC with one OBR (further OBRs of the group are requests beside it)."""
    orders = [segment for segment in group.rest if segment.name == "OBR"]
    orc = group.orc
    first = orders[0] if orders else Segment("OBR", ["OBR"])
    named = name_order(speaker, orc.raw(2) or first.raw(2), orc.raw(3) or first.raw(3))
    if not named.key:
        speaker.fault("a request without a number (ORC-2, ORC-3, OBR-2, OBR-3)")
        return
    speaker.hears(Stream.ORDERS)
    _say_request_control(speaker, named, orc, following)
    for obr in orders:
        _say_content(speaker, group, obr, named)
    read_specimens(speaker, group.rest, named, orders[0] if orders else None)


def _say_request_control(speaker: Speaker, named: Named, orc: Segment, following: str) -> None:
    before = len(speaker.changes)
    say_control(speaker, Section.REQUEST, named.key + SEPARATOR, orc, following)
    for place in range(before, len(speaker.changes)):
        change = speaker.changes[place]
        speaker.changes[place] = type(change)(
            change.record,
            change.section,
            change.key + SEPARATOR,
            change.stamp,
            change.fields,
            change.era,
        )


def _say_content(speaker: Speaker, group: OrderGroup, obr: Segment, named: Named) -> None:
    orc, timing = group.orc, group.one("TQ1")
    fields: Fields = {"ordered": "yes"}
    if named.filler_key:
        fields["filler_key"] = named.filler_key
    put_coded(fields, obr.raw(4))
    put(fields, "section", obr.first(24))
    old = components(obr.raw(27).split("~")[0] or orc.raw(7).split("~")[0])
    due = (timing.first(7) if timing else "") or part(old, 4) or obr.first(36) or obr.first(6)
    speaker.put_moment(fields, "due", due)
    put(fields, "priority", (timing.first(9) if timing else "") or part(old, 6) or obr.first(5))
    if who := clinician(orc.raw(12) or obr.raw(16)):
        fields["requester"] = who[1] or who[0]
    key = SEPARATOR.join((named.key, CONTENT, code_of(obr)))
    speaker.say(Section.REQUEST, key, fields, event_of(speaker, orc))


def read_specimens(
    speaker: Speaker, segments: list[Segment], named: Named, obr: Segment | None
) -> None:
    """Say the specimens of SPM; of OBR-7, -14 and -15 where there is no SPM."""
    specimens = [segment for segment in segments if segment.name == "SPM"]
    for spm in specimens:
        speaker.hears(Stream.SPECIMENS)
        _say_specimen(speaker, spm, named, obr)
    if not specimens and obr is not None and obr.first(14):
        speaker.hears(Stream.SPECIMENS)
        fields: Fields = {"order": named.key, "kind": words(obr.raw(15).replace("&", "^"))}
        put_coded(fields, obr.raw(4))
        speaker.put_moment(fields, "collected", obr.first(7))
        speaker.put_moment(fields, "received", obr.first(14))
        speaker.say(Section.SPECIMEN, named.key, fields)


def _say_specimen(speaker: Speaker, spm: Segment, named: Named, obr: Segment | None) -> None:
    pieces = spm.components(2)
    number = first_part(pieces, 1) or first_part(pieces, 2) or named.key
    fields: Fields = {"order": named.key}
    put(fields, "kind", words(spm.raw(4)))
    if obr is not None:
        put_coded(fields, obr.raw(4))
    speaker.put_moment(fields, "collected", spm.first(17))
    speaker.put_moment(fields, "received", spm.first(18))
    put(fields, "rejected", words(spm.raw(21)))
    speaker.say(Section.SPECIMEN, number, fields)


def read_diet(speaker: Speaker, group: OrderGroup) -> None:
    """Say the diet of ODS segments (OMD^O03), text then instruction; an end deletes it."""
    lines = []
    for ods in group.rest:
        if ods.name == "ODS":
            shown = "; ".join(words(one) for one in ods.repetitions(3))
            lines.append(" ".join(piece for piece in (shown, ods.text(4)) if piece))
    ended = group.orc.first(1).upper() in STOPS
    text = "; ".join(line for line in lines if line)
    if ended or text:
        speaker.hears(Stream.DIET, event_of(speaker, group.orc))
        fields: Fields = {"text": None if ended else text}
        speaker.say(Section.CARE, DIET, fields, event_of(speaker, group.orc))
