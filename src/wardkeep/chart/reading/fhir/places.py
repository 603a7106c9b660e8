"""Where a patient lies: bed, room, ward and house out of Locations and what they are part of.

The level of a place is its `physicalType` (bd, ro, wa, si, bu), told by the place itself or by
the encounter that names it; its code is its identifier, else its name. A place that nobody
gives a level is the ward where no other says to be it.
"""

from __future__ import annotations

from wardkeep.chart.change import Fields
from wardkeep.chart.reading.fhir.telling import Telling
from wardkeep.chart.reading.fhir.words import chosen
from wardkeep.wire.fhir.references import logical
from wardkeep.wire.fhir.values import Resource, part, text

_LEVELS = {"wa": 0, "ro": 1, "bd": 2, "si": 3, "bu": 3, "co": 1, "ho": 0, "area": 0}
"""location-physical-type: ward, room, bed; site and building are the facility of PV1-3.4."""
_DEEPEST = 8
"""Bed, room, ward, wing, house, site...: a longer chain of places is a circle."""
_WARD = 0


def place_of(telling: Telling, reference: Resource, form: str = "") -> list[str] | None:
    """Return ward, room, bed and facility that a reference to a place leads to.

    `form` is the level as the encounter tells it. None where nothing can be told: then the
    entry waits, unless there is no reference at all.
    """
    place = ["", "", "", ""]
    target = telling.target(reference)
    facts = telling.known(target, keep=True) if target else _inside(telling, reference)
    if facts is None:
        told = text(logical(reference), "value") or text(reference, "display")
        if not told and target:
            telling.wait_for("Location")
        _put(place, form, told)
        return place if told else None
    _put(place, form or str(facts["form"]), _name(facts))
    _above(telling, facts, place)
    return place if any(place) else None


def _inside(telling: Telling, reference: Resource) -> Fields | None:
    resource = telling.inside(reference)
    if not resource:
        return None
    above = part(resource, "partOf")
    return {
        "form": text(chosen(part(resource, "physicalType")), "code"),
        "code": text(part(resource, "identifier"), "value"),
        "name": text(resource, "name"),
        "above": telling.target(above),
        "above_code": text(logical(above), "value"),
        "above_name": text(above, "display"),
    }


def _above(telling: Telling, facts: Fields, place: list[str]) -> None:
    for _ in range(_DEEPEST):
        told = str(facts["above_code"] or facts["above_name"] or "")
        target = str(facts["above"] or "")
        above = telling.known(target, keep=True) if target else None
        if above is None:
            if not place[_WARD]:
                if not told and target:
                    telling.wait_for("Location")
                place[_WARD] = told
            return
        _put(place, str(above["form"]), _name(above))
        facts = above


def _name(facts: Fields) -> str:
    return str(facts["code"] or facts["name"] or "")


def _put(place: list[str], form: str, name: str) -> None:
    level = _LEVELS.get(form, _WARD if not form else None)
    if level is not None and not place[level]:
        place[level] = name
