"""HL7 v2 fields as text with the usual delimiters, whatever the sender's were."""

from __future__ import annotations

import re

_ESCAPE = re.compile(r"\\([^\\]{0,80})\\")
_NAMED = {"F": "|", "S": "^", "T": "&", "R": "~", "E": "\\", "P": "#"}
_FORMATTING = re.compile(r"(?:H|N|\.(?:br|sp\d*|in[+-]?\d*|ti[+-]?\d*|fi|nf|ce|sk\d*))$")
NULL = '""'


class Segment:
    """One segment: `fields[n]` is field n as sent, MSH counted as the standard counts."""

    __slots__ = ("fields", "name")

    def __init__(self, name: str, fields: list[str]) -> None:
        self.name = name
        self.fields = fields

    def raw(self, number: int) -> str:
        """Return a whole field as sent, "" where the segment is shorter."""
        fields = self.fields
        return fields[number] if number < len(fields) else ""

    def first(self, number: int) -> str:
        """Return the first component of the first repetition, unescaped."""
        value = self.raw(number)
        if not value:
            return ""
        return unescape(value.split("~", 1)[0].split("^", 1)[0].split("&", 1)[0])

    def text(self, number: int) -> str:
        """Return a field of free text: all of it, unescaped."""
        return unescape(self.raw(number))

    def repetitions(self, number: int) -> list[str]:
        """Return the repetitions of a field that are not empty, as sent."""
        value = self.raw(number)
        return [part for part in value.split("~") if part] if value else []

    def components(self, number: int) -> list[str]:
        """Return the components of the first repetition, unescaped."""
        return components(self.raw(number).split("~", 1)[0])


def components(text: str) -> list[str]:
    """Return the components of one repetition, unescaped; subcomponents stay joined by "&"."""
    if "\\" in text:
        return [unescape(part) for part in text.split("^")]
    return text.split("^")


def part(components: list[str], place: int) -> str:
    """Return a component by its number from 1, "" where there are fewer; `""` counts as empty."""
    if place > len(components):
        return ""
    value = components[place - 1]
    return "" if value == NULL else value


def unescape(text: str) -> str:
    """Return text without HL7 escapes (2.7); formatting becomes line breaks, unknown ones stay."""
    return _ESCAPE.sub(_plain, text) if "\\" in text else text


def _plain(match: re.Match[str]) -> str:
    inner = match[1]
    if inner in _NAMED:
        return _NAMED[inner]
    if inner.startswith("X") and len(inner) % 2 == 1:
        return _hexadecimal(inner[1:], match[0])
    if _FORMATTING.match(inner):
        return "\n" if inner.startswith((".br", ".sp", ".ce", ".sk")) else ""
    return match[0]


def _hexadecimal(digits: str, whole: str) -> str:
    try:
        return bytes.fromhex(digits).decode("utf-8", "replace")
    except ValueError:
        return whole
