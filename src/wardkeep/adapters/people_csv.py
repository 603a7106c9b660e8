"""The hospital's list of people as CSV: name, full_name, roles, badge, language."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping

from wardkeep.access.errors import PeopleListError
from wardkeep.access.events import Role
from wardkeep.access.importing import Person, faults_within

COLUMNS = ("name", "full_name", "roles", "badge", "language")
_NEEDED = ("name", "full_name", "roles")
_LANGUAGES = {"", "fr", "nl", "de", "en"}
# A hundred times the staff of a large hospital.
_LARGEST = 64 * 1024 * 1024
_LONGEST_NAME = 100
_LONGEST_BADGE = 32


def read_people(content: bytes) -> list[Person]:
    """Return the people of a CSV file (UTF-8, headings first) in the order of its lines.

    Separated by comma, semicolon or tab; several roles of one person by spaces or `+`. Names
    of accounts are made small letters. Raises PeopleListError with every faulty line.
    """
    if len(content) > _LARGEST:
        raise PeopleListError(f"the file has more than {_LARGEST} bytes")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        line = content[: fault.start].count(b"\n") + 1
        raise PeopleListError(f"line {line}: this is not UTF-8 text") from fault
    faults: list[str] = []
    people = _people(text, faults)
    if faults:
        # With what the list itself has wrong: whoever mends it wants to mend it once.
        raise PeopleListError("\n".join(faults + faults_within(people)))
    return people


def _people(text: str, faults: list[str]) -> list[Person]:
    head = text.split("\n", 1)[0]
    reader = csv.DictReader(
        io.StringIO(text, newline=""), delimiter=max(",;\t", key=head.count), strict=True
    )
    found: list[Person] = []
    try:
        names = [name.strip().lower() for name in reader.fieldnames or ()]
        reader.fieldnames = names
        unknown = [name for name in names if name not in COLUMNS]
        lacking = [name for name in _NEEDED if name not in names]
        faults += [f"line 1: there is no column {name!r}" for name in lacking]
        faults += [f"line 1: the column {name!r} is not known" for name in unknown]
        if not lacking and not unknown:
            found = [_person(row, reader.line_num, faults) for row in reader]
    except csv.Error as fault:
        faults.append(f"line {reader.line_num}: {fault}")
    return found


def _person(row: Mapping[str | None, object], line: int, faults: list[str]) -> Person:
    if None in row:
        faults.append(f"line {line}: more cells than line 1 has headings")
    cells = {name: str(row.get(name) or "").strip() for name in COLUMNS}
    full_name, badge, language = cells["full_name"], cells["badge"], cells["language"].lower()
    if not full_name or len(full_name) > _LONGEST_NAME or not full_name.isprintable():
        faults.append(f"line {line}: a full name of 1 to {_LONGEST_NAME} letters is needed")
    if badge and not (badge.isascii() and badge.isalnum() and len(badge) <= _LONGEST_BADGE):
        faults.append(f"line {line}: {badge!r} is no badge number: letters and digits")
    if language not in _LANGUAGES:
        faults.append(f"line {line}: {language!r} is none of fr, nl, de, en")
    return Person(
        line=line,
        name=cells["name"].lower(),
        full_name=full_name,
        roles=_roles(cells["roles"], line, faults),
        badge=badge.upper(),
        language=language,
    )


def _roles(cell: str, line: int, faults: list[str]) -> tuple[Role, ...]:
    found = []
    for word in cell.replace("+", " ").lower().split():
        try:
            found.append(Role(word))
        except ValueError:
            faults.append(f"line {line}: there is no role {word!r}: {', '.join(Role)}")
    if not cell:
        faults.append(f"line {line}: a role is needed: {', '.join(Role)}")
    return tuple(found)
