"""SIU as an Appointment."""

from __future__ import annotations

from wardkeep.kernel.times import MINUTE
from wardkeep.sample.fhir.elements import (
    Json,
    at_of,
    entity,
    instant,
    person,
    pieces,
)
from wardkeep.wire.hl7v2.segment import Segment

_STATES = {
    "Booked": "booked", "Cancelled": "cancelled", "Noshow": "noshow", "Complete": "fulfilled",
}  # fmt: skip


def appointment(segments: list[Segment], who: Json) -> Json:
    """Return a booking."""
    by_name = {segment.name: segment for segment in segments}
    sch, ais, ail, aip = (by_name[name] for name in ("SCH", "AIS", "AIL", "AIP"))
    start, minutes = at_of(ais.raw(4)), int(sch.raw(9))
    _, room, _, house, *_ = pieces(ail.raw(3))
    place: Json = {"type": "Location", "display": f"{room} {house}"}
    doctor: Json = {"type": "Practitioner", **person(aip.raw(3))}
    actors: list[Json] = [{"type": "Patient", **who}, place, doctor]
    return {
        "resourceType": "Appointment",
        "id": pieces(sch.raw(1))[0],
        "identifier": [entity(sch.raw(1))],
        "status": _STATES[sch.raw(25)],
        "serviceType": [{"text": pieces(ais.raw(3))[1]}],
        "reasonCode": [{"text": pieces(sch.raw(7))[1]}],
        "start": instant(start),
        "end": instant(start + minutes * MINUTE),
        "minutesDuration": minutes,
        "participant": [{"actor": actor, "status": "accepted"} for actor in actors],
    }
