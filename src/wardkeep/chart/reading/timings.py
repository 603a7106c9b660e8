"""TQ1 segments, RXE-1 and ORC-7 as raw timing rows: TQ1 wins, then RXE-1, then ORC-7."""

from __future__ import annotations

from functools import lru_cache

from wardkeep.wire.hl7v2.escapes import unescape
from wardkeep.wire.hl7v2.segment import Segment

Row = tuple[str, ...]


def timing_rows(segments: list[Segment], rxe_timing: str, orc_timing: str) -> list[Row]:
    """Return the fields of RawTiming for each TQ1, or for each repetition of a TQ field."""
    place = next((i for i, segment in enumerate(segments) if segment.name == "RXE"), -1)
    found = [segment for segment in segments[place + 1 :] if segment.name == "TQ1"]
    found = found or [segment for segment in segments if segment.name == "TQ1"]
    if rows := [_of_tq1(tuple(segment.fields)) for segment in found]:
        return rows
    return list(_of_field(rxe_timing) or _of_field(orc_timing))


@lru_cache(maxsize=4096)
def _of_tq1(fields: tuple[str, ...]) -> Row:
    """TQ1 (v2.5.1 4.5.4): quantity 2, pattern 3, times 4, duration 6, start 7, end 8..."""
    held = [*fields, *[""] * 15]
    return (
        held[3], held[4], held[6], held[7].split("^")[0], held[8].split("^")[0],
        held[9].split("~")[0], unescape(held[10]), unescape(held[11]), held[12], held[14],
        quantity(held[2]), "|".join(held[2:15]).strip("|"),
    )  # fmt: skip


@lru_cache(maxsize=4096)
def _of_field(raw: str) -> tuple[Row, ...]:
    """TQ (v2.5.1 2.A.81): 1 quantity, 2 interval, 3 duration, 4 start, 5 end, 6 priority..."""
    rows = []
    for repetition in raw.split("~") if raw else ():
        held = [*repetition.split("^"), *[""] * 12]
        if not any(held[1:]):
            continue
        rows.append((
            held[1], "", held[2], held[3], held[4], held[5],
            unescape(held[6]), unescape(held[7]), held[8], held[11],
            quantity(held[0].replace("&", "^")), repetition,
        ))  # fmt: skip
    return tuple(rows)


def quantity(raw: str) -> str:
    """Return a CQ such as "1^tab&tablet" as "1 tab"."""
    number, _, unit = raw.partition("^")
    return unescape(f"{number} {unit.split('&')[0]}".strip())
