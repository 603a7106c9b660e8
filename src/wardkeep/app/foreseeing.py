"""Draws attacks over the map of a hospital folder, with and without measures."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from pathlib import Path

import msgspec

from wardkeep.adapters.key_ring import KeyRing
from wardkeep.adapters.map_store import MapStore
from wardkeep.app.best_measures import best_measures
from wardkeep.app.drawing_attacks import Asked, Drawing, Progress
from wardkeep.app.folder import HospitalFolder
from wardkeep.foresight.attack_model import entries, usual_entries
from wardkeep.foresight.errors import MeasureError
from wardkeep.foresight.measures import (
    Burden,
    Effect,
    Measure,
    burden,
)
from wardkeep.foresight.parameters import guesses
from wardkeep.foresight.portfolio import (
    Portfolio,
)
from wardkeep.foresight.summary import Forecast, forecast, outcome
from wardkeep.hospital.map.errors import NotOnTheMapError
from wardkeep.hospital.map.fingerprint import fingerprint
from wardkeep.hospital.map.whole import HospitalMap
from wardkeep.kernel.wall_clock import utc

_LONGEST_FILE = 1_000_000
_MOST_MEASURES = 200


class Foreseen(msgspec.Struct, frozen=True, kw_only=True):
    """A forecast a way in, the effect of each measure, and what is guessed in all of it.

    `map_as_of`: when the oldest part of the map was read (UTC, ISO 8601). `fingerprint`: its
    SHA-256; it, the release and the seed make the same attacks again. `portfolio`: the best
    set of the measures, None where no budget was named. `without`: what an attack costs where
    none of them is taken, to which effects and set compare; None where no way in was drawn to
    its end. `complete`: False where it was broken
    off; then ways in, attacks, effects and the set may be missing, and what stands is whole.
    """

    map_as_of: str | None
    fingerprint: str
    complete: bool
    forecasts: tuple[Forecast, ...]
    without: Burden | None
    effects: tuple[Effect, ...]
    portfolio: Portfolio | None
    guesses: tuple[str, ...]


def known_entries(folder: HospitalFolder, ring: KeyRing) -> tuple[str, ...]:
    """Return the ways in that the map knows; raises MapUnreadableError."""
    return entries(MapStore(folder.map, ring).whole())


def foresee(
    whole: HospitalMap, measures: Sequence[Measure], asked: Asked, progress: Progress
) -> Foreseen:
    """Return what attacks would do; raises MeasureError and NotOnTheMapError.

    `progress` is told how many of all attacks are drawn.
    """
    ways = _ways_in(whole, asked.entries)
    drawing = Drawing(whole, ways, measures, asked, progress)
    drawing.expect(1 + len(measures))
    made = drawing.without_measures()
    forecasts = tuple(
        forecast(whole, given, drawn, (way, asked.seed))
        for way, (given, drawn) in zip(ways, made, strict=False)
    )
    effects: list[Effect] = []
    best: Portfolio | None = None
    try:
        if drawing.complete:
            drawing.without = outcome(whole, made[0][0], [each for _, each in made])
            effects.extend(drawing.effect((each,)) for each in measures)
            best = best_measures(drawing, measures, effects, asked.budget)
    except KeyboardInterrupt:
        drawing.broken_off()
    return Foreseen(
        map_as_of=None if whole.as_of is None else utc(whole.as_of),
        fingerprint=fingerprint(whole),
        complete=drawing.complete,
        forecasts=forecasts,
        without=burden(drawing.without) if drawing.complete else None,
        effects=tuple(effects),
        portfolio=best,
        guesses=guesses(),
    )


def read_measures(path: Path) -> tuple[Measure, ...]:
    """Return the measures of a TOML file; raises MeasureError, with the measure's own name."""
    try:
        if path.stat().st_size > _LONGEST_FILE:
            raise MeasureError(f"{path} has more than {_LONGEST_FILE:,} bytes")
        told = tomllib.loads(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError) as fault:
        raise MeasureError(
            f"{path} cannot be read: {fault}",
            advice="Name the file of measures; `wardkeep map sample OUT` writes one.",
        ) from fault
    except tomllib.TOMLDecodeError as fault:
        raise MeasureError(f"{path}: {fault}") from fault
    rows = told.get("measures")
    if set(told) != {"measures"} or not isinstance(rows, list) or len(rows) > _MOST_MEASURES:
        raise MeasureError(f"{path}: [[measures]] is wanted, up to {_MOST_MEASURES} times")
    return tuple(_measure(path, number, row) for number, row in enumerate(rows, start=1))


def _measure(path: Path, number: int, row: object) -> Measure:
    name = row.get("id") if isinstance(row, dict) else None
    try:
        return msgspec.convert(row, Measure)
    except msgspec.ValidationError as fault:
        which = f"measure {name!r}" if name else f"measure {number}"
        raise MeasureError(f"{path}: {which}: {fault}") from fault


def _ways_in(whole: HospitalMap, named: Sequence[str]) -> tuple[str, ...]:
    if not whole.items:
        raise NotOnTheMapError(
            "nothing is on the map yet",
            advice="`wardkeep map import DIR FILE...`; on a second box: let the first give it,"
            " `wardkeep followers give-map DIR NAME` there.",
        )
    known = entries(whole)
    if unknown := [each for each in named if each not in known]:
        raise NotOnTheMapError(
            f"{', '.join(unknown)}: no way in of this map",
            advice="`wardkeep foresee DIR --entries` lists them.",
        )
    if not known:
        raise NotOnTheMapError(
            "the map knows no way in: no workstations of offices and no access from outside",
            advice="Import workstations (without a ward) or accesses with targets.",
        )
    return tuple(named) or usual_entries(whole)
