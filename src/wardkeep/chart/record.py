"""All that was said under one record number, kept so that the order of arrival leaves no trace.

A thing (an order, an allergy, a visit) is a cell: layers of fields, newest first, no field in
two
layers. A new statement takes over the fields it speaks of where its stamp is greater and leaves
the others with whoever said them last. That is a last-writer-wins map per field; it is
commutative, associative and idempotent, and in the usual case of a sender that repeats all
fields it is one layer.
"""

from __future__ import annotations

import msgspec

from wardkeep.chart.change import Change, Fields, Stamp


class Layer(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """Fields that one message said last."""

    stamp: Stamp
    fields: Fields


Cell = list[Layer]
"""Layers with no field in common, greatest stamp first."""

Cells = dict[str, Cell]


class Record(msgspec.Struct, array_like=True):
    """One record number; `sections` leads from section and era (birth date as said) to cells.

    `first` holds the earliest event time of each era (UTC microseconds), by which a number that
    was given to a second person is told from one whose birth date was corrected.
    """

    number: str
    sections: dict[str, dict[str, Cells]] = {}
    first: dict[str, int] = {}


_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(Record)


def pack(record: Record) -> bytes:
    """Return the record as bytes; `unpack` gives an equal one back."""
    return _encoder.encode(record)


def unpack(data: bytes) -> Record:
    """Return the record that `pack` made; raises msgspec.DecodeError on other bytes."""
    return _decoder.decode(data)


def apply(record: Record, change: Change) -> bool:
    """Let the record hear a change; return False if it knew it already or knows better."""
    if not change.fields:
        return False
    event = change.stamp.event
    if record.first.get(change.era, event) >= event:
        record.first[change.era] = event
    eras = record.sections.get(change.section)
    if eras is None:
        eras = record.sections[change.section] = {}
    cells = eras.get(change.era)
    if cells is None:
        cells = eras[change.era] = {}
    cell = cells.get(change.key)
    if cell is None:
        cells[change.key] = [Layer(change.stamp, change.fields)]
        return True
    return lay(cell, change.stamp, change.fields)


def lay(cell: Cell, stamp: Stamp, fields: Fields) -> bool:
    """Put a statement into a cell; return whether the cell changed."""
    top = cell[0]
    if len(cell) == 1 and top.stamp < stamp and fields.keys() >= top.fields.keys():
        cell[0] = Layer(stamp, fields)
        return True
    return _lay_between(cell, stamp, fields)


def _lay_between(cell: Cell, stamp: Stamp, fields: Fields) -> bool:
    newer = [layer for layer in cell if layer.stamp >= stamp]
    if newer and newer[-1].stamp == stamp:
        return False
    mine = dict(fields)
    for layer in newer:
        for name in layer.fields:
            mine.pop(name, None)
    if not mine:
        return False
    older = [
        Layer(layer.stamp, rest)
        for layer in cell[len(newer) :]
        if (rest := {k: v for k, v in layer.fields.items() if k not in mine})
    ]
    cell[:] = [*newer, Layer(stamp, mine), *older]
    return True
