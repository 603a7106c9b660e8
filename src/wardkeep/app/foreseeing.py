"""Draws attacks over the map of a hospital folder, with and without measures."""

from __future__ import annotations

import math
import tomllib
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import msgspec

from wardkeep.adapters.key_ring import KeyRing
from wardkeep.adapters.map_store import MapStore
from wardkeep.app.folder import HospitalFolder
from wardkeep.foresight.alike import told_apart
from wardkeep.foresight.attack_model import entries, usual_entries
from wardkeep.foresight.engines.whole_attack import Replicas
from wardkeep.foresight.errors import MeasureError
from wardkeep.foresight.measures import (
    Effect,
    Measure,
    Measures,
    Outcome,
    as_one,
    effect,
    with_measure,
)
from wardkeep.foresight.parameters import ASSUMED, guesses
from wardkeep.foresight.portfolio import (
    Budget,
    Portfolio,
    best_sets,
    candidates,
    pairs_to_draw,
)
from wardkeep.foresight.replicas import (
    Study,
    assuming,
    put_together,
    run,
    same_graph,
    studies,
)
from wardkeep.foresight.summary import Forecast, forecast, outcome
from wardkeep.hospital.map.errors import NotOnTheMapError
from wardkeep.hospital.map.fingerprint import fingerprint
from wardkeep.hospital.map.whole import HospitalMap
from wardkeep.kernel.wall_clock import utc

_AT_ONCE = 250
"""Replicas between two words on how far it has come; a cancel waits for no more."""
Progress = Callable[[int, int], None]


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """How many attacks by which ways in; none named: those of `usual_entries`.

    `budget`: for which the best set of the measures is looked for; None: for none. `keep`:
    where it is broken off (KeyboardInterrupt), what was drawn by then is told.
    """

    replicas: int
    seed: int
    entries: tuple[str, ...] = ()
    measures: Path | None = None
    budget: Budget | None = None
    keep: bool = False


class Foreseen(msgspec.Struct, frozen=True, kw_only=True):
    """A forecast a way in, the effect of each measure, and what is guessed in all of it.

    `map_as_of`: when the oldest part of the map was read (UTC, ISO 8601). `fingerprint`: its
    SHA-256; it, the release and the seed make the same attacks again. `portfolio`: the best
    set of the measures, None where no budget was named. `complete`: False where it was broken
    off; then ways in, attacks, effects and the set may be missing, and what stands is whole.
    """

    map_as_of: str | None
    fingerprint: str
    complete: bool
    forecasts: tuple[Forecast, ...]
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
    drawing = _Drawing(whole, ways, measures, asked, progress)
    drawing.expect(1 + len(measures))
    made = drawing.without_measures()
    forecasts = tuple(
        forecast(whole, given, drawn, (way, asked.seed), ASSUMED)
        for way, (given, drawn) in zip(ways, made, strict=False)
    )
    effects: list[Effect] = []
    best: Portfolio | None = None
    try:
        if drawing.complete:
            drawing.without = outcome(whole, made[0][0], [each for _, each in made], ASSUMED)
            effects.extend(drawing.effect((each,)) for each in measures)
            best = _portfolio(drawing, measures, effects, asked.budget)
    except KeyboardInterrupt:
        drawing.broken_off()
    return Foreseen(
        map_as_of=None if whole.as_of is None else utc(whole.as_of),
        fingerprint=fingerprint(whole),
        complete=drawing.complete,
        forecasts=forecasts,
        effects=tuple(effects),
        portfolio=best,
        guesses=guesses(),
    )


def _portfolio(
    drawing: _Drawing,
    measures: Sequence[Measure],
    effects: Sequence[Effect],
    budget: Budget | None,
) -> Portfolio | None:
    """Return the best set within a budget: singles and pairs drawn, then the set itself."""
    if budget is None:
        return None
    places = candidates(measures, effects, budget)
    pairs = pairs_to_draw(places, measures, budget)
    lost = float(drawing.without.waited.mean())
    drawing.expect(len(pairs))
    together = {
        (places.index(one), places.index(other)): 1
        - drawing.effect((measures[one], measures[other])).patient_hours / lost
        for one, other in pairs
    }
    costs = [(measures[each].euros, measures[each].hours) for each in places]
    singles = [1 - effects[each].patient_hours / lost for each in places]
    sets = [each for each in best_sets(singles, together, costs, budget) if each[0]]
    drawing.expect(len(sets))
    drawn = [
        (drawing.effect([measures[places[each]] for each in chosen]), chosen, left)
        for chosen, left in sets
    ]
    best = max(drawn, key=lambda each: each[0].patient_hours, default=(None, (), 1.0))
    chosen = tuple(measures[places[each]] for each in best[1])
    return Portfolio(
        budget=budget.euros,
        own_hours=budget.hours if math.isfinite(budget.hours) else None,
        measures=tuple(each.id for each in chosen),
        cost=sum(each.euros for each in chosen),
        hours=sum(each.hours for each in chosen),
        expected=lost * (1 - best[2]),
        effect=best[0],
        looked_at=tuple(measures[each].id for each in places),
        pairs=len(pairs),
        sets=len(sets),
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
    """Draws attacks by all ways in, and tells how far it has come."""

    def __init__(
        self,
        whole: HospitalMap,
        ways: Sequence[str],
        measures: Sequence[Measure],
        asked: Asked,
        progress: Progress,
    ) -> None:
        self._whole, self._ways = whole, ways
        self._asked, self._progress = asked, progress
        self._expected = self._done = 0
        self.complete = True
        self.without: Outcome
        with_one = [with_measure(whole, ASSUMED, each)[0] for each in measures]
        self._apart = told_apart([whole, *with_one]) if with_one else None
        self._studies = studies(whole, ASSUMED, ways, self._apart)

    def expect(self, studies: int) -> None:
        """Say that so many more studies come, each by all ways in."""
        self._expected += studies * len(self._ways) * self._asked.replicas

    def broken_off(self) -> None:
        """Go on to what is told of what was drawn; raises KeyboardInterrupt if nobody asked."""
        if not self._asked.keep:
            raise KeyboardInterrupt
        self.complete = False

    def without_measures(self) -> list[tuple[Study, Replicas]]:
        """Return the attacks by each way in; broken off, those that were drawn."""
        ways: list[tuple[Study, Replicas]] = []
        for given in self._studies:
            made = list[Replicas]()
            try:
                made.extend(self._ranges(given))
            except KeyboardInterrupt:
                if not made and not ways:
                    raise
                self.broken_off()
            if made:
                ways.append((given, put_together(made)))
            if not self.complete:
                break
        return ways

    def _ranges(self, given: Study) -> Iterator[Replicas]:
        for start in range(0, self._asked.replicas, _AT_ONCE):
            stop = min(start + _AT_ONCE, self._asked.replicas)
            yield run(given, self._asked.seed, range(start, stop))
            self._done += stop - start
            self._progress(self._done, self._expected)

    def effect(self, measures: Sequence[Measure]) -> Effect:
        """Return what measures change together; raises MeasureError."""
        whole, assumed, changed = self._whole, ASSUMED, 0
        for each in measures:
            whole, assumed, number = with_measure(whole, assumed, each)
            changed += number
        if changed or not same_graph(ASSUMED, assumed):
            given = studies(whole, assumed, self._ways, self._apart)
        else:
            given = tuple(assuming(each, assumed) for each in self._studies)
        made = [put_together(list(self._ranges(each))) for each in given]
        with_it = outcome(whole, given[0], made, assumed)
        return effect(as_one(measures), changed, self.without, with_it)


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
    return tuple(named) or usual_entries(whole)
