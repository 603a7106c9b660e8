"""A hospital's census as CSV, with columns mapped to the names of chart.reading.census."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping

import msgspec

from wardkeep.chart.reading.census import Census, CensusRow

# Names that hospitals of the region give to their columns; others by mapping.
_USUAL = {
    "record": (
        "record",
        "mrn",
        "patient",
        "patientid",
        "patnr",
        "nip",
        "ipp",
        "fallnr",
        "numero",
    ),
    "family": ("family", "lastname", "surname", "name", "nom", "naam", "nachname"),
    "given": ("given", "firstname", "prenom", "voornaam", "vorname"),
    "birth_date": (
        "birthdate",
        "born",
        "dob",
        "naissance",
        "datenaissance",
        "geboortedatum",
        "geburtsdatum",
    ),
    "sex": ("sex", "gender", "sexe", "geslacht", "geschlecht"),
    "ward": ("ward", "unit", "unite", "service", "afdeling", "station"),
    "room": ("room", "chambre", "kamer", "zimmer"),
    "bed": ("bed", "lit", "bett"),
    "visit": ("visit", "encounter", "sejour", "opname", "fall"),
    "admitted": ("admitted", "admission", "entree", "opnamedatum", "aufnahme"),
    "allergies": ("allergies", "allergie", "allergieen", "allergien"),
    "attending": ("attending", "medecin", "arts", "arzt"),
    "diet": ("diet", "regime", "dieet", "kost"),
    "isolation": ("isolation", "isolement", "isolatie"),
    "code_status": ("codestatus", "nrp", "dnr"),
    "telephone": ("telephone", "phone", "tel", "telefoon", "telefon"),
    "reason": ("reason", "motif", "reden", "grund"),
}
COLUMNS = tuple(f.encode_name for f in msgspec.structs.fields(CensusRow))
_SIZE = 64 * 1024 * 1024


class CensusFileError(Exception):
    """The file cannot be read as a census; says line and column."""


def read_census_file(content: bytes, as_of: str, columns: Mapping[str, str]) -> Census:
    """Return the census that a CSV file holds.

    `columns` leads from the names of CensusRow to the file's own headings; what is not named is
    found by its usual headings in four languages. Raises CensusFileError.
    """
    if len(content) > _SIZE:
        raise CensusFileError(f"the file has more than {_SIZE} bytes")
    text = _decoded(content)
    try:
        dialect: type[csv.Dialect] | str = csv.Sniffer().sniff(text[:8192], ";,\t|")
    except csv.Error:
        dialect = "excel"
    lines = list(csv.reader(io.StringIO(text, newline=""), dialect))
    if not lines:
        raise CensusFileError("the file is empty")
    places = _places(lines[0], columns)
    rows = [
        _row(line, places, number)
        for number, line in enumerate(lines[1:], 2)
        if any(cell.strip() for cell in line)
    ]
    return Census(as_of=as_of, rows=tuple(rows))


def _decoded(content: bytes) -> str:
    for charset in ("utf-8-sig", "cp1252"):
        try:
            return content.decode(charset)
        except UnicodeDecodeError:
            continue
    return content.decode("latin-1")


def _places(headings: list[str], columns: Mapping[str, str]) -> dict[str, int]:
    plain = [_plain(heading) for heading in headings]
    places: dict[str, int] = {}
    for name, heading in columns.items():
        if name not in COLUMNS:
            raise CensusFileError(f"{name!r} is not a column of a census: {', '.join(COLUMNS)}")
        if _plain(heading) not in plain:
            raise CensusFileError(f"line 1 has no column {heading!r}: {', '.join(headings)}")
        places[name] = plain.index(_plain(heading))
    for name, usual in _USUAL.items():
        found = next((plain.index(u) for u in usual if u in plain), None)
        if name not in places and found is not None and found not in places.values():
            places[name] = found
    if "record" not in places:
        raise CensusFileError(
            f"line 1 names no column with the record number: {', '.join(headings)}"
        )
    return places


def _row(line: list[str], places: Mapping[str, int], number: int) -> CensusRow:
    cells: dict[str, object] = {}
    for name, place in places.items():
        value = line[place].strip() if place < len(line) else ""
        if name == "allergies":
            found = [part.strip() for part in value.replace("|", ",").split(",")]
            cells[name] = [part for part in found if part] or None
        elif name in ("birth_date", "admitted"):
            cells[name] = _hl7_time(value, number, name)
        else:
            cells[name] = value
    if not cells["record"]:
        raise CensusFileError(f"line {number} has no record number")
    return msgspec.convert(cells, CensusRow)


def _hl7_time(value: str, number: int, name: str) -> str:
    """Turn 1934-03-07, 07/03/1934, 07.03.1934 14:30 and HL7 times into HL7 times."""
    if not value:
        return ""
    date, _, clock = value.replace("T", " ").partition(" ")
    parts = date.replace(".", "/").replace("-", "/").split("/")
    if len(parts) == 1 and date.isdigit():
        return value
    if len(parts) != 3 or not all(part.isdigit() for part in parts):  # noqa: PLR2004  # y, m, d
        raise CensusFileError(f"line {number}: {name} is not a date")
    if len(parts[0]) != 4:  # noqa: PLR2004  # the year stands last: day first, as in the region
        parts.reverse()
    year, month, day = parts
    return f"{year}{month:0>2}{day:0>2}{''.join(c for c in clock if c.isdigit())[:6]}"


def _plain(heading: str) -> str:
    folded = heading.casefold().translate(str.maketrans("éèêëàâïîôöüç", "eeeeaaiioouc"))
    return "".join(c for c in folded if c.isalnum())
