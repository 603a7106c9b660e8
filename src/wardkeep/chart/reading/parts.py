"""HL7 v2 data types as rows: coded values, persons, numbers, places, telephones."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from wardkeep.chart.change import Fields, FieldValue
from wardkeep.hospital.site import Rules
from wardkeep.wire.hl7v2.escapes import unescape
from wardkeep.wire.hl7v2.segment import NULL, Segment, components, first_part, part

_CACHE = 8192


@lru_cache(maxsize=_CACHE)
def coded(raw: str) -> tuple[str, str, str]:
    """Return code, text and system of a CE or CWE, of the alternate if the first lacks."""
    found = components(raw.split("~", 1)[0])
    code, text, system = part(found, 1), part(found, 2), part(found, 3)
    if not code:
        code, system = part(found, 4), part(found, 6) or system
    return code, text or part(found, 9) or part(found, 5), system


def put_coded(fields: Fields, raw: str) -> None:
    """Put code, text and system into fields; `""` deletes all three."""
    if raw == NULL:
        fields.update(code=None, text=None, system=None)
    elif raw:
        code, text, system = coded(raw)
        fields.update(code=code, text=text, system=system)


def put_coded_row(fields: Fields, name: str, raw: str) -> None:
    """Put a coded value into one field as a row."""
    if raw == NULL:
        fields[name] = None
    elif raw:
        fields[name] = list(coded(raw))


def words(raw: str) -> str:
    """Return the text to show of a CE or CWE: its text, else its code."""
    code, text, _ = coded(raw)
    return text or code


def amount(number: str, unit: str) -> str:
    """Return a number with its unit as sent."""
    number = unescape(number.split("^", 1)[0])
    shown = words(unit) if unit else ""
    return f"{number} {shown}".strip() if number and number != NULL else ""


@lru_cache(maxsize=_CACHE)
def clinician(raw: str) -> tuple[str, str] | None:
    """Return identifier and name of an XCN, None if it holds neither."""
    found = components(raw.split("~", 1)[0])
    family = first_part(found, 2)
    names = (part(found, 6), family, part(found, 3))
    called = " ".join(name for name in names if name)
    identifier = part(found, 1)
    return (identifier, called) if identifier or called else None


def put_clinician(fields: Fields, name: str, *raws: str) -> None:
    """Put the first person that one of the raw fields names."""
    for raw in raws:
        if raw == NULL:
            fields[name] = None
            return
        if raw and (found := clinician(raw)):
            fields[name] = list(found)
            return


@lru_cache(maxsize=_CACHE)
def location(raw: str) -> tuple[str, str, str, str] | None:
    """Return ward, room, bed and facility of a PL, None if it holds none of ward, room, bed."""
    found = components(raw)
    ward, room, bed, facility = (first_part(found, place) for place in (1, 2, 3, 4))
    return (ward, room, bed, facility) if ward or room or bed else None


@lru_cache(maxsize=_CACHE)
def numbers(raw: str) -> tuple[tuple[str, str, str], ...]:
    """Return number, authority and type of every CX of a field that has a number."""
    found = []
    for repetition in raw.split("~"):
        pieces = components(repetition)
        number = part(pieces, 1).strip()
        if number:
            authority = first_part(pieces, 4)
            found.append((number, authority, part(pieces, 5)))
    return tuple(found)


def record_number(raw: str, rules: Rules) -> str:
    """Return the record number among the numbers of a CX field, "" if there is none.

    The site's authorities count first, in their order, then the types MR and PI, then the
    first.
    """
    return choose_record(numbers(raw), rules)


def choose_record(found: Sequence[Sequence[str | int]], rules: Rules) -> str:
    """Return the record number among rows of number, authority, type; "" if there is none."""
    for authority in rules.record_authorities:
        for number, by, _ in found:
            if by == authority:
                return str(number)
    for kind in ("MR", "PI"):
        for number, _, is_kind in found:
            if is_kind == kind:
                return str(number)
    return str(found[0][0]) if found else ""


def entity(raw: str, feed: str) -> str:
    """Return a number with its namespace (EI); without one, its feed sets it apart."""
    found = components(raw.split("~", 1)[0])
    number = part(found, 1).strip()
    if not number:
        return ""
    namespace = part(found, 2) or part(found, 3)
    return f"{number}^{namespace}" if namespace else f"{number}@{feed}"


@lru_cache(maxsize=_CACHE)
def telephones(raw: str) -> tuple[tuple[str, str], ...]:
    """Return number and use of every XTN that holds a telephone number."""
    found = []
    for repetition in raw.split("~"):
        pieces = components(repetition)
        number = part(pieces, 1) or part(pieces, 12) or _assembled(pieces)
        if number:
            found.append((number, part(pieces, 2)))
    return tuple(found)


def _assembled(pieces: list[str]) -> str:
    country, area, local, extension = (part(pieces, place) for place in (5, 6, 7, 8))
    if not local:
        return ""
    shown = " ".join(piece for piece in (f"+{country}" * bool(country), area, local) if piece)
    return f"{shown} x{extension}" if extension else shown


def put_telephones(fields: Fields, name: str, raw: str) -> None:
    """Put the telephones of a field; `""` deletes them."""
    if raw == NULL:
        fields[name] = None
    elif raw and (found := telephones(raw)):
        value: list[str | int | list[str | int]] = [list(row) for row in found]
        fields[name] = value


@lru_cache(maxsize=_CACHE)
def person_name(raw: str) -> tuple[str, str, str] | None:
    """Return family, given, other names of an XPN; a whole legal name (type L) goes first."""
    repetitions = [piece for piece in raw.split("~") if piece]
    found = [components(piece) for piece in repetitions]
    legal = next(
        (one for one in found if part(one, 7) == "L" and part(one, 1) and part(one, 2)), None
    )
    chosen = legal or (found[0] if found else [])
    family = first_part(chosen, 1)
    given, other = part(chosen, 2), part(chosen, 3)
    return (family, given, other) if family or given else None


def put_name(fields: Fields, raw: str) -> None:
    """Put family, given and other names; `""` deletes them."""
    if raw == NULL:
        fields.update(family=None, given=None, other=None)
    elif raw and (found := person_name(raw)):
        fields.update(family=found[0], given=found[1], other=found[2])


def all_words(segment: Segment, number: int) -> FieldValue:
    """Return the texts of all repetitions of a coded field."""
    return [shown for raw in segment.repetitions(number) if (shown := words(raw))]
