"""Reads entries so that one bad message never stops the charts."""

from __future__ import annotations

from wardkeep.chart.reading import Reading, ReadingContext, read_entry, records_named
from wardkeep.ledger.arrival import Entry


def reading_of(entry: Entry, context: ReadingContext) -> Reading:
    """Return what an entry says; whatever fails in reading it is its fault, never raised."""
    try:
        return read_entry(entry, context)
    except Exception as fault:  # noqa: BLE001
        # The charts must outlive one bad message: without this no later one is ever read.
        kind = type(fault).__name__
        return Reading(fault=f"reading it failed in a way nobody foresaw: {kind}")


def names_of(entry: Entry, context: ReadingContext) -> tuple[str, ...]:
    """Return the record numbers that an entry names, none where reading it fails."""
    try:
        return records_named(entry, context)
    except Exception:  # noqa: BLE001
        # As above: whom an unforeseen message names must not stop the charts either.
        return ()
