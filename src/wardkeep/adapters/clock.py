"""The clock: the one place where the time of day is read."""

from __future__ import annotations

import time

# time.time_ns is in UTC since 1970 on every platform Wardkeep runs on (POSIX.1-2017, 4.16).
_NANOSECONDS_PER_MICROSECOND = 1000


def now() -> int:
    """Return the present, UTC microseconds since 1970; steps back when the clock is set."""
    return time.time_ns() // _NANOSECONDS_PER_MICROSECOND


def steady() -> float:
    """Return seconds that only go forward, whatever happens to the time of day."""
    return time.monotonic()
