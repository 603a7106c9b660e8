"""Holds wards' packs and lets them go, as pack.decide says, and remembers it on the shelf."""

from __future__ import annotations

import secrets
import sys
from collections.abc import Callable, Sequence

import msgspec

from wardkeep.adapters.pack_shelf import PackShelf
from wardkeep.hospital.site import Brake
from wardkeep.kernel.errors import WardkeepError
from wardkeep.pack.brake import Look, look_at, remembered
from wardkeep.pack.contents import WardData
from wardkeep.pack.decide import GROWS_OLD, hold, hold_on, release_by_itself
from wardkeep.pack.events import Decision, PackEvent, PackReleased
from wardkeep.pack.state import Hold, Shelf, evolve
from wardkeep.paper.sheet_code import sheet_number

Recorded = Callable[[PackEvent], object]


class PackBrake:
    """Judges each pack before it is made; `record` puts an event into the operations ledger."""

    def __init__(self, files: PackShelf, brake: Brake, record: Recorded) -> None:
        self._files, self._brake, self._record = files, brake, record
        self._unrecorded: list[PackEvent] = []

    def judge(self, shelf: Shelf, data: WardData) -> Shelf:
        """Return the shelf once a ward's next pack was looked at: held, let go, or as is."""
        ward, now = data.summary.ward, _look_at(data)
        looks, held = self._files.looks(ward), shelf.held.get(ward)
        if held is None:
            return self._told(shelf, hold(ward, looks, now, self._brake))
        if not looks:
            return shelf
        sound = looks[-1]
        released = release_by_itself(held, sound, now, self._brake)
        return self._told(shelf, released or hold_on(held, sound, now, self._brake))

    def heed(self, shelf: Shelf, decisions: Sequence[Decision]) -> Shelf:
        """Return the shelf once people decided; a decision on a ward not held is none.

        One from before the hold was about an earlier hold of the ward: it is none either.
        """
        for each in decisions:
            hold = shelf.held.get(each.ward)
            if hold is not None and each.at >= hold.held.at:
                shelf = self._noted(shelf, each)
                if isinstance(each, PackReleased):
                    # What the ward shows now is true: nothing before it counts any more.
                    self._files.forget_looks(each.ward)
        return shelf

    def keep(self, data: WardData, encoded: bytes) -> None:
        """Keep what a pack that was found sound is made of, for the day it is held."""
        ward, now = data.summary.ward, _look_at(data)
        looks = remembered(self._files.looks(ward), now, self._brake)
        self._files.keep_sound(ward, encoded, looks)

    def marked(self, hold: Hold, now: int) -> WardData | None:
        """Return what a held ward's paper is made of: as it was, marked, with new numbers."""
        kept = self._files.sound(hold.held.ward)
        if kept is None:
            return None
        try:
            data = msgspec.msgpack.decode(kept, type=WardData)
        except msgspec.DecodeError:
            return None  # another release's: the paper that stands, stays
        sheets = tuple(sheet_number(secrets.randbits(40)) for _ in data.sheets)
        return msgspec.structs.replace(data, now=now, sheets=sheets, held=hold.held)

    def record_again(self) -> None:
        """Record what the ledger did not take."""
        waiting, self._unrecorded = self._unrecorded, []
        for each in waiting:
            self._put_down(each)

    def _told(self, shelf: Shelf, events: Sequence[PackEvent]) -> Shelf:
        for each in events:
            shelf = self._noted(shelf, each)
            self._put_down(each)
        return shelf

    def _noted(self, shelf: Shelf, event: PackEvent) -> Shelf:
        after = evolve(shelf, event)
        self._files.hold(event.ward, after.held.get(event.ward))
        return after

    def _put_down(self, event: PackEvent) -> None:
        try:
            self._record(event)
        except (WardkeepError, OSError) as fault:
            # It holds all the same: only the ledger's line of it is missing as yet.
            self._unrecorded.append(event)
            said = f"wardkeep: a held pack is not recorded yet: {type(fault).__name__}"
            print(said, file=sys.stderr, flush=True)  # noqa: T201  # the log


def _look_at(data: WardData) -> Look:
    return look_at(data.charts, data.now, lacks=data.summary.lacks)


def is_due(shelf: Shelf, ward: str, now: int) -> bool:
    """Tell whether the marked paper of a held ward is to be made: at once, then each hour."""
    held, newest = shelf.held[ward].held, shelf.newest.get(ward)
    return newest is None or newest.at < held.at or now - newest.at >= GROWS_OLD
