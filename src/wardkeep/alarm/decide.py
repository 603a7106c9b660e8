"""Which changes of alarms are told now: from what stands, what was told and `now` to events."""

from __future__ import annotations

from collections.abc import Mapping

from wardkeep.alarm.events import AlarmCleared, AlarmEvent, AlarmRaised
from wardkeep.alarm.state import Alarm, Name, Told
from wardkeep.kernel.times import HOUR, MINUTE

RESTS = MINUTE
"""An alarm that comes and goes is told of once a minute at most."""

MOST_AN_HOUR = 600
"""Changes told in one hour, all alarms together: 300 bytes each in a ledger of years are at
most 4 MB a day, whatever flaps. A hospital of forty wards has fewer names than that."""

MOST_NAMES = 1_000
"""Alarms that may stand at once; a hundred feeds and a hundred wards have fewer."""


def changes(standing: Mapping[Name, Alarm], told: Told, now: int) -> list[AlarmEvent]:
    """Return what is to be told now, in the order in which it came about.

    What began or ended too soon after it was last told waits, and is told if it is still so.
    """
    room = MOST_AN_HOUR - sum(1 for at in told.spoken if 0 <= now - at < HOUR)
    begun: list[AlarmEvent] = [
        _raised(alarm, now)
        for name, alarm in standing.items()
        if name not in told.standing and _may_speak(told, name, now)
    ]
    ended: list[AlarmEvent] = [
        AlarmCleared(code=name.code, subject=name.subject, at=now)
        for name in told.standing
        if name not in standing and _may_speak(told, name, now)
    ]
    return (begun + ended)[: max(room, 0)]


def forget(told: Told, now: int) -> Told:
    """Return what is told without what is over, and was told, for more than an hour."""
    at = {n: t for n, t in told.at.items() if n in told.standing or 0 <= now - t < HOUR}
    return Told(told.standing, at, tuple(t for t in told.spoken if 0 <= now - t < HOUR))


def _raised(alarm: Alarm, now: int) -> AlarmRaised:
    return AlarmRaised(
        code=alarm.code,
        subject=alarm.subject,
        detail=alarm.detail,
        since=alarm.since,
        at=now,
    )


def _may_speak(told: Told, name: Name, now: int) -> bool:
    last = told.at.get(name)
    return last is None or not 0 <= now - last < RESTS
