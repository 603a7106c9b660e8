"""What was seen of a feed's senders, folded from what its listener counted."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

import msgspec

from wardkeep.kernel.times import DAY, HOUR
from wardkeep.sender.events import SenderKnown, Trait

LEARNING = DAY
"""What a feed shows in its first day is taken for known: a site starts with it watched."""
MOST = 64
"""Names kept of each trait of a feed; a sender that invents names must not fill the memory."""
MORE = "(more)"
"""Stands for all names beyond MOST."""
_LONGEST = 120
_DAYS_KEPT, _DAYS_NEEDED = 14, 3
_TIMES, _LEAST = 5, 1_000
"""A rate is far outside at five times the most of that hour in a fortnight, from 1,000 on."""


class Seen(NamedTuple):
    """What one message showed of its sender; "" where it showed nothing."""

    address: str
    certificate: str
    application: str
    message_type: str
    token: str = ""


class Sight(msgspec.Struct, frozen=True):
    """One name of a trait: first and last seen (UTC microseconds), how often, who knows it."""

    trait: Trait
    name: str
    first: int
    last: int
    count: int
    known: bool
    by: str = ""


class Memory(msgspec.Struct, frozen=True):
    """What was seen of one feed since its first message; `hours` counts by hour since 1970."""

    since: int
    sights: tuple[Sight, ...] = ()
    hours: Mapping[int, int] = {}

    @property
    def new(self) -> list[Sight]:
        """What a person has not said of that it is known."""
        return [sight for sight in self.sights if not sight.known]


def note(memory: Memory | None, counted: Mapping[Seen, int], at: int) -> Memory:
    """Return the memory of a feed with what its listener counted since the last call."""
    known = memory or Memory(at)
    if not counted:
        return known
    sights = {(sight.trait, sight.name): sight for sight in known.sights}
    for seen, count in counted.items():
        for trait, name in _traits(seen):
            _add(sights, (trait, name[:_LONGEST]), count, known.since, at)
    hour = at // HOUR
    hours = {h: n for h, n in known.hours.items() if h > hour - 24 * _DAYS_KEPT}
    hours[hour] = hours.get(hour, 0) + sum(counted.values())
    if _is_far_outside(hours, hour):
        _add(sights, (Trait.RATE, f"{hour % 24:02}h UTC"), hours[hour], known.since, at)
    return Memory(known.since, tuple(sights.values()), hours)


def evolve(memory: Memory, event: SenderKnown) -> Memory:
    """Return the memory after somebody said that something of the feed is known."""
    sights = (
        msgspec.structs.replace(sight, known=True, by=event.by)
        if (sight.trait, sight.name) == (event.trait, event.name)
        else sight
        for sight in memory.sights
    )
    return Memory(memory.since, tuple(sights), memory.hours)


def _traits(seen: Seen) -> Iterator[tuple[Trait, str]]:
    yield Trait.ADDRESS, seen.address
    if seen.certificate:
        yield Trait.CERTIFICATE, seen.certificate
    if seen.token:
        yield Trait.TOKEN, seen.token
    else:
        yield Trait.APPLICATION, seen.application
    yield Trait.MESSAGE_TYPE, seen.message_type


def _add(
    sights: dict[tuple[Trait, str], Sight],
    key: tuple[Trait, str],
    count: int,
    since: int,
    at: int,
) -> None:
    sight = sights.get(key)
    if sight is None and _are_many(sights, key[0]):
        key = (key[0], MORE)
        sight = sights.get(key)
    if sight is None:
        sights[key] = Sight(*key, at, at, count, at - since < LEARNING)
    elif sight.trait is Trait.RATE:
        sights[key] = msgspec.structs.replace(sight, last=at, count=count)
    else:
        sights[key] = msgspec.structs.replace(sight, last=at, count=sight.count + count)


def _are_many(sights: Iterable[tuple[Trait, str]], trait: Trait) -> bool:
    return sum(1 for each, _ in sights if each is trait) >= MOST


def _is_far_outside(hours: Mapping[int, int], hour: int) -> bool:
    before = [n for h, n in hours.items() if h != hour and (h - hour) % 24 == 0]
    many = hours[hour] >= max(_LEAST, _TIMES * max(before, default=0))
    return len(before) >= _DAYS_NEEDED and many
