"""ADT: admissions, moves, leave, discharges and their cancels (v2.5.1 chapter 3)."""

from __future__ import annotations

from wardkeep.chart.cells import SEPARATOR
from wardkeep.chart.change import Fields, Section, moment_row
from wardkeep.chart.model import EncounterState
from wardkeep.chart.reading.parts import location, put_clinician, words
from wardkeep.chart.reading.speaker import Speaker, put
from wardkeep.kernel.times import Moment, Precision
from wardkeep.wire.hl7v2.message import Message
from wardkeep.wire.hl7v2.segment import Segment

MOVING = {"A01", "A02", "A06", "A07", "A13", "A17", "A22"}
"""Triggers whose PV1-3 tells a move at the time of the event; others tell it in passing."""

_STEPS = {
    "A01": ("admit", EncounterState.ADMITTED),
    "A04": ("admit", EncounterState.OUTPATIENT),
    "A05": ("preadmit", EncounterState.PREADMITTED),
    "A14": ("preadmit", EncounterState.PREADMITTED),
    "A06": ("admit", EncounterState.ADMITTED),
    "A07": ("admit", EncounterState.OUTPATIENT),
    "A03": ("discharge", EncounterState.DISCHARGED),
    "A21": ("leave", EncounterState.ON_LEAVE),
    "A22": ("return", EncounterState.ADMITTED),
}
_CANCELS = {
    "A11": "no-admit", "A23": "no-admit", "A27": "no-preadmit", "A38": "no-preadmit",
    "A13": "no-discharge", "A52": "no-leave", "A53": "no-return",
}  # fmt: skip
_LYING = {"I", "E", "B"}
"""Patient classes (table 0004) that lie in a bed: inpatient, emergency, obstetrics."""

_CLASSES = {"P": EncounterState.PREADMITTED} | dict.fromkeys("ORC", EncounterState.OUTPATIENT)


def set_visit(speaker: Speaker, pid: Segment | None, pv1: Segment | None) -> None:
    """Turn the speaker to the visit of a PV1 and to its ward."""
    visit = pv1.first(19) if pv1 else ""
    speaker.visit = visit or (pid.first(18) if pid else "")
    place = location(pv1.raw(3)) if pv1 and pv1.raw(3) else None
    speaker.ward = place[0] if place else ""


def read_movement(
    speaker: Speaker, message: Message, trigger: str, pv1: Segment | None, pv2: Segment | None
) -> None:
    """Say what an ADT message tells of a visit."""
    evn = message.one("EVN")
    happened = _happened(speaker, evn)
    visit = (speaker.visit or speaker.record) + SEPARATOR
    if pv1 is None and trigger not in _STEPS and trigger not in _CANCELS:
        return
    pv1 = pv1 or Segment("PV1", ["PV1"])
    _step(speaker, visit, trigger, pv1, happened)
    _place(speaker, visit, trigger, pv1, happened)
    _content(speaker, visit, pv1, pv2)


def _happened(speaker: Speaker, evn: Segment | None) -> Moment:
    for number in (6, 2):
        moment = speaker.moment(evn.first(number)) if evn else None
        if moment is not None:
            return moment
    return Moment(speaker.event, Precision.SECOND, "")


def _step(speaker: Speaker, visit: str, trigger: str, pv1: Segment, at: Moment) -> None:
    if step := _STEPS.get(trigger):
        kind, state = step
        if trigger == "A04" and pv1.first(2) in _LYING:
            state = EncounterState.ADMITTED
        speaker.say(
            Section.VISIT, visit + kind, {"state": state.value, "at": list(moment_row(at))}
        )
    if cancel := _CANCELS.get(trigger):
        speaker.say(Section.VISIT, visit + cancel, {"at": list(moment_row(at))})
    if trigger == "A12":
        fields: Fields = {"at": list(moment_row(at))}
        if place := location(pv1.raw(3)):
            fields["location"] = list(place)
        speaker.say(Section.VISIT, f"{visit}no-move{SEPARATOR}{speaker.event}", fields)


def _place(speaker: Speaker, visit: str, trigger: str, pv1: Segment, at: Moment) -> None:
    place = location(pv1.raw(3)) if pv1.raw(3) else None
    if place and trigger in MOVING:
        fields: Fields = {"location": list(place), "at": list(moment_row(at))}
        if trigger == "A02":
            fields["transfer"] = "yes"
        speaker.say(Section.VISIT, f"{visit}move{SEPARATOR}{at.at}", fields)
        return
    if trigger in ("A12", "A11", "A23", "A38", "A27"):
        return
    seen: Fields = {}
    if place:
        seen["location"] = list(place)
    if state := _implied(pv1, in_bed=bool(place and place[2])):
        seen["state"] = state.value
    kind = "planned" if trigger in ("A05", "A14") else "seen"
    speaker.say(Section.VISIT, visit + kind, seen)


def _implied(pv1: Segment, *, in_bed: bool) -> EncounterState | None:
    """Return what a PV1 alone says of the stay, for when no movement is known."""
    if pv1.first(45) and pv1.raw(45) != '""':
        return EncounterState.DISCHARGED
    kind = pv1.first(2)
    if kind in _LYING:
        return EncounterState.ADMITTED
    return _CLASSES.get(kind) or (EncounterState.ADMITTED if in_bed else None)


def _content(speaker: Speaker, visit: str, pv1: Segment, pv2: Segment | None) -> None:
    fields: Fields = {}
    put(fields, "class", pv1.raw(2).split("^", 1)[0])
    put_clinician(fields, "attending", pv1.raw(7))
    put(fields, "service", pv1.raw(10).split("^", 1)[0])
    speaker.put_moment(fields, "admitted", pv1.raw(44).split("^", 1)[0])
    speaker.put_moment(fields, "discharged", pv1.raw(45).split("^", 1)[0])
    if pv2 is not None:
        put(fields, "reason", words(pv2.raw(3)) if pv2.raw(3) != '""' else '""')
        speaker.put_moment(fields, "expected", pv2.raw(9).split("^", 1)[0])
    speaker.say(Section.VISIT, visit + "content", fields)
