"""The census of a first fill: rows that `wardkeep load` made of a hospital's CSV.

A census entry's body is UTF-8 JSON:

    {"as_of": "20260517T0330Z" | HL7 time, "rows": [
      {"record": "123456", "family": "...", "given": "...", "birth_date": "19340307",
       "sex": "F", "ward": "A2", "room": "12", "bed": "2", "facility": "", "visit": "V1",
       "class": "I", "admitted": "202605101430", "attending": "...", "service": "...",
       "reason": "...", "diet": "...", "isolation": "...", "code_status": "...",
       "telephone": "...", "allergies": ["Penicillin", ...] | null }, ...]}

`as_of` and `record` are required; every other key may be missing or empty, which says nothing.
`allergies` null or missing says nothing; [] says nothing either; one of the site's
no-known-allergy
codes in it, or the usual words of the region, says that none are known; "unknown" says
nothing. Times are HL7 times (DTM) of the site's zone. A person's
row is as true as `as_of`: what a feed says later is believed.
"""

from __future__ import annotations

import msgspec

from wardkeep.chart.cells import SEPARATOR
from wardkeep.chart.change import Fields, Section
from wardkeep.chart.model import EncounterState
from wardkeep.chart.reading.allergy_words import says_none, says_unknown
from wardkeep.chart.reading.speaker import Speaker
from wardkeep.chart.text import normal
from wardkeep.chart.views.allergies import ITEM, NONE
from wardkeep.chart.views.person import PID
from wardkeep.chart.views.problems import DIET, ISOLATION
from wardkeep.hospital.streams import Stream
from wardkeep.wire.hl7v2.times import birth_date


class CensusError(Exception):
    """A census entry cannot be read; the words hold no patient's data."""


class CensusRow(msgspec.Struct, frozen=True, kw_only=True):
    """One patient of a census; all text as the hospital's file has it."""

    record: str
    family: str = ""
    given: str = ""
    birth_date: str = ""
    sex: str = ""
    ward: str = ""
    room: str = ""
    bed: str = ""
    facility: str = ""
    visit: str = ""
    patient_class: str = msgspec.field(default="", name="class")
    admitted: str = ""
    attending: str = ""
    service: str = ""
    reason: str = ""
    diet: str = ""
    isolation: str = ""
    code_status: str = ""
    telephone: str = ""
    allergies: tuple[str, ...] | None = None


class Census(msgspec.Struct, frozen=True, kw_only=True):
    """A whole census; `as_of` is an HL7 time."""

    as_of: str
    rows: tuple[CensusRow, ...]


_decoder = msgspec.json.Decoder(Census)


def read_census(speaker: Speaker, body: bytes) -> None:
    """Say every row of a census; raises CensusError if it cannot be read."""
    try:
        census = _decoder.decode(body)
    except msgspec.DecodeError as problem:
        raise CensusError("the census is not the JSON that `wardkeep load` writes") from problem
    as_of = speaker.time(census.as_of)
    if as_of is None:
        raise CensusError("the census has no readable `as_of`")
    speaker.sent = as_of
    speaker.happens(as_of)
    speaker.hears(Stream.ADMISSIONS)
    for row in census.rows:
        _read(speaker, row)


def _read(speaker: Speaker, row: CensusRow) -> None:
    if not row.record.strip():
        speaker.fault("a census row without a record number")
        return
    speaker.record = row.record.strip()
    speaker.era = birth_date(row.birth_date)
    person: Fields = {"identifiers": [[speaker.record, "", ""]]}
    if row.family or row.given:
        person.update(family=row.family, given=row.given, other="")
    if speaker.era:
        person["birth"] = speaker.era
    if row.sex:
        person["sex"] = row.sex
    if row.telephone:
        person["home"] = [[row.telephone, ""]]
    speaker.say(Section.PERSON, PID, person)
    _say_stay(speaker, row)
    _say_care(speaker, row)
    _say_allergies(speaker, row)


def _say_stay(speaker: Speaker, row: CensusRow) -> None:
    visit = (row.visit or row.record.strip()) + SEPARATOR
    if row.ward or row.bed or row.room:
        seen: Fields = {
            "location": [row.ward, row.room, row.bed, row.facility],
            "state": EncounterState.ADMITTED.value,
        }
        speaker.say(Section.VISIT, visit + "seen", seen)
    content: Fields = {}
    for name in ("service", "reason"):
        if value := getattr(row, name):
            content[name] = value
    if row.patient_class:
        content["class"] = row.patient_class
    if row.attending:
        content["attending"] = ["", row.attending]
    speaker.put_moment(content, "admitted", row.admitted)
    speaker.say(Section.VISIT, visit + "content", content)


def _say_care(speaker: Speaker, row: CensusRow) -> None:
    if row.diet:
        speaker.say(Section.CARE, DIET, {"text": row.diet})
    if row.isolation:
        speaker.say(Section.CARE, ISOLATION, {"text": row.isolation})
    if row.code_status:
        fields: Fields = {
            "text": row.code_status,
            "scope": row.visit,
            "record": speaker.record,
            "signer": None,
            "date": None,
        }
        key = SEPARATOR.join((speaker.record, row.visit, "obx"))
        speaker.say(Section.CODE_STATUS, key, fields)


def _say_allergies(speaker: Speaker, row: CensusRow) -> None:
    none_known = {code.casefold() for code in speaker.context.rules.no_known_allergy_codes}
    prefix = speaker.feed + SEPARATOR
    for substance in row.allergies or ():
        if says_unknown(substance):
            continue
        if substance.strip().casefold() in none_known or says_none(substance):
            speaker.say(Section.ALLERGY, prefix + NONE, {"listed": "yes"})
        elif name := normal(substance):
            fields: Fields = {"listed": "yes", "code": "", "text": substance, "system": ""}
            speaker.say(Section.ALLERGY, f"{prefix}{ITEM}{SEPARATOR}{name}", fields)
