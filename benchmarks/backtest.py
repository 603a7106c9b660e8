"""The back-test on sixteen past incidents, written between the marks of docs/backtest.md.

The points that the forecast draws from go to src/wardkeep/foresight/fitted_points.py.

    PYTHONPATH=src python -m benchmarks.backtest [POINTS] [REPLICAS]

Takes some minutes on one thread. With POINTS or REPLICAS other than the committed ones it
prints the tables and writes nothing.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

import msgspec

from wardkeep.foresight.backtest.incidents import INCIDENTS
from wardkeep.foresight.backtest.leave_one_out import POINTS, REPLICAS, back_test
from wardkeep.foresight.backtest.tables import BEGIN, END, as_module, told

PROJECT = Path(__file__).resolve().parents[1]
DOCS = PROJECT / "docs"
KEPT = PROJECT / "src" / "wardkeep" / "foresight" / "fitted_points.py"


def main() -> None:
    points = int(sys.argv[1]) if len(sys.argv) > 1 else POINTS
    replicas = int(sys.argv[2]) if len(sys.argv) > 2 else REPLICAS
    begun = time.process_time()
    found = back_test(INCIDENTS, points, replicas)
    print(f"{time.process_time() - begun:.0f} s of processor time")
    if (points, replicas) != (POINTS, REPLICAS):
        print(told(found, INCIDENTS))
        return
    page = DOCS / "backtest.md"
    before, _, rest = page.read_text().partition(BEGIN)
    after = rest.partition(END)[2]
    page.write_text(f"{before}{BEGIN}\n{told(found, INCIDENTS)}\n{END}{after}")
    KEPT.write_text(as_module(found.kept))
    (DOCS / "backtest.json").write_bytes(
        msgspec.json.format(msgspec.json.encode(found), indent=1) + b"\n"
    )


if __name__ == "__main__":
    main()
