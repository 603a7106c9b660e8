"""What the ranges that `foresee` prints would have held of the fourteen hospitals' incidents.

    PYTHONPATH=src python -m benchmarks.backtest_as_shipped

Once with the middles of the numbers alone, around which chance is drawn, and once with the
points that `foresee` draws from, which tell how unsure the numbers are; neither tells how wrong
the model is. In-sample: both were fitted to the same incidents.
"""

from __future__ import annotations

import numpy as np

from wardkeep.foresight.backtest.case_model import OUTPUTS, case, outcomes
from wardkeep.foresight.backtest.incident import Incident
from wardkeep.foresight.backtest.incidents import INCIDENTS
from wardkeep.foresight.backtest.scores import Interval, holds, interval_score
from wardkeep.foresight.parameters import ASSUMED
from wardkeep.foresight.points import ALONE, FITTED, Points

REPLICAS = 512


def held(incident: Incident, around: Points) -> list[tuple[bool, float]]:
    """Return of each outcome whether the range holds it, and the interval score."""
    made = outcomes(case(incident, around), ASSUMED, 1, range(REPLICAS))
    told = []
    for seen in incident.seen:
        column = made[:, list(OUTPUTS).index(seen.output)]
        low, high = np.nanpercentile(column, [10, 90])
        interval = Interval(float(low), float(high))
        told.append((holds(interval, seen), interval_score(interval, seen)))
    return told


def main() -> None:
    for name, around in (("middles alone", ALONE), ("points", FITTED)):
        print(f"{name}:")
        tell([held(each, around) for each in INCIDENTS if each.hospital])


def tell(rows: list[list[tuple[bool, float]]]) -> None:
    every = [each for row in rows for each in row]
    whole = sum(all(inside for inside, _ in row) for row in rows)
    print(f"hospitals with all their outcomes inside: {whole} of {len(rows)}")
    print(f"outcomes inside: {sum(inside for inside, _ in every)} of {len(every)}")
    print(f"mean interval score: {np.mean([score for _, score in every]):.2f}")


if __name__ == "__main__":
    main()
