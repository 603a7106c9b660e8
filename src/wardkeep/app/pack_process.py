"""The process that keeps the shelf of ward packs in step with the charts."""

from __future__ import annotations

import asyncio
import base64
import sys
from collections.abc import Mapping

from wardkeep.adapters.clock import now
from wardkeep.adapters.heads_seen import given_out
from wardkeep.adapters.key_ring import KeyRing
from wardkeep.adapters.pack_builder import PackBuilder
from wardkeep.adapters.pack_shelf import PackShelf
from wardkeep.adapters.stored_charts import StoredCharts
from wardkeep.app import failing_packs
from wardkeep.app.child import Stop, run_child, say_ready
from wardkeep.app.control import call
from wardkeep.app.folder import HospitalFolder
from wardkeep.app.site_keys import open_keys
from wardkeep.chart.ports import FAR_BEHIND
from wardkeep.hospital.site import Site
from wardkeep.kernel.errors import WardkeepError
from wardkeep.pack.events import PackBuilt, encode

# Shorter than a ward's quiet time (pack.decide), longer than a look at forty wards takes.
_PAUSE_SECONDS = 0.5
_PATIENCE_SECONDS = 2.0


async def _build(folder: HospitalFolder, site: Site, stop: Stop) -> None:
    ring = open_keys(folder)
    charts = StoredCharts(folder.chart_database, folder.clinical, ring, site)

    def record(event: PackBuilt) -> None:
        body = base64.b64encode(encode(event)[1]).decode("ascii")
        call(
            folder.control_socket,
            "operations.append",
            {"part": "pack", "body": body},
            _PATIENCE_SECONDS,
        )

    builder = PackBuilder(
        charts,
        PackShelf(folder.packs, ring),
        site,
        record,
        lambda: witness(folder, ring, charts),
        failing_packs.read(folder),
    )
    failures = Failures(folder)
    say_ready()
    while not stop.is_set():
        try:
            if not is_far_behind(charts):
                builder.step(now())
                failures.tell(builder.failing())
        except WardkeepError as fault:
            # The loop outlives a busy store or writer; the next step sees the same wards again.
            print(fault.diagnostics(), file=sys.stderr, flush=True)  # noqa: T201  # the log
        try:
            async with asyncio.timeout(_PAUSE_SECONDS):
                await stop.wait()
        except TimeoutError:
            continue
    builder.close()
    charts.close()


class Failures:
    """Tells the screens whenever the wards change whose pack cannot be made."""

    def __init__(self, folder: HospitalFolder) -> None:
        self._folder = folder
        self._told: Mapping[str, int] | None = None

    def tell(self, failing: Mapping[str, int]) -> None:
        """Write what fails now; where that fails too it is tried again at the next call."""
        if failing == self._told:
            return
        try:
            failing_packs.write(self._folder, failing)
        except OSError:
            # A full disk: the overview says so, and how old the paper is.
            return
        self._told = failing


def is_far_behind(charts: StoredCharts) -> bool:
    """Tell whether the charts are still catching up with the ledger.

    Charts half folded miss patients, and stops of orders: the packs that stand are better.
    """
    return charts.waiting() > FAR_BEHIND


def witness(folder: HospitalFolder, ring: KeyRing, charts: StoredCharts) -> str:
    """Return what every page says of the ledgers, so that paper in many hands witnesses them.

    How far the charts have read, then the heads that were last signed: sequence and the first
    eight bytes in hex.
    """
    told = [f"chart {charts.cursor()}"]
    try:
        heads = given_out(folder.ledgers, ring)
    except WardkeepError:
        # A damaged ledger must not keep paper from the ward; `verify` tells what is wrong.
        return f"{told[0]} · heads NOT READABLE"
    told += [
        f"{name} {head.sequence} {head.head[:8].hex()}" for name, head in sorted(heads.items())
    ]
    return " · ".join(told)


if __name__ == "__main__":
    sys.exit(run_child(_build))
