"""Draws attacks by all ways in, with measures and without, and tells how far it has come."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import msgspec

from wardkeep.foresight.alike import told_apart
from wardkeep.foresight.engines.whole_attack import Replicas
from wardkeep.foresight.measures import (
    Burden,
    Effect,
    Measure,
    Outcome,
    as_one,
    burden,
    effect,
    with_measure,
)
from wardkeep.foresight.parameters import ASSUMED
from wardkeep.foresight.points import FITTED
from wardkeep.foresight.portfolio import Budget
from wardkeep.foresight.replicas import (
    Study,
    assuming,
    put_together,
    run,
    same_graph,
    studies,
)
from wardkeep.foresight.summary import outcome
from wardkeep.hospital.map.whole import HospitalMap

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


class Drawing:
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
        self._studies = studies(whole, ASSUMED, ways, self._apart, FITTED)

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

    def _ranges(self, given: Study, seed: int | None = None) -> Iterator[Replicas]:
        seed = self._asked.seed if seed is None else seed
        for start in range(0, self._asked.replicas, _AT_ONCE):
            stop = min(start + _AT_ONCE, self._asked.replicas)
            yield run(given, seed, range(start, stop))
            self._done += stop - start
            self._progress(self._done, self._expected)

    def effect(self, measures: Sequence[Measure]) -> Effect:
        """Return what measures change together; raises MeasureError."""
        changed, with_them = self.outcome(measures)
        return effect(as_one(measures), changed, self.without, with_them)

    def effect_anew(self, measures: Sequence[Measure]) -> tuple[Burden, Effect]:
        """Return the same over other attacks (the next seed), and what these cost without.

        What was chosen for being best among attacks looks better there than it is.
        """
        seed = self._asked.seed + 1
        _, without = self.outcome((), seed)
        changed, with_them = self.outcome(measures, seed)
        return burden(without), effect(as_one(measures), changed, without, with_them)

    def outcome(
        self, measures: Sequence[Measure], seed: int | None = None
    ) -> tuple[int, Outcome]:
        """Return how many items measures change, and what attacks cost with all of them."""
        whole, assumed, changed = self._whole, ASSUMED, 0
        for each in measures:
            whole, assumed, number = with_measure(whole, assumed, each)
            changed += number
        if changed or not same_graph(ASSUMED, assumed):
            given = studies(whole, assumed, self._ways, self._apart, FITTED)
        else:
            given = tuple(assuming(each, assumed) for each in self._studies)
        made = [put_together(list(self._ranges(each, seed))) for each in given]
        return changed, outcome(whole, given[0], made)
