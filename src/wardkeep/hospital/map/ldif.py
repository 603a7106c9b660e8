"""Entries of a directory as LDIF (RFC 2849): folded lines, base64, comments.

Only attributes that are asked for are decoded; what an address points to is never fetched.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterable, Iterator, Mapping

import msgspec

from wardkeep.hospital.map.reading import Leftovers, UnreadableSourceError

MOST_ENTRIES = 2_000_000
LONGEST_LINE = 1_000_000
"""Of all folded parts together: a picture of a person has some hundred thousand letters."""
_ATTRIBUTE = re.compile(r"(?P<name>[A-Za-z0-9][A-Za-z0-9.\-]*)(?:;[A-Za-z0-9.\-;=_]+)?:")
_NO_ENTRY = ("search:", "result:", "ref:", "#")
"""How the last lines of ldapsearch begin."""
_IDENTIFIER = "objectsid"


class Entry(msgspec.Struct, frozen=True):
    """An entry: the line of its name, its name, its values by attribute in small letters."""

    line: int
    name: str
    said: Mapping[str, tuple[str, ...]]

    def one(self, attribute: str) -> str:
        """Return the first value of an attribute; "" where there is none."""
        return next(iter(self.said.get(attribute, ())), "")


def read_entries(text: str, wanted: frozenset[str], left: Leftovers) -> Iterator[Entry]:
    """Yield the entries of a text with the wanted attributes (in small letters).

    Raises UnreadableSourceError with the line that is not LDIF.
    """
    entries = 0
    for record in _records(text):
        line, first = record[0]
        if first.casefold().startswith(_NO_ENTRY):
            continue
        if not first.casefold().startswith("dn:"):
            raise UnreadableSourceError(f"line {line}: an entry begins with its dn")
        entries += 1
        if entries > MOST_ENTRIES:
            raise UnreadableSourceError(f"there are more than {MOST_ENTRIES} entries")
        name = _value(line, first[3:], "dn")
        if any(each.casefold().startswith("changetype:") for _, each in record[1:3]):
            left.add("entries that say a change", name)
            continue
        yield Entry(line, name, _said(record[1:], wanted, left))


def _records(text: str) -> Iterator[list[tuple[int, str]]]:
    """Yield the lines of each entry, unfolded and without comments."""
    record: list[tuple[int, str]] = []
    for number, line in _unfolded(text):
        if line and not line.startswith("#"):
            if record or not line.casefold().startswith("version:"):
                record.append((number, line))
        elif not line and record:
            yield record
            record = []
    if record:
        yield record


def _unfolded(text: str) -> Iterator[tuple[int, str]]:
    """Yield whole lines with the number of their first part, and an empty one at each gap."""
    parts: list[str] = []
    first = length = 0
    for number, line in enumerate(text.replace("\r\n", "\n").split("\n"), start=1):
        if line.startswith(" ") and parts:
            length += len(line)
            if length > LONGEST_LINE:
                raise UnreadableSourceError(f"line {first}: more than {LONGEST_LINE} letters")
            parts.append(line[1:])
            continue
        if parts:
            yield first, "".join(parts)
        parts, first, length = ([line], number, len(line)) if line else ([], 0, 0)
        if not line:
            yield number, ""
    if parts:
        yield first, "".join(parts)


def _said(
    lines: Iterable[tuple[int, str]], wanted: frozenset[str], left: Leftovers
) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for number, line in lines:
        matched = _ATTRIBUTE.match(line)
        if matched is None:
            raise UnreadableSourceError(f"line {number}: this is no attribute with a value")
        name = matched["name"].casefold()
        rest = line[matched.end() :]
        if name not in wanted:
            continue
        if rest.startswith("<"):
            left.add("values that stand elsewhere (:<)", name)
            continue
        found.setdefault(name, []).append(_value(number, rest, name))
    return {name: tuple(values) for name, values in found.items()}


def _value(line: int, rest: str, name: str) -> str:
    """Return a value from what stands after the first colon."""
    if not rest.startswith(":"):
        return rest.strip(" ")
    try:
        content = base64.b64decode(rest[1:].strip(" "), validate=True)
        if name == _IDENTIFIER:
            return _security_identifier(content)
        return content.decode("utf-8")
    except (binascii.Error, ValueError) as fault:
        raise UnreadableSourceError(
            f"line {line}: {name} is not base64 of a text: {fault}"
        ) from fault


def _security_identifier(content: bytes) -> str:
    """Return a SID as text (MS-DTYP, 2.4.2): one byte of form, number of parts, authority."""
    size = 8 + 4 * content[1] if len(content) > 1 else 0
    if len(content) < 8 or len(content) != size:  # noqa: PLR2004  its head
        raise ValueError("this is no SID")
    parts = (int.from_bytes(content[at : at + 4], "little") for at in range(8, size, 4))
    authority = int.from_bytes(content[2:8], "big")
    return "-".join(["S", str(content[0]), str(authority), *map(str, parts)])
