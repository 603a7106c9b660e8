"""Draws attacks over the map of a hospital folder, with and without measures."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Sequence
from pathlib import Path

import msgspec
import numpy as np

from wardkeep.adapters.key_ring import KeyRing
from wardkeep.adapters.map_store import MapStore
from wardkeep.app.folder import HospitalFolder
from wardkeep.foresight.attack_model import entries
from wardkeep.foresight.engines.whole_attack import Replicas
from wardkeep.foresight.errors import MeasureError
from wardkeep.foresight.measures import Effect, Measure, Measures, effect, with_measure
from wardkeep.foresight.parameters import ASSUMED, Assumptions, guesses
from wardkeep.foresight.replicas import Study, put_together, run, study
from wardkeep.foresight.summary import Forecast, costs, forecast
from wardkeep.hospital.map.errors import NotOnTheMapError
from wardkeep.hospital.map.whole import HospitalMap
from wardkeep.kernel.wall_clock import utc

_AT_ONCE = 250
"""Replicas between two words on how far it has come; a cancel waits for no more."""
Progress = Callable[[int, int], None]


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """How many attacks by which ways in; none named: a mailbox, and the two worst accesses."""

    replicas: int
    seed: int
    entries: tuple[str, ...] = ()
    measures: Path | None = None


class Foreseen(msgspec.Struct, frozen=True, kw_only=True):
    """A forecast a way in, the effect of each measure, and what is guessed in all of it.

    `map_as_of`: when the oldest part of the map was read (UTC, ISO 8601).
    """

    map_as_of: str | None
    forecasts: tuple[Forecast, ...]
    effects: tuple[Effect, ...]
    guesses: tuple[str, ...]


def known_entries(folder: HospitalFolder, ring: KeyRing) -> tuple[str, ...]:
    """Return the ways in that the map knows; raises MapUnreadableError."""
    return entries(MapStore(folder.map, ring).whole())


def foresee(
    folder: HospitalFolder, ring: KeyRing, asked: Asked, progress: Progress
) -> Foreseen:
    """Return what attacks would do; raises MapUnreadableError, MeasureError, NotOnTheMapError.

    `progress` is told how many of all attacks are drawn.
    """
    whole = MapStore(folder.map, ring).whole()
    measures = read_measures(asked.measures) if asked.measures else ()
    ways = _ways_in(whole, asked.entries)
    drawing = _Drawing(asked, len(ways) * (1 + len(measures)), progress)
    made = [drawing.draw(whole, ASSUMED, way) for way in ways]
    forecasts = tuple(
        forecast(whole, given, drawn, (way, asked.seed), ASSUMED)
        for way, (given, drawn) in zip(ways, made, strict=True)
    )
    without = _with_costs(whole, made, ASSUMED)
    effects = []
    for measure in measures:
        changed, assumed, number = with_measure(whole, ASSUMED, measure)
        drawn = [drawing.draw(changed, assumed, way) for way in ways]
        effects.append(effect(measure, number, without, _with_costs(changed, drawn, assumed)))
    as_of = None if whole.as_of is None else utc(whole.as_of)
    return Foreseen(
        map_as_of=as_of, forecasts=forecasts, effects=tuple(effects), guesses=guesses()
    )


def read_measures(path: Path) -> tuple[Measure, ...]:
    """Return the measures of a TOML file; raises MeasureError."""
    try:
        found = msgspec.convert(tomllib.loads(path.read_text("utf-8")), Measures)
    except (OSError, UnicodeDecodeError) as fault:
        raise MeasureError(f"{path} cannot be read: {fault}") from fault
    except (tomllib.TOMLDecodeError, msgspec.ValidationError) as fault:
        raise MeasureError(f"{path}: {fault}") from fault
    return found.measures


class _Drawing:
    def __init__(self, asked: Asked, studies: int, progress: Progress) -> None:
        self._asked, self._progress = asked, progress
        self._whole, self._done = studies * asked.replicas, 0

    def draw(
        self, whole: HospitalMap, assumed: Assumptions, way: str
    ) -> tuple[Study, Replicas]:
        given = study(whole, assumed, way)
        made: list[Replicas] = []
        for start in range(0, self._asked.replicas, _AT_ONCE):
            stop = min(start + _AT_ONCE, self._asked.replicas)
            made.append(run(given, self._asked.seed, range(start, stop)))
            self._done += stop - start
            self._progress(self._done, self._whole)
        return given, put_together(made)


def _with_costs(
    whole: HospitalMap, made: Sequence[tuple[Study, Replicas]], assumed: Assumptions
) -> tuple[Replicas, np.ndarray]:
    together = put_together([drawn for _, drawn in made])
    return together, costs(whole, made[0][0].care.services, together, assumed)["together"]


def _ways_in(whole: HospitalMap, named: Sequence[str]) -> tuple[str, ...]:
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
    return tuple(named) or _usual(known)


def _usual(known: Sequence[str]) -> tuple[str, ...]:
    """Return a mailbox and two accesses: by identity came 67 % of entries (Sophos 2026)."""
    mail = [each for each in known if each.startswith("mail to ")]
    accesses = [each for each in known if not each.startswith("mail to ")]
    return (*mail[:1], *accesses[:2])
