"""Reading the fields of a cell, and gathering the cells of everyone who is one patient."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeVar

from wardkeep.chart.change import FieldValue, Stamp, moment_of
from wardkeep.chart.model import Clinician, Coded, Value
from wardkeep.chart.record import Cell, Cells, lay
from wardkeep.kernel.times import Moment

SEPARATOR = "\x1f"
"""Between the parts of a cell's key: ASCII's unit separator, which no code holds."""

T = TypeVar("T")


def said(cell: Cell, name: str) -> tuple[FieldValue, Stamp] | None:
    """Return the field and the stamp of who said it last, or None if nobody spoke of it."""
    for layer in cell:
        if name in layer.fields:
            return layer.fields[name], layer.stamp
    return None


def field(cell: Cell, name: str) -> FieldValue:
    """Return the field as said last, None if deleted or never said."""
    for layer in cell:
        if name in layer.fields:
            return layer.fields[name]
    return None


def text(cell: Cell, name: str) -> str:
    """Return the field as text, "" if deleted or never said."""
    value = field(cell, name)
    return value if isinstance(value, str) else ""


def moment(cell: Cell, name: str) -> Moment | None:
    """Return the field as a moment, None if deleted or never said."""
    value = field(cell, name)
    return None if value is None else moment_of(value)


def texts(cell: Cell, name: str) -> tuple[str, ...]:
    """Return the field as a row of texts."""
    value = field(cell, name)
    return tuple(str(item) for item in value) if isinstance(value, list) else ()


def rows(cell: Cell, name: str) -> Iterator[list[str]]:
    """Yield the rows of a field that holds rows of texts."""
    value = field(cell, name)
    for row in value if isinstance(value, list) else ():
        if isinstance(row, list):
            yield [str(item) for item in row]


def coded(cell: Cell, prefix: str = "") -> Coded:
    """Return the code, text and system that the cell holds."""
    return Coded(
        code=text(cell, prefix + "code"),
        text=text(cell, prefix + "text"),
        system=text(cell, prefix + "system"),
    )


def value_text(cell: Cell, name: str) -> Value[str] | None:
    """Return a text with its source, None if deleted, empty or never said."""
    found = said(cell, name)
    if found is None or not isinstance(found[0], str) or not found[0]:
        return None
    return Value(found[0], found[1].source())


def value_moment(cell: Cell, name: str) -> Value[Moment] | None:
    """Return a moment with its source, None if deleted or never said."""
    found = said(cell, name)
    at = None if found is None else moment_of(found[0])
    return None if found is None or at is None else Value(at, found[1].source())


def value_clinician(cell: Cell, name: str) -> Value[Clinician] | None:
    """Return a clinician with the source, None if deleted or never said."""
    found = said(cell, name)
    match found:
        case ([str(identifier), str(called)], stamp):
            return Value(Clinician(identifier, called), stamp.source())
        case _:
            return None


def value_coded(cell: Cell, name: str) -> Value[Coded] | None:
    """Return a coded thing kept as one row, with its source."""
    found = said(cell, name)
    match found:
        case ([str(code), str(words), str(system)], stamp):
            return Value(Coded(code, words, system), stamp.source())
        case _:
            return None


def key_parts(key: str) -> list[str]:
    """Return the parts of a cell's key."""
    return key.split(SEPARATOR)


def join_cells(into: Cells, cells: Cells) -> None:
    """Let `into` hear everything that stands in `cells`; `cells` stays as it is."""
    for key, cell in cells.items():
        known = into.get(key)
        if known is None:
            into[key] = list(cell)
        else:
            for layer in cell:
                lay(known, layer.stamp, layer.fields)
