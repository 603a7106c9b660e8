"""The process that keeps the shelf of ward packs in step with the charts."""

from __future__ import annotations

import asyncio
import base64
import sys
from collections.abc import Mapping, Sequence
from functools import partial

from wardkeep.adapters.clock import now
from wardkeep.adapters.heads_seen import newest_said, signed_heads
from wardkeep.adapters.key_ring import KeyRing
from wardkeep.adapters.list_builder import ListBuilder
from wardkeep.adapters.operations_store import read_operations
from wardkeep.adapters.pack_builder import PackBuilder
from wardkeep.adapters.pack_shelf import PackShelf
from wardkeep.adapters.stored_charts import StoredCharts
from wardkeep.app import failing_packs
from wardkeep.app.alarms import AlarmsOfCode, clear_alarm, last_known, raise_alarm
from wardkeep.app.child import Stop, run_child, say_ready
from wardkeep.app.control import call
from wardkeep.app.folder import HospitalFolder
from wardkeep.app.pack_events import read_pack_events
from wardkeep.app.paper_sealing import sealing
from wardkeep.app.site_keys import open_keys
from wardkeep.chart.ports import FAR_BEHIND
from wardkeep.hospital.site import Site
from wardkeep.kernel.errors import WardkeepError
from wardkeep.pack.brake import reason
from wardkeep.pack.events import (
    PART,
    Decision,
    DeliveryEvent,
    PackEvent,
    PackOpeningSaid,
    encode,
)
from wardkeep.pack.state import Hold

# Shorter than a ward's quiet time (pack.decide), longer than a look at forty wards takes.
_PAUSE_SECONDS = 0.5
_PATIENCE_SECONDS = 2.0
_ALARM = "pack-held"
_NOT_MADE = "pack-not-made"
_LISTS_NAME = "a ward may not be called as a list is; its patients are on the screens alone"
# Who forges one such ward can forge thousands.
_MOST_REFUSED = 10
# A decision is looked for among so many of the newest events: more than a week's.
_HELD_AGO = 50_000


async def _build(folder: HospitalFolder, site: Site, stop: Stop) -> None:
    ring = open_keys(folder)
    charts = StoredCharts(folder.chart_database, folder.clinical, ring, site)

    decisions = Decisions(folder, ring)

    builder = PackBuilder(
        charts,
        PackShelf(folder.packs, ring, lambda: signed_heads(folder.ledgers, ring)),
        site,
        partial(record, folder),
        lambda: witness(folder, ring, charts),
        failing_packs.read(folder),
    )
    builder.seal_with(sealing(folder, ring))
    lists = _list_builder(folder, site, ring, charts)
    failures, holds = Failures(folder), HoldAlarms(folder)
    not_made = AlarmsOfCode(folder, _NOT_MADE)
    say_ready()
    while not stop.is_set():
        try:
            if not is_far_behind(charts):
                making = builder.step(now())
                lists.step(now(), wards_wait=bool(making or builder.held()))
                failures.tell(builder.failing())
                not_made.tell({**lists.failing(), **refused(builder.refused())})
            if builder.held():
                builder.heed(decisions.heard(since(builder.held())))
            holds.tell(builder.held())
        except WardkeepError as fault:
            # The loop outlives a busy store or writer; the next step sees the same wards again.
            print(fault.diagnostics(), file=sys.stderr, flush=True)  # noqa: T201  # the log
        try:
            async with asyncio.timeout(_PAUSE_SECONDS):
                await stop.wait()
        except TimeoutError:
            continue
    builder.close()
    lists.close()
    charts.close()


def _list_builder(
    folder: HospitalFolder, site: Site, ring: KeyRing, charts: StoredCharts
) -> ListBuilder:
    return ListBuilder(
        charts,
        PackShelf(folder.lists, ring, lambda: signed_heads(folder.ledgers, ring)),
        site,
        partial(record, folder),
        lambda: witness(folder, ring, charts),
        now(),
    )


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


def record(folder: HospitalFolder, event: PackEvent | DeliveryEvent | PackOpeningSaid) -> None:
    """Put an event into the operations ledger; raises NotRunningError, RefusedByServerError."""
    body = base64.b64encode(encode(event)[1]).decode("ascii")
    asked = {"part": PART, "body": body}
    call(folder.control_socket, "operations.append", asked, _PATIENCE_SECONDS)


class Decisions:
    """What people decided of held packs, read from the operations ledger as it grows."""

    def __init__(self, folder: HospitalFolder, ring: KeyRing) -> None:
        self._ledger = read_operations(folder.operations, ring)
        self._cursor: int | None = None

    def heard(self, since: int) -> list[Decision]:
        """Return the decisions that came since the last call, at first those made at `since`.

        `since` in UTC microseconds. Nothing while the ledger cannot be read.
        """
        try:
            newest = self._ledger.last_sequence()
            if self._cursor is None:
                self._cursor = max(newest - _HELD_AGO, 0)
            if newest <= self._cursor:
                return []
            events = self._ledger.after(self._cursor, PART, newest - self._cursor)
        except (WardkeepError, OSError):
            return []
        self._cursor = newest
        told = read_pack_events((n, event) for n, event in events if event.at >= since)
        return [each for each in told if isinstance(each, Decision)]


class HoldAlarms:
    """Keeps the alarm `pack-held` of each held ward standing, and no other."""

    def __init__(self, folder: HospitalFolder) -> None:
        self._folder = folder
        # What stands from before a restart and is held no more is ended by the first call.
        self._told = {a.subject for a in last_known(folder) if a.code == _ALARM}

    def tell(self, held: Mapping[str, Hold]) -> None:
        """Raise and clear what changed; what no writer took is tried again at the next call."""
        for ward in held.keys() - self._told:
            if raise_alarm(self._folder, _ALARM, ward, reason(held[ward].held)):
                self._told.add(ward)
        for ward in self._told - held.keys():
            if clear_alarm(self._folder, _ALARM, ward):
                self._told.discard(ward)


def since(held: Mapping[str, Hold]) -> int:
    """Return when the oldest of the holds began: no earlier decision is about one of them."""
    return min(hold.held.at for hold in held.values())


def refused(wards: Sequence[str]) -> dict[str, str]:
    """Return why wards that are called as lists are have no pack, of the first few by code."""
    return dict.fromkeys(wards[:_MOST_REFUSED], _LISTS_NAME)


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
        heads = newest_said(signed_heads(folder.ledgers, ring), ring)
    except WardkeepError:
        # A damaged ledger must not keep paper from the ward; `verify` tells what is wrong.
        return f"{told[0]} · heads NOT READABLE"
    told += [
        f"{name} {head.sequence} {head.head[:8].hex()}" for name, head in sorted(heads.items())
    ]
    return " · ".join(told)


if __name__ == "__main__":
    sys.exit(run_child(_build))
