"""A hospital's census as CSV, with columns mapped to the names of chart.reading.census."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping

import msgspec

from wardkeep.adapters.csv_text import CsvTextError, csv_lines, csv_text
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
        "recordnumber",
        "patientnumber",
        "numerodossier",
        "nodossier",
        "ndossier",
        "dossier",
        "numeropatient",
        "nopatient",
        "dossiernummer",
        "patientnummer",
        "patientennummer",
        "patientennr",
        "patientenid",
    ),
    "family": (
        "family",
        "lastname",
        "surname",
        "name",
        "nom",
        "naam",
        "nachname",
        "familyname",
        "nomdefamille",
        "familienaam",
        "achternaam",
        "familienname",
    ),
    "given": (
        "given",
        "firstname",
        "prenom",
        "voornaam",
        "vorname",
        "givenname",
        "prenoms",
        "voornamen",
        "vornamen",
    ),
    "birth_date": (
        "birthdate",
        "born",
        "dob",
        "naissance",
        "datenaissance",
        "geboortedatum",
        "geburtsdatum",
        "dateofbirth",
        "datedenaissance",
        "neele",
        "geboortedag",
        "gebdatum",
    ),
    "sex": ("sex", "gender", "sexe", "geslacht", "geschlecht", "genre"),
    "ward": (
        "ward",
        "unit",
        "unite",
        "service",
        "afdeling",
        "station",
        "unitedesoins",
        "verpleegeenheid",
        "pflegestation",
    ),
    "room": (
        "room",
        "chambre",
        "kamer",
        "zimmer",
        "nchambre",
        "nochambre",
        "kamernummer",
        "zimmernr",
    ),
    "bed": ("bed", "lit", "bett", "nlit", "nolit", "bednummer", "bettnr"),
    "visit": (
        "visit",
        "encounter",
        "sejour",
        "opname",
        "fall",
        "visitnumber",
        "numerosejour",
        "nosejour",
        "opnamenummer",
        "fallnummer",
    ),
    "admitted": (
        "admitted",
        "admission",
        "entree",
        "opnamedatum",
        "aufnahme",
        "admissiondate",
        "dateentree",
        "datedentree",
        "dateadmission",
        "aufnahmedatum",
    ),
    "allergies": ("allergies", "allergy", "allergie", "allergieen", "allergien"),
    "attending": (
        "attending",
        "medecin",
        "arts",
        "arzt",
        "medecintraitant",
        "behandelendarts",
        "behandelnderarzt",
    ),
    "diet": ("diet", "regime", "dieet", "kost"),
    "isolation": ("isolation", "isolement", "isolatie"),
    "code_status": ("codestatus", "nrp", "dnr"),
    "telephone": (
        "telephone",
        "phone",
        "tel",
        "telefoon",
        "telefon",
        "gsm",
        "mobile",
        "telefoonnummer",
        "telefonnummer",
    ),
    "reason": ("reason", "motif", "reden", "grund"),
}
COLUMNS = tuple(f.encode_name for f in msgspec.structs.fields(CensusRow))
# Nobody alive was born before; "07/03/34" is the year 34.
_FIRST_YEAR = 1880
_SIZE = 64 * 1024 * 1024
_EXPORT_AGAIN = "Export it again: a line of headings, then a line a patient."
_COLUMN = "Give each column as --map NAME=HEADING, with a heading of line 1."


_MEND_LINES = "Mend these lines, or export again, and load the file then."
DATES = "Dates are 1934-03-07, 19340307 or 07.03.1934; 25/03/1934 where a line shows the order."
_NAMED = 20
_MONTHS = 12
# With points the day is first everywhere (DIN 1355-1); with slashes and hyphens it is not.
_YEAR_LAST = re.compile(r"(\d{1,2})[/-](\d{1,2})[/-]\d{4}(?!\d)")
_CLOCK = re.compile(
    r"(\d{1,2}):(\d\d)(?::(\d\d))?(?:\.\d+)?(Z|[+-]\d\d:?\d\d)?|(\d{4}(?:\d\d)?)"
)


class CensusFileError(Exception):
    """The file cannot be read as a census; says line and column, `advice` what to do."""

    def __init__(self, text: str, advice: str = "") -> None:
        super().__init__(text)
        self.advice = advice


def read_census_file(
    content: bytes, as_of: str, columns: Mapping[str, str], *, day_first: bool = False
) -> Census:
    """Return the census that a CSV file holds.

    `day_first` says of dates like 07/03/1934, of which no line tells it, that the day is first.

    `columns` leads from the names of CensusRow to the file's own headings; what is not named is
    found by its usual headings in four languages. Raises CensusFileError.
    """
    if len(content) > _SIZE:
        raise CensusFileError(f"the file has more than {_SIZE} bytes")
    text = _decoded(content)
    lines = _lines(text)
    if not lines:
        raise CensusFileError("the file is empty", _EXPORT_AGAIN)
    headings = lines[0][1]
    places = _places(headings, columns)
    _see_that_days_are_sure(lines[1:], places, day_first=day_first)
    return Census(as_of=as_of, rows=_rows(lines, places))


def _rows(
    lines: list[tuple[int, list[str]]], places: Mapping[str, int]
) -> tuple[CensusRow, ...]:
    """Return a row a line; raises CensusFileError with every line that cannot be read."""
    rows: dict[str, tuple[int, CensusRow]] = {}
    faults: list[CensusFileError] = []
    for number, line in lines[1:]:
        try:
            row = _row(line, places, number, len(lines[0][1]))
        except CensusFileError as fault:
            faults.append(fault)
            continue
        if row.record in rows:
            text = f"lines {rows[row.record][0]} and {number} are of one record number"
            faults.append(CensusFileError(text))
        else:
            rows[row.record] = (number, row)
    if faults:
        raise _together(faults)
    return tuple(row for _, row in rows.values())


def _together(faults: list[CensusFileError]) -> CensusFileError:
    told = [str(fault) for fault in faults[:_NAMED]]
    if len(faults) > _NAMED:
        told.append(f"and {len(faults) - _NAMED} lines more")
    if len(faults) > 1:
        told.insert(0, f"{len(faults)} lines cannot be read:")
    advice = next((fault.advice for fault in faults if fault.advice), _MEND_LINES)
    return CensusFileError("\n  ".join(told), advice)


def _see_that_days_are_sure(
    lines: list[tuple[int, list[str]]], places: Mapping[str, int], *, day_first: bool
) -> None:
    """Raise CensusFileError where nothing says which number of 07/03/1934 is the day.

    Sure is a file in which a number over 12 stands first in some date, and second in none.
    """
    found = [
        (number, int(match[1]), int(match[2]))
        for number, line in lines
        for name in ("birth_date", "admitted")
        if name in places and places[name] < len(line)
        if (match := _YEAR_LAST.match(line[places[name]].strip()))
    ]
    for number, first, second in found:
        if first <= _MONTHS < second:
            raise CensusFileError(f"line {number}: a date has the month first", DATES)
    if found and not day_first and all(first <= _MONTHS for _, first, _ in found):
        raise CensusFileError(
            f"line {found[0][0]}: a date may have the day or the month first, and no line of"
            " the file tells which",
            f"{DATES} Or say that the day stands first: --day-first.",
        )


def unused_headings(content: bytes, columns: Mapping[str, str]) -> tuple[str, ...]:
    """Return the headings from which a census takes nothing; raises CensusFileError."""
    lines = _lines(_decoded(content))
    if not lines:
        return ()
    headings = lines[0][1]
    used = set(_places(headings, columns).values())
    return tuple(h.strip() for n, h in enumerate(headings) if n not in used and h.strip())


def _lines(text: str) -> list[tuple[int, list[str]]]:
    """Return each line that holds something, numbered."""
    try:
        return list(csv_lines(text))
    except CsvTextError as fault:
        raise CensusFileError(str(fault), fault.advice) from fault


def _decoded(content: bytes) -> str:
    try:
        return csv_text(content)
    except CsvTextError as fault:
        raise CensusFileError(str(fault), fault.advice) from fault


def _places(headings: list[str], columns: Mapping[str, str]) -> dict[str, int]:
    plain = [_plain(heading) for heading in headings]
    places: dict[str, int] = {}
    for name, heading in columns.items():
        if name not in COLUMNS:
            raise CensusFileError(
                f"{name!r} is not a column of a census: {', '.join(COLUMNS)}", _COLUMN
            )
        if _plain(heading) not in plain:
            raise CensusFileError(
                f"line 1 has no column {heading!r}: {', '.join(headings)}", _COLUMN
            )
        places[name] = plain.index(_plain(heading))
    for name, usual in _USUAL.items():
        found = next((plain.index(u) for u in usual if u in plain), None)
        if name not in places and found is not None and found not in places.values():
            places[name] = found
    if "record" not in places:
        raise CensusFileError(
            f"line 1 names no column with the record number: {', '.join(headings)}",
            "Name it: --map record=HEADING.",
        )
    return places


def _row(line: list[str], places: Mapping[str, int], number: int, headings: int) -> CensusRow:
    if len(line) > headings:
        raise CensusFileError(f"line {number} has more cells than line 1 has headings")
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
    if len(parts) == 1 and date.isdigit() and len(date) >= 8:  # noqa: PLR2004  # as HL7 has it
        parts = [date[:4], date[4:6], date[6:8]]
        clock = clock or date[8:]
    if len(parts) != 3 or not all(part.isdigit() for part in parts):  # noqa: PLR2004  # y, m, d
        raise CensusFileError(f"line {number}: {name} is not a date", DATES)
    if len(parts[0]) != 4:  # noqa: PLR2004  # the year stands last: day first, as in the region
        parts.reverse()
    year, month, day = (int(part) for part in parts)
    try:
        found = dt.date(year, month, day)
    except ValueError as fault:
        raise CensusFileError(
            f"line {number}: {name} is no day of the calendar", DATES
        ) from fault
    if found.year < _FIRST_YEAR:
        raise CensusFileError(f"line {number}: {name} needs a year of four digits", DATES)
    return f"{found:%Y%m%d}{_hl7_clock(clock.strip(), number, name)}"


def _hl7_clock(clock: str, number: int, name: str) -> str:
    if not clock:
        return ""
    told = _CLOCK.fullmatch(clock)
    if told is None:
        raise CensusFileError(f"line {number}: {name} has a time that is not HH:MM", DATES)
    zone = (told[4] or "").replace("Z", "+0000").replace(":", "")
    digits = told[5] or f"{int(told[1]):02}{told[2]}{told[3] or ''}"
    if int(digits[:2]) > 23 or int(digits[2:4]) > 59:  # noqa: PLR2004  of a day
        raise CensusFileError(f"line {number}: {name} has a time that no day has", DATES)
    return f"{digits}{zone}"


def _plain(heading: str) -> str:
    folded = heading.casefold().translate(str.maketrans("éèêëàâïîôöüç", "eeeeaaiioouc"))
    return "".join(c for c in folded if c.isalnum())
