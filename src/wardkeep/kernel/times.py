"""Moments with the precision they were told in: a day is never turned into midnight."""

from __future__ import annotations

from enum import StrEnum
from typing import NewType

import msgspec

Micros = NewType("Micros", int)
"""Microseconds since 1970-01-01T00:00:00Z."""

SECOND = 1_000_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR


class Precision(StrEnum):
    """How finely a moment was told."""

    YEAR = "year"
    MONTH = "month"
    DAY = "day"
    HOUR = "hour"
    MINUTE = "minute"
    SECOND = "second"


class Moment(msgspec.Struct, frozen=True, array_like=True):
    """A point in time as a system told it.

    `at` is the first instant the text can mean, in UTC microseconds; `text` is what was sent.
    """

    at: int
    precision: Precision
    text: str
