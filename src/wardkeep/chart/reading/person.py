"""PID, PD1 and NK1: the person."""

from __future__ import annotations

from wardkeep.chart.cells import SEPARATOR
from wardkeep.chart.change import Fields, Section
from wardkeep.chart.reading.parts import (
    numbers,
    person_name,
    put_name,
    put_telephones,
    record_number,
    words,
)
from wardkeep.chart.reading.speaker import Speaker, put
from wardkeep.chart.text import normal
from wardkeep.chart.views.person import KIN, PID, PID_ASIDE
from wardkeep.wire.hl7v2.segment import NULL, Segment
from wardkeep.wire.hl7v2.times import birth_date


def identify(speaker: Speaker, pid: Segment) -> bool:
    """Turn the speaker to the patient of a PID; False if it names no record number."""
    rules = speaker.context.rules
    speaker.record = record_number(pid.raw(3), rules) or record_number(pid.raw(2), rules)
    born = pid.first(7)
    speaker.era = birth_date(born) if born and born != NULL else ""
    return bool(speaker.record)


def read_person(speaker: Speaker, pid: Segment) -> None:
    """Say all that a PID of the admission system says."""
    fields: Fields = {}
    put_name(fields, pid.raw(5))
    if speaker.era:
        fields["birth"] = speaker.era
    elif pid.raw(7) == NULL:
        fields["birth"] = None
    put(fields, "sex", pid.raw(8).split("^", 1)[0])
    put_telephones(fields, "home", pid.raw(13))
    put_telephones(fields, "business", pid.raw(14))
    if found := numbers(pid.raw(3)):
        fields["identifiers"] = [list(row) for row in found]
    _put_death(speaker, pid, fields)
    speaker.say(Section.PERSON, PID, fields)


def read_person_aside(speaker: Speaker, pid: Segment) -> None:
    """Say what a PID of another system says: believed where the admission system is silent."""
    fields: Fields = {}
    put_name(fields, pid.raw(5))
    if speaker.era:
        fields["birth"] = speaker.era
    put(fields, "sex", pid.raw(8).split("^", 1)[0])
    if found := numbers(pid.raw(3)):
        fields["identifiers"] = [list(row) for row in found]
    speaker.say(Section.PERSON, PID_ASIDE, fields)


def _put_death(speaker: Speaker, pid: Segment, fields: Fields) -> None:
    if pid.raw(30).upper() == "N" or pid.raw(29) == NULL:
        fields["dead"] = None
    elif pid.raw(29):
        speaker.put_moment(fields, "dead", pid.first(29))
    elif pid.raw(30).upper() == "Y":
        fields["dead"] = [speaker.event, "year", ""]


def read_next_of_kin(speaker: Speaker, segment: Segment) -> None:
    """Say whom to call."""
    found = person_name(segment.raw(2))
    name = found or ("", words(segment.raw(13)) if segment.raw(13) else "", "")
    if not any(name):
        return
    fields: Fields = {
        "set": segment.first(1).zfill(3),
        "family": name[0],
        "given": name[1],
        "other": name[2],
        "listed": "yes",
    }
    put(fields, "relation", words(segment.raw(3)))
    put_telephones(fields, "home", segment.raw(5))
    put_telephones(fields, "business", segment.raw(6))
    key = f"{KIN}{SEPARATOR}{normal(name[0])}{SEPARATOR}{normal(name[1])}"
    speaker.say(Section.PERSON, key, fields)
