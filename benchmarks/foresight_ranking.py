"""Twenty measures by three ways in to a ranking that stands, over the sample map.

    .venv/bin/python benchmarks/foresight_ranking.py [replicas ...]

The product's own sample (200 servers, 3,109 machines), its measures.toml, and `foresee` with
the ways in that it takes by itself. A ranking is stable when twice as many replicas put no two
measures the other way round whose intervals (95 %, patient-hours avoided) did not overlap; how
many pairs are told apart so stands beside it. Seconds of one process from the map in memory to
the effects, by the clock and of the processor; the engines are compiled before. For each number
of replicas a way in (default 250 to 8,000).
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Sequence
from itertools import combinations
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "src"), str(ROOT)]

from benchmarks.foresight_maps import machines_of, sample_map  # noqa: E402

from wardkeep.app.drawing_attacks import Asked  # noqa: E402
from wardkeep.app.foreseeing import Foreseen, foresee, read_measures  # noqa: E402
from wardkeep.foresight.measures import Effect  # noqa: E402

MEASURES = ROOT / "src" / "wardkeep" / "sample" / "measures.toml"
BAR = 60.0


def drawn(replicas: int, seed: int = 1) -> tuple[Foreseen, float, float]:
    """Return what is foreseen, seconds by the clock and of the processor."""
    measures = read_measures(MEASURES)
    whole = sample_map()
    asked = Asked(replicas=replicas, seed=seed)
    begun, used = time.perf_counter(), time.process_time()
    found = foresee(whole, measures, asked, lambda *_: None)
    return found, time.perf_counter() - begun, time.process_time() - used


def apart(effects: Sequence[Effect]) -> list[tuple[str, str]]:
    """Return the pairs whose intervals do not overlap, the better one first."""
    found = []
    for one, other in combinations(effects, 2):
        low, high = sorted((one, other), key=lambda each: each.patient_hours)
        gap = high.patient_hours - low.patient_hours
        if gap > high.patient_hours_error + low.patient_hours_error:
            found.append((high.measure, low.measure))
    return found


def turned(before: Sequence[Effect], after: Sequence[Effect]) -> int:
    """Return how many pairs that were told apart stand the other way round now."""
    avoided = {each.measure: each.patient_hours for each in after}
    return sum(avoided[high] <= avoided[low] for high, low in apart(before))


def main() -> None:
    numbers = [int(each) for each in sys.argv[1:]] or [250, 500, 1_000, 2_000, 4_000, 8_000]
    print(f"{time.strftime('%Y-%m-%d %H:%M')}, load {os.getloadavg()[0]:.1f}", flush=True)
    drawn(10)
    before: Sequence[Effect] = ()
    for replicas in numbers:
        found, clock, processor = drawn(replicas)
        if not before:
            ways = ", ".join(each.entry for each in found.forecasts)
            print(f"{machines_of(sample_map()):,} machines; {ways}", flush=True)
        pairs = len(found.effects) * (len(found.effects) - 1) // 2
        best = max(found.effects, key=lambda each: each.patient_hours)
        told = f"{len(apart(found.effects))} of {pairs} pairs told apart, best {best.measure}"
        since = f"; {turned(before, found.effects)} turned since" if before else ""
        print(
            f"{replicas:,} replicas: {clock:.1f} s ({processor:.1f} s of processor, bar"
            f" {BAR:.0f}); {told}{since}",
            flush=True,
        )
        before = found.effects
    for each in sorted(before, key=lambda each: -each.patient_hours):
        hours = f"{each.patient_hours:,.0f} +- {each.patient_hours_error:,.0f}"
        print(f"  {each.measure}: {hours} patient-hours")
    print(f"{time.strftime('%H:%M')}, load {os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    main()
