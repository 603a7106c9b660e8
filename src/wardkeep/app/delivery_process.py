"""The process that delivers ward packs: seals what is new, keeps every target up to date.

A target that hangs (a share whose server is gone) holds up its own thread and nothing else.
"""

from __future__ import annotations

import asyncio
import contextlib
import sys
import threading
from collections.abc import Mapping
from functools import partial

from wardkeep.adapters.clock import now
from wardkeep.adapters.delivery_targets import Target, target_of
from wardkeep.app.alarms import AlarmsOfCode
from wardkeep.app.child import Stop, run_child, say_ready
from wardkeep.app.delivering import (
    Desk,
    Order,
    deliver,
    desk_of,
    hear_openings,
    keep_standing,
    read_standing,
    seal_new,
    site_folder,
)
from wardkeep.app.delivery_notes import Openings, Outcomes
from wardkeep.app.first import is_copy
from wardkeep.app.folder import HospitalFolder
from wardkeep.app.pack_ledger import PackLedger, delivery_ledger
from wardkeep.app.pack_process import record
from wardkeep.app.site_keys import open_keys
from wardkeep.hospital.deliveries import Delivery
from wardkeep.hospital.site import Site
from wardkeep.kernel.errors import WardkeepError
from wardkeep.kernel.times import MINUTE
from wardkeep.pack.delivery import HANGS, Standing, late_wards, may_try
from wardkeep.pack.delivery_asks import Ask
from wardkeep.pack.events import PackDeliveryFailed, PackDeliveryOrdered
from wardkeep.pack.receipts import Receipts

FAILING, UNSEALED = "delivery-failing", "pack-unsealed"
_PAUSE_SECONDS = 1.0
_HANGS_AFTER = 5 * MINUTE
_HEARS_EVERY = 5 * MINUTE
NOTHING = "no pack of its wards is there to be delivered"


class Round:
    """One target: what it has, and the thread that brings it more, one at a time."""

    def __init__(self, desk: Desk, delivery: Delivery, standing: Standing) -> None:
        self._desk, self.delivery = desk, delivery
        self.standing = standing
        self._notes = Outcomes(partial(record, desk.folder), _tell)
        self._openings = Openings(partial(record, desk.folder))
        self._thread: threading.Thread | None = None
        self._began = 0
        self._asked: Ask | None = None
        self._obeyed = 0
        self._receipts: Receipts | None = None
        self._heard = 0

    def hear(self, ask: Ask | None) -> None:
        """Take note of what somebody asked for on a page; each ask is carried out once."""
        if ask is not None and ask.is_open and ask.asked.at > self._obeyed:
            self._asked = ask

    def know(self, receipts: Receipts | None) -> None:
        """Take note of what is known of openings; None while unreadable: no note is heard."""
        self._receipts = receipts

    def step(self, at: int) -> None:
        """Begin a delivery if one is due or asked for and none is under way."""
        busy = self._thread is not None and self._thread.is_alive()
        if busy:
            return
        self._notes.catch_up()
        self._openings.catch_up()
        if not (self._asked or may_try(self.standing, at)):
            return
        self._began = at
        ask, self._asked = self._asked, None
        if ask is not None:
            self._obeyed = ask.asked.at
        # Not joined at the end: a share that hangs must not keep the server from ending.
        self._thread = threading.Thread(target=self._deliver, args=(ask,), daemon=True)
        self._thread.start()

    def why(self, at: int) -> str:
        """Return why the target is not as it should be, empty if it is."""
        if self._thread is not None and self._thread.is_alive():
            if at - self._began >= _HANGS_AFTER:
                return HANGS
        elif self.standing.failing_since is not None:
            return self.standing.why
        wards = self.delivery.wards or tuple(self.standing.wards)
        limit = self.delivery.late_after_minutes * MINUTE
        late = late_wards(self.standing, wards, at, limit)
        return f"no new pack arrived there in time for {len(late)} wards" if late else ""

    def _deliver(self, ask: Ask | None) -> None:
        by = ask.asked.by if ask else ""
        order = Order(self.delivery.name, self.delivery.wards, every=bool(ask), by=by)
        target = target_of(self.delivery, site_folder(self._desk.site))
        try:
            after = deliver(self._desk, order, target, self.standing, self._notes)
            if after is not self.standing:
                self.standing = after
                keep_standing(self._desk.folder, self.delivery.name, after)
            elif ask:
                # Begun first: an ask has no outcome of what came before it was begun.
                self._notes(
                    PackDeliveryOrdered(target=order.name, at=now(), by=by, counter=0, wards=())
                )
                self._notes(PackDeliveryFailed(target=order.name, at=now(), why=NOTHING))
            self._hear_openings(target)
        except (WardkeepError, OSError) as fault:
            # A full disk here: the target has its packs, or is tried again.
            _tell(f"a delivery was not put down: {type(fault).__name__}")

    def _hear_openings(self, target: Target) -> None:
        at, name = now(), self.delivery.name
        failing = self.standing.failing_since is not None
        if self._receipts is None or failing or 0 <= at - self._heard < _HEARS_EVERY:
            return
        self._heard = at
        try:
            said = hear_openings(self._desk, name, target, self.standing, self._receipts)
        except (WardkeepError, OSError) as fault:
            # Its packs are there; whether they were opened is not known.
            _tell(f"notes of openings were not read at {name}: {type(fault).__name__}")
            return
        for each in said:
            self._openings(each)


async def _keep_delivering(folder: HospitalFolder, site: Site, stop: Stop) -> None:
    ring = open_keys(folder)
    desk, ledger = desk_of(folder, site, ring), delivery_ledger(folder, ring)
    known = read_standing(folder)
    rounds = [Round(desk, each, known.get(each.name, Standing())) for each in site.deliveries]
    failing, unsealed = AlarmsOfCode(folder, FAILING), AlarmsOfCode(folder, UNSEALED)
    say_ready()
    while not stop.is_set() and is_copy(folder):
        # Two boxes that deliver to one folder would take turns there.
        await _pause(stop)
    while not stop.is_set():
        try:
            _, faults = await asyncio.to_thread(seal_new, desk)
            unsealed.tell(faults)
        except (WardkeepError, OSError) as fault:
            _tell(f"packs were not sealed: {type(fault).__name__}")
        asks, receipts, at = *_told(ledger), now()
        for each in rounds:
            each.know(receipts)
            each.hear(asks.get(each.delivery.name))
            each.step(at)
        failing.tell({each.delivery.name: why for each in rounds if (why := each.why(at))})
        await _pause(stop)


async def _pause(stop: Stop) -> None:
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(_PAUSE_SECONDS):
            await stop.wait()


def _told(ledger: PackLedger) -> tuple[Mapping[str, Ask], Receipts | None]:
    try:
        return ledger.asks(), ledger.receipts()
    except (WardkeepError, OSError) as fault:
        _tell(f"what was asked for cannot be read: {type(fault).__name__}")
        return {}, None


def _tell(text: str) -> None:
    print(f"wardkeep: {text}", file=sys.stderr, flush=True)  # noqa: T201  # the log


if __name__ == "__main__":
    sys.exit(run_child(_keep_delivering))
