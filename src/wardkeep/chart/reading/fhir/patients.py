"""Patient: who somebody is, whom to call, and which numbers turn out to be one person."""

from __future__ import annotations

from wardkeep.chart.cells import SEPARATOR
from wardkeep.chart.change import Fields, FieldValue, Section
from wardkeep.chart.merging import FROM, INTO
from wardkeep.chart.reading.fhir.telling import Telling
from wardkeep.chart.reading.fhir.words import (
    human_name,
    identifier_rows,
    telephone_rows,
    words,
)
from wardkeep.chart.reading.parts import choose_record
from wardkeep.chart.text import normal
from wardkeep.chart.views.person import KIN, PID, PID_ASIDE
from wardkeep.hospital.streams import Stream
from wardkeep.wire.fhir.times import date_of
from wardkeep.wire.fhir.values import Resource, part, parts, text

_SEXES = {"male": "M", "female": "F", "other": "O", "unknown": "U"}
"""administrative-gender to HL7 table 0001."""
_OLD_NAMES = {"old", "maiden", "nickname"}


def read_patient(telling: Telling) -> None:
    """Say all that a Patient says; of systems other than admissions, aside."""
    speaker, resource = telling.speaker, telling.resource
    speaker.hears(Stream.ADMISSIONS)
    rows = identifier_rows(resource, telling.rules)
    speaker.record = choose_record(rows, telling.rules)
    speaker.era = date_of(text(resource, "birthDate"))
    if not speaker.record:
        telling.fault("no record number (Patient.identifier)")
        return
    admits = Stream.ADMISSIONS in speaker.context.feed.streams
    fields = _person(telling, rows)
    telling.say(Section.PERSON, PID if admits else PID_ASIDE, fields)
    if admits:
        fields.update(_of_admissions(telling))
        for place, each in enumerate(parts(resource, "contact"), start=1):
            _say_next_of_kin(telling, each, place)
    _say_links(telling)


def _person(telling: Telling, rows: list[list[str | int]]) -> Fields:
    resource = telling.resource
    fields: Fields = {}
    if name := _name(telling):
        fields.update(family=name[0], given=name[1], other=name[2])
    if telling.speaker.era:
        fields["birth"] = telling.speaker.era
    if sex := text(resource, "gender"):
        fields["sex"] = _SEXES.get(sex, sex)
    numbers: FieldValue = [*rows]
    fields["identifiers"] = numbers
    return fields


def _of_admissions(telling: Telling) -> Fields:
    """Return what only the admission system is believed of a person."""
    fields: Fields = {}
    if phones := telephone_rows(telling.resource):
        fields["home"] = phones
    _put_death(telling, fields)
    return fields


def _name(telling: Telling) -> tuple[str, str, str] | None:
    """Return the official name, else the first, of those that are not old ones."""
    names = parts(telling.resource, "name")
    found = [each for each in names if not _is_old(telling, each)]
    official = [each for each in found if text(each, "use") == "official"]
    for each in (*official, *found):
        if any(name := human_name(each)):
            return name
    return None


def _is_old(telling: Telling, name: Resource) -> bool:
    ended = telling.moment(text(part(name, "period"), "end"))
    passed = ended is not None and ended.at < telling.speaker.sent
    return passed or text(name, "use") in _OLD_NAMES


def _put_death(telling: Telling, fields: Fields) -> None:
    resource = telling.resource
    if died := text(resource, "deceasedDateTime"):
        telling.put_moment(fields, "dead", died)
    elif resource.get("deceasedBoolean") is True:
        fields["dead"] = [telling.speaker.event, "year", ""]
    elif resource.get("deceasedBoolean") is False:
        fields["dead"] = None


def _say_next_of_kin(telling: Telling, contact: Resource, place: int) -> None:
    name = human_name(part(contact, "name"))
    if not any(name):
        name = ("", text(part(contact, "organization"), "display"), "")
    if not any(name):
        return
    fields: Fields = {
        "set": str(place).zfill(3),
        "family": name[0],
        "given": name[1],
        "other": name[2],
        "listed": "yes",
    }
    if relation := words(part(contact, "relationship")):
        fields["relation"] = relation
    if phones := telephone_rows(contact):
        fields["home"] = phones
    key = f"{KIN}{SEPARATOR}{normal(name[0])}{SEPARATOR}{normal(name[1])}"
    telling.say(Section.PERSON, key, fields)


def _say_links(telling: Telling) -> None:
    """Say which number is merged into which: by the old one, or by the surviving one."""
    mine, era = telling.speaker.record, telling.speaker.era
    for link in parts(telling.resource, "link"):
        kind = text(link, "type")
        if kind not in ("replaced-by", "replaces"):
            continue
        other = telling.record_of(part(link, "other"))
        telling.speaker.era = era
        if not other:
            telling.wait_for("Patient")
        elif other != mine and kind == "replaces":
            say_merge(telling, other, mine, era)
        elif other != mine:
            say_merge(telling, mine, other, "")


def say_merge(telling: Telling, old: str, survivor: str, era: str) -> None:
    """Say an edge of both numbers; `era` is the survivor's birth date where it is known."""
    edge: Fields = {INTO: survivor, "birth": era}
    speaker = telling.speaker
    speaker.say_of(old, "", Section.MERGE, INTO, edge)
    speaker.say_of(survivor, era, Section.MERGE, FROM + old, {"number": old})
