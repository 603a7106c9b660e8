"""Whether a ward lost so much in so short a time that a person must say that it is true.

A forged feed that discharges, merges, stops orders or deletes allergies must not roll a ward's
good paper away. What a pack would show is compared with what packs showed before, over two
spans: minutes, for a forger in a hurry, and hours, for one who goes slowly.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import msgspec

from wardkeep.chart.model import OrderState, PatientChart
from wardkeep.hospital.site import Brake
from wardkeep.kernel.times import HOUR, MINUTE
from wardkeep.pack.events import PackHeld

_NEAR, _FAR = 5 * MINUTE, HOUR
"""Looks are kept so far apart: within the short span, and before it."""
# An order list of one says little: a single stop is a doctor's, half of several is not.
_ORDERS_THAT_COUNT = 2


class Seen(msgspec.Struct, frozen=True, array_like=True):
    """What counts of one patient: numbers of standing orders, names of allergies."""

    orders: tuple[str, ...]
    allergies: tuple[str, ...]


class Look(msgspec.Struct, frozen=True):
    """A ward as a pack showed it at a time (UTC microseconds), by record number."""

    at: int
    patients: Mapping[str, Seen]
    merged: tuple[str, ...] = ()
    """Record numbers that have gone over into one of these patients."""
    lacks: bool = False
    """The charts lacked what erased days had said: patients may have been missing."""


class Losses(msgspec.Struct, frozen=True, kw_only=True):
    """How many patients of the ward lost what since then; no name and no number of them.

    `gone` counts those who left the ward in any way, `merged` those of them whose record went
    over into another; `hit` counts each patient once.
    """

    since: int
    patients: int
    gone: int = 0
    merged: int = 0
    stopped: int = 0
    stripped: int = 0
    hit: int = 0

    @property
    def percent(self) -> int:
        """The share of the ward's patients that lost something."""
        return 100 * self.hit // max(self.patients, 1)


def look_at(charts: Iterable[PatientChart], at: int, *, lacks: bool = False) -> Look:
    """Return what counts of a ward's patients; `lacks` as in Look."""
    patients: dict[str, Seen] = {}
    merged: list[str] = []
    for chart in charts:
        patients[chart.record] = Seen(
            tuple(o.order for o in chart.orders if o.state.value is OrderState.ACTIVE),
            tuple(a.substance.code or a.substance.text for a in chart.allergies.items),
        )
        merged += chart.merged_from
    return Look(at, patients, tuple(merged), lacks)


def losses(before: Look, now: Look) -> Losses:
    """Return what the patients of an earlier look have lost by now."""
    gone = before.patients.keys() - now.patients.keys()
    stayed = before.patients.keys() & now.patients.keys()
    stopped = {r for r in stayed if _lost_orders(before.patients[r], now.patients[r])}
    stripped = {r for r in stayed if _lost_allergies(before.patients[r], now.patients[r])}
    return Losses(
        since=before.at,
        patients=len(before.patients),
        gone=len(gone),
        merged=len(gone & set(now.merged)),
        stopped=len(stopped),
        stripped=len(stripped),
        hit=len(gone | stopped | stripped),
    )


def worst(looks: Sequence[Look], now: Look, brake: Brake) -> Losses | None:
    """Return what is unusual about a ward's look beside earlier ones, None where nothing is."""
    # An older look was left behind by an outage: nothing can be said of it.
    recent = [look for look in looks if now.at - look.at <= brake.slow_hours * HOUR]
    found = [lost for look in recent if (lost := too_much(look, now, brake)) is not None]
    return max(found, key=lambda lost: (lost.percent, lost.since), default=None)


def too_much(before: Look, now: Look, brake: Brake) -> Losses | None:
    """Return what a ward lost since an earlier look, however old, None where that is usual."""
    lost = losses(before, now)
    unusual = _is_unusual(lost, now.at - before.at, brake)
    return lost if unusual and lost.hit >= brake.least_patients else None


def remembered(looks: Sequence[Look], now: Look, brake: Brake) -> list[Look]:
    """Return the looks to keep once `now` was found sound, oldest first.

    The newest is always among them: it is what the paper shows.
    """
    short, long = brake.window_minutes * MINUTE, brake.slow_hours * HOUR
    kept: list[Look] = []
    for look in looks:
        age = now.at - look.at
        apart = _NEAR if age <= short + _NEAR else _FAR
        if 0 < age <= long + _FAR and (not kept or look.at - kept[-1].at >= apart):
            kept.append(look)
    return [*kept, now]


def reason(held: PackHeld) -> str:
    """Return why a pack is held, in words for a log: no patient stands in it."""
    if held.charts_lack:
        return "the charts lack what erased days had said: patients may be missing"
    return (
        f"{held.hit} of {held.patients} patients: {held.gone} left the ward"
        f" ({held.merged} merged), {held.stopped} lost half of their orders or more,"
        f" {held.stripped} an allergy"
    )


def _is_unusual(lost: Losses, age: int, brake: Brake) -> bool:
    """Tell whether a ward does not lose so much by itself within `age`."""
    if lost.stripped + lost.merged >= brake.least_patients:
        return True
    quick = age <= brake.window_minutes * MINUTE
    return lost.percent >= (brake.share_percent if quick else brake.slow_share_percent)


def _lost_orders(before: Seen, now: Seen) -> bool:
    lost = len(set(before.orders) - set(now.orders))
    return len(before.orders) >= _ORDERS_THAT_COUNT and 2 * lost >= len(before.orders)


def _lost_allergies(before: Seen, now: Seen) -> bool:
    return bool(set(before.allergies) - set(now.allergies))
