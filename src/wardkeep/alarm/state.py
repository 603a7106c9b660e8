"""What was told of alarms up to now, folded from the events."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

import msgspec

from wardkeep.alarm.events import AlarmCleared, AlarmEvent, AlarmRaised


class Name(NamedTuple):
    """What an alarm is told apart by."""

    code: str
    subject: str = ""


class Alarm(msgspec.Struct, frozen=True):
    """One thing that stands against the server, since when (UTC microseconds), in words."""

    code: str
    subject: str
    since: int
    detail: str = ""

    @property
    def name(self) -> Name:
        """What it is told apart by."""
        return Name(self.code, self.subject)


class Told(msgspec.Struct, frozen=True):
    """What the events say stands, when each name was last told of, and when anything was.

    Times in UTC microseconds.
    """

    standing: Mapping[Name, Alarm] = {}
    at: Mapping[Name, int] = {}
    spoken: tuple[int, ...] = ()


NOTHING_TOLD = Told()


def evolve(told: Told, event: AlarmEvent) -> Told:
    """Return what is told after `event`."""
    name = Name(event.code, event.subject)
    standing = {each: alarm for each, alarm in told.standing.items() if each != name}
    match event:
        case AlarmRaised():
            standing[name] = Alarm(event.code, event.subject, event.since, event.detail)
        case AlarmCleared():
            pass
    return Told(standing, {**told.at, name: event.at}, (*told.spoken, event.at))


def fold(events: Iterable[AlarmEvent], told: Told = NOTHING_TOLD) -> Told:
    """Return what is told after all `events`, in their order."""
    for event in events:
        told = evolve(told, event)
    return told
