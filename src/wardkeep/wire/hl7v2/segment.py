"""One segment and its parts: fields, repetitions, components; split first, unescaped last."""

from __future__ import annotations

from collections.abc import Iterable

from wardkeep.wire.hl7v2.escapes import unescape

NULL = '""'
"""What a sender writes to delete a value (v2.5.1 section 2.5.3.6); an empty field keeps it."""


class Segment:
    """One segment: `fields[n]` is field n with usual delimiters, MSH counted as HL7 does."""

    __slots__ = ("fields", "name")

    def __init__(self, name: str, fields: list[str]) -> None:
        self.name = name
        self.fields = fields

    def raw(self, number: int) -> str:
        """Return a whole field as sent, "" where the segment is shorter."""
        fields = self.fields
        return fields[number] if number < len(fields) else ""

    def first(self, number: int) -> str:
        """Return the first subcomponent of a field's first component, unescaped."""
        fields = self.fields
        if number >= len(fields):
            return ""
        value = fields[number]
        if not value or value.isalnum():
            return value
        return unescape(value.split("~", 1)[0].split("^", 1)[0].split("&", 1)[0])

    def text(self, number: int) -> str:
        """Return a field of free text: all of it, unescaped."""
        return unescape(self.raw(number))

    def repetitions(self, number: int) -> list[str]:
        """Return the repetitions of a field that are not empty, as sent."""
        value = self.raw(number)
        return [one for one in value.split("~") if one] if value else []

    def components(self, number: int) -> list[str]:
        """Return the components of the first repetition, as sent: read them with `part`."""
        return components(self.raw(number).split("~", 1)[0])

    def tree(self, numbers: Iterable[int]) -> dict[int, list[list[str]]]:
        """Return the fields asked for, in rising order, that are not empty, all at once.

        A field is a list of repetitions, a repetition a list of components, unescaped;
        subcomponents stay joined by "&".
        """
        fields = self.fields
        count = len(fields)
        found: dict[int, list[list[str]]] = {}
        for number in numbers:
            if number >= count:
                break
            if value := fields[number]:
                plain = "~" not in value and "\\" not in value
                found[number] = [value.split("^")] if plain else _repetitions(value)
        return found


def _repetitions(value: str) -> list[list[str]]:
    if "\\" not in value:
        return [each.split("^") for each in value.split("~")]
    return [[unescape(one) for one in each.split("^")] for each in value.split("~")]


def components(text: str) -> list[str]:
    """Return a repetition's components as sent: read them with `part` or `first_part`."""
    return text.split("^")


def part(pieces: list[str], place: int) -> str:
    """Return a component by its number from 1, unescaped, "" where there are fewer.

    Subcomponents stay joined by "&"; `""` counts as empty.
    """
    if place > len(pieces):
        return ""
    value = pieces[place - 1]
    return "" if value == NULL else unescape(value)


def first_part(pieces: list[str], place: int) -> str:
    """Return the first subcomponent of a component, unescaped."""
    if place > len(pieces):
        return ""
    value = pieces[place - 1].split("&", 1)[0]
    return "" if value == NULL else unescape(value)
