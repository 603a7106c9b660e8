"""How the delivery of the wards' packs stands: each target, and each ward at every target."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from enum import StrEnum

import msgspec

from wardkeep.alarm.state import Alarm
from wardkeep.hospital.deliveries import Delivery
from wardkeep.kernel.times import MINUTE
from wardkeep.pack.delivery import HANGS, Got, Standing, late_wards, next_try
from wardkeep.pack.delivery_asks import Ask
from wardkeep.pack.events import DeliveriesChecked
from wardkeep.pack.house_lists import looks_like_list
from wardkeep.pack.target_looks import Looks

FAILING = "delivery-failing"
UNSEALED = "pack-unsealed"
WRONG = "delivered-wrong"


class TargetState(StrEnum):
    """How a target stands, the worst first."""

    HANGS = "hangs"
    """A delivery is under way and nothing is heard of it: nobody knows what lies there."""
    WRONG = "wrong"
    """Files there are missing, put back or altered, or were when it was last read."""
    FAILING = "failing"
    """The last try failed; it is tried again by itself, for ever."""
    NEVER = "never"
    """Nothing was ever delivered there, and nothing failed."""
    LATE = "late"
    """Some of its wards have too old a pack there, or none."""
    GOOD = "good"
    """Every one of its wards has its pack there, none too old."""


class TargetLine(msgspec.Struct, frozen=True, kw_only=True):
    """One target. `again`: when it is tried next (UTC µs); `late`: wards lacking a new one."""

    delivery: Delivery
    standing: Standing
    state: TargetState
    wards: tuple[str, ...]
    late: tuple[str, ...] = ()
    again: int | None = None
    ask: Ask | None = None
    ask_known: bool = True
    looks_known: bool = True
    looked: DeliveriesChecked | None = None

    @property
    def wrong(self) -> tuple[str, ...]:
        """The wards whose files were not as they were delivered when last looked at."""
        return tuple(sorted(self.looked.wrong)) if self.looked else ()

    @property
    def there(self) -> int:
        """How many of its wards have a pack there."""
        return sum(ward in self.standing.wards for ward in self.wards)

    @property
    def oldest(self) -> int | None:
        """What the oldest pack there knows until (UTC µs), None where none lies there."""
        found = [self.standing.wards.get(ward) for ward in self.wards]
        return min((got.as_of for got in found if got), default=None)


class WardDelivery(msgspec.Struct, frozen=True, kw_only=True):
    """One ward at the targets that get it: by their names what lies there, None for nothing.

    `late` names the targets where it is too old or missing, `wrong` those where its files are
    not as they were delivered; `unsealed`: why its newest pack cannot be encrypted, "" where
    it can.
    """

    ward: str
    there: Mapping[str, Got | None]
    late: tuple[str, ...] = ()
    wrong: tuple[str, ...] = ()
    unsealed: str = ""

    @property
    def as_of(self) -> int | None:
        """What the oldest of its packs out there knows until, None where there is none."""
        return min((got.as_of for got in self.there.values() if got), default=None)


class Known(msgspec.Struct, frozen=True):
    """What the page knows: standings, asks (None: not read), alarms, looks (None: not read)."""

    standing: Mapping[str, Standing]
    asks: Mapping[str, Ask] | None
    alarms: Sequence[Alarm] = ()
    looks: Looks | None = msgspec.field(default_factory=dict)


def target_lines(
    deliveries: Iterable[Delivery], known: Known, made: Collection[str], now: int
) -> list[TargetLine]:
    """Return how each target stands at `now`; `made` are the wards that have a pack at all."""
    # The process that delivers alone knows that a thread of it hangs; it says so in an alarm.
    hanging = {a.subject for a in known.alarms if a.code == FAILING and a.detail == HANGS}
    # The alarm too: it stands in the server's memory where the ledger cannot be read.
    wrong = {a.subject for a in known.alarms if a.code == WRONG}
    wrong |= {name for name, look in (known.looks or {}).items() if look.wrong}
    return [
        _line(each, known, made, now, _worst(each.name, hanging, wrong)) for each in deliveries
    ]


def _worst(name: str, hanging: Collection[str], wrong: Collection[str]) -> TargetState | None:
    if name in hanging:
        return TargetState.HANGS
    return TargetState.WRONG if name in wrong else None


def _line(
    delivery: Delivery,
    known: Known,
    made: Collection[str],
    now: int,
    worst: TargetState | None,
) -> TargetLine:
    standing = known.standing.get(delivery.name, Standing())
    # Lists of the whole house lie there too; the page tells of wards.
    known_there = {*made, *standing.wards}
    wards = delivery.wards or tuple(sorted(w for w in known_there if not looks_like_list(w)))
    late = late_wards(standing, wards, now, delivery.late_after_minutes * MINUTE)
    return TargetLine(
        delivery=delivery,
        standing=standing,
        state=worst or _state(standing, late),
        wards=wards,
        late=tuple(late),
        again=next_try(standing),
        ask=(known.asks or {}).get(delivery.name),
        ask_known=known.asks is not None,
        looks_known=known.looks is not None,
        looked=(known.looks or {}).get(delivery.name),
    )


def _state(standing: Standing, late: Collection[str]) -> TargetState:
    if standing.failing_since is not None:
        return TargetState.FAILING
    if standing.at is None:
        return TargetState.NEVER
    return TargetState.LATE if late else TargetState.GOOD


def ward_deliveries(
    wards: Iterable[str], lines: Sequence[TargetLine], alarms: Iterable[Alarm]
) -> dict[str, WardDelivery]:
    """Return how each of the wards stands at the targets that get it."""
    unsealed = {a.subject: a.detail for a in alarms if a.code == UNSEALED}
    return {
        ward: WardDelivery(
            ward=ward,
            there={
                line.delivery.name: line.standing.wards.get(ward)
                for line in lines
                if not line.delivery.wards or ward in line.delivery.wards
            },
            late=tuple(line.delivery.name for line in lines if ward in line.late),
            wrong=tuple(line.delivery.name for line in lines if ward in line.wrong),
            unsealed=unsealed.get(ward, ""),
        )
        for ward in wards
    }
