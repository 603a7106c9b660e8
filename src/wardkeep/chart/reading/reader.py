"""From a ledger entry to changes: the door of this package."""

from __future__ import annotations

from collections.abc import Callable
from hashlib import blake2b

from wardkeep.chart.change import Section, Stamp
from wardkeep.chart.reading import census
from wardkeep.chart.reading.adt import read_movement, set_visit
from wardkeep.chart.reading.allergies import read_allergies
from wardkeep.chart.reading.appointments import read_appointment
from wardkeep.chart.reading.documents import read_document
from wardkeep.chart.reading.doses import read_doses
from wardkeep.chart.reading.fhir import read_fhir
from wardkeep.chart.reading.merges import PATIENT_MERGES, REFUSED, VISIT_MERGES, read_merges
from wardkeep.chart.reading.orders import (
    REPLACED,
    OrderGroup,
    name_order,
    read_medication_order,
)
from wardkeep.chart.reading.person import (
    identify,
    read_next_of_kin,
    read_person,
    read_person_aside,
)
from wardkeep.chart.reading.problems import (
    read_diagnosis,
    read_problem,
    read_site_observation,
    say_directive,
)
from wardkeep.chart.reading.readings import Reading
from wardkeep.chart.reading.requests import read_diet, read_request, read_specimens
from wardkeep.chart.reading.results import ObservationGroup, read_observations, say_result
from wardkeep.chart.reading.speaker import FUTURE, ReadingContext, Speaker
from wardkeep.hospital.streams import Stream
from wardkeep.ledger.arrival import Entry, Kind
from wardkeep.wire.hl7v2.errors import UnreadableMessageError
from wardkeep.wire.hl7v2.message import Message, read_frame
from wardkeep.wire.hl7v2.segment import Segment
from wardkeep.wire.hl7v2.times import parse_moment

_MEDICATION = {"RDE", "RDS", "OMP"}
_DIGITS = 15
"""MSH-13 is a number (NM); a longer one counts nothing."""

_WITHOUT_PATIENT = {"A20", "A24", "A29", "A61", "A62"}


def read_entry(entry: Entry, context: ReadingContext) -> Reading:
    """Return what a ledger entry says to the chart; never raises for its content."""
    if entry.kind is Kind.CENSUS:
        return _read_census(entry, context)
    if entry.kind is Kind.FHIR:
        return read_fhir(entry, context)
    if entry.kind is not Kind.HL7:
        return Reading(fault=f"{entry.kind.value} is not read into the chart")
    try:
        frame = read_frame(entry.body)
    except UnreadableMessageError as problem:
        return Reading(fault=str(problem))
    readings = [
        _read_message(message, entry, context, place)
        for place, message in enumerate(frame.messages)
    ]
    if len(readings) == 1 and not frame.oddities:
        return readings[0]
    return _joined(readings, frame.oddities)


def _joined(readings: list[Reading], oddities: list[str]) -> Reading:
    faults = dict.fromkeys(
        [*(reading.fault for reading in readings if reading.fault), *oddities]
    )
    return Reading(
        changes=tuple(change for reading in readings for change in reading.changes),
        heard=tuple(dict.fromkeys(heard for reading in readings for heard in reading.heard)),
        sequence_number=readings[-1].sequence_number if readings else None,
        fault="; ".join(faults) or None,
        message_type=readings[0].message_type if readings else "empty batch",
    )


def _read_census(entry: Entry, context: ReadingContext) -> Reading:
    speaker = Speaker(context, _stamp(entry, context, entry.received, ""), entry.received)
    try:
        census.read_census(speaker, entry.body)
    except census.CensusError as problem:
        return Reading(fault=str(problem), message_type="CENSUS")
    return _reading(speaker, "CENSUS", None)


def _stamp(
    entry: Entry, context: ReadingContext, sent: int, control: str, place: int = 0
) -> Stamp:
    digest = int.from_bytes(blake2b(entry.body, digest_size=6).digest(), "big")
    return Stamp(
        sent,
        -context.feed.rank,
        sent,
        control,
        (digest + place) & 0xFFFF_FFFF_FFFF,
        0,
        entry.feed,
        entry.sequence,
    )


def _read_message(
    message: Message, entry: Entry, context: ReadingContext, place: int
) -> Reading:
    header = message.header
    code, trigger = message.type_and_trigger()
    written = parse_moment(header.first(7), context.zone)
    trusted = written is not None and written.at <= entry.received + FUTURE
    sent = written.at if written is not None and trusted else entry.received
    stamp = _stamp(entry, context, sent, header.first(10), place)
    speaker = Speaker(context, stamp, entry.received)
    reader = _READERS.get(code)
    if reader is not None:
        reader(speaker, message, trigger)
        if entry.id_reused and speaker.record:
            speaker.say(Section.PERSON, "id_reused", {"message": header.first(10)})
    number = header.first(13)
    counter = int(number) if number.isdecimal() and len(number) <= _DIGITS else None
    return _reading(speaker, f"{code}^{trigger}" if trigger else code, counter)


def _reading(speaker: Speaker, message_type: str, counter: int | None) -> Reading:
    return Reading(
        changes=tuple(speaker.changes),
        heard=tuple((stream, speaker.ward or None, at) for stream, at in speaker.heard.items()),
        sequence_number=counter,
        fault="; ".join(dict.fromkeys(speaker.faults)) or None,
        message_type=message_type,
    )


def _begin(speaker: Speaker, message: Message) -> Segment | None:
    """Turn to the patient and visit of a message that is not ADT; None and a fault if none."""
    pid = message.one("PID")
    if pid is None or not identify(speaker, pid):
        speaker.fault("no record number (PID-3)" if pid else "no PID segment")
        return None
    set_visit(speaker, pid, message.one("PV1"))
    read_person_aside(speaker, pid)
    for segment in message.segments:
        if segment.name == "DG1":
            read_diagnosis(speaker, segment)
    return pid


def _read_adt(speaker: Speaker, message: Message, trigger: str) -> None:
    evn = message.one("EVN")
    recorded = speaker.time(evn.first(2), evn.first(6)) if evn else None
    if recorded is not None:
        speaker.happens(recorded)
    if trigger in REFUSED:
        speaker.fault(REFUSED[trigger])
    elif trigger in PATIENT_MERGES or trigger in VISIT_MERGES:
        read_merges(speaker, message, trigger)
    elif trigger == "A17":
        _read_swap(speaker, message)
    elif trigger in _WITHOUT_PATIENT:
        speaker.hears(Stream.ADMISSIONS)
    else:
        _read_admission(speaker, message, trigger)


def _read_swap(speaker: Speaker, message: Message) -> None:
    """A17 holds two patients, each PID with its PV1: both move."""
    speaker.hears(Stream.ADMISSIONS)
    pid: Segment | None = None
    for segment in message.segments:
        if segment.name == "PID":
            pid = segment if identify(speaker, segment) else None
            if pid is not None:
                read_person(speaker, pid)
        elif segment.name == "PV1" and pid is not None:
            set_visit(speaker, pid, segment)
            read_movement(speaker, message, "A17", segment, None)


def _read_admission(speaker: Speaker, message: Message, trigger: str) -> None:
    speaker.hears(Stream.ADMISSIONS)
    pid, pv1, pv2 = message.one("PID"), message.one("PV1"), message.one("PV2")
    if pid is None or not identify(speaker, pid):
        speaker.fault("no record number (PID-3)" if pid else "no PID segment")
        return
    set_visit(speaker, pid, pv1)
    read_person(speaker, pid)
    if pv1 is not None or trigger in ("A03", "A11", "A13"):
        read_movement(speaker, message, trigger, pv1, pv2)
    _read_around(speaker, message, pv2)


def _read_around(speaker: Speaker, message: Message, pv2: Segment | None) -> None:
    read_allergies(speaker, message)
    if pv2 is not None:
        say_directive(speaker, pv2.raw(45), "pv2")
    for segment in message.segments:
        if segment.name == "NK1":
            read_next_of_kin(speaker, segment)
        elif segment.name == "DG1":
            read_diagnosis(speaker, segment)
        elif segment.name == "PRB":
            read_problem(speaker, segment)
        elif segment.name == "OBX":
            read_site_observation(speaker, segment)
        elif segment.name == "PD1":
            say_directive(speaker, segment.raw(15), "pd1")


def _read_problems(speaker: Speaker, message: Message, _trigger: str) -> None:
    if _begin(speaker, message) is not None:
        for segment in message.named("PRB"):
            read_problem(speaker, segment)


def _groups(message: Message) -> list[OrderGroup]:
    groups: list[OrderGroup] = []
    before: list[Segment] = []
    for segment in message.segments:
        if segment.name == "ORC":
            groups.append(OrderGroup(segment, []))
        elif groups:
            groups[-1].rest.append(segment)
        else:
            before.append(segment)
    if not groups and any(segment.name in ("OBR", "RXE", "RXO", "RXA") for segment in before):
        groups.append(OrderGroup(Segment("ORC", ["ORC"]), before))
    return groups


def _read_orders(speaker: Speaker, message: Message, _trigger: str) -> None:
    if _begin(speaker, message) is None:
        return
    read_allergies(speaker, message)
    groups = _groups(message)
    for place, group in enumerate(groups):
        following = ""
        if group.orc.first(1).upper() in REPLACED and place + 1 < len(groups):
            after = groups[place + 1].orc
            following = name_order(speaker, after.raw(2), after.raw(3)).key
        _read_order(speaker, message, group, following)
        _read_beside(speaker, group)


def _read_beside(speaker: Speaker, group: OrderGroup) -> None:
    """Say observations sent with an order: what its author looked at (weight, potassium...)."""
    found = [segment for segment in group.rest if segment.name == "OBX"]
    if not found:
        return
    obr = group.one("OBR") or Segment("OBR", ["OBR"])
    beside = ObservationGroup(obr, group.orc, [], [])
    named = name_order(speaker, group.orc.raw(2), group.orc.raw(3))
    for segment in found:
        if not read_site_observation(speaker, segment):
            say_result(speaker, beside, segment, [], named)


def _read_order(speaker: Speaker, message: Message, group: OrderGroup, following: str) -> None:
    names = {segment.name for segment in group.rest}
    if "RXA" in names:
        read_doses(speaker, group)
    elif names & {"RXE", "RXO"} or (message.code in _MEDICATION and "OBR" not in names):
        read_medication_order(speaker, group, following, dispense=message.code == "RDS")
    elif "ODS" in names or message.code == "OMD":
        read_diet(speaker, group)
    else:
        read_request(speaker, group, following)


def _read_results(speaker: Speaker, message: Message, _trigger: str) -> None:
    if _begin(speaker, message) is None:
        return
    group: ObservationGroup | None = None
    orc: Segment | None = None
    for segment in message.segments:
        if segment.name == "ORC":
            orc = segment
        elif segment.name == "OBR":
            _finish(speaker, group)
            group, orc = ObservationGroup(segment, orc, [], []), None
        elif group is not None:
            _collect(group, segment)
        elif segment.name == "OBX":
            read_site_observation(speaker, segment)
    _finish(speaker, group)


def _collect(group: ObservationGroup, segment: Segment) -> None:
    if segment.name == "OBX":
        group.observations.append((segment, []))
    elif segment.name == "NTE" and group.observations and segment.text(3):
        group.observations[-1][1].append(segment.text(3))
    elif segment.name == "SPM":
        group.specimens.append(segment)


def _finish(speaker: Speaker, group: ObservationGroup | None) -> None:
    if group is None:
        return
    read_observations(speaker, group)
    obr = group.obr
    named = name_order(
        speaker,
        obr.raw(2) or (group.orc.raw(2) if group.orc else ""),
        obr.raw(3) or (group.orc.raw(3) if group.orc else ""),
    )
    if named.key and group.specimens:
        read_specimens(speaker, group.specimens, named, obr)


def _read_documents(speaker: Speaker, message: Message, trigger: str) -> None:
    if _begin(speaker, message) is not None:
        read_document(speaker, message, trigger)


def _read_schedule(speaker: Speaker, message: Message, trigger: str) -> None:
    pid = _begin(speaker, message)
    if pid is not None:
        for segment in message.named("OBX"):
            read_site_observation(speaker, segment)
        read_appointment(speaker, message, trigger, pid)


def _read_gives(speaker: Speaker, message: Message, _trigger: str) -> None:
    """RGV tells single gives of a known order: heard, and no order is made of its timing."""
    if _begin(speaker, message) is not None:
        speaker.hears(Stream.MEDICATION_ORDERS)


_ORDER_MESSAGES = ("RDE", "RDS", "RAS", "OMP", "OMD", "ORM", "OML", "OMG", "OMI", "OMN")
_READERS: dict[str, Callable[[Speaker, Message, str], None]] = {
    "ADT": _read_adt,
    "PPR": _read_problems,
    "ORU": _read_results,
    "OUL": _read_results,
    "MDM": _read_documents,
    "SIU": _read_schedule,
    "RGV": _read_gives,
    **dict.fromkeys(_ORDER_MESSAGES, _read_orders),
}
"""What is not here (ACK, VXU, DFT, MFN, answers such as ORR...) is read and changes nothing."""
