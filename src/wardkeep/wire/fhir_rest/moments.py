"""Instants as HTTP and FHIR write them."""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import format_datetime
from functools import lru_cache


def http_date(at: int) -> str:
    """Return UTC microseconds as HTTP writes a date (RFC 9110, 5.6.7)."""
    return _http_date(at // 1_000_000)


# Answers of one second say the same.
@lru_cache(maxsize=16)
def _http_date(seconds: int) -> str:
    return format_datetime(datetime.fromtimestamp(seconds, UTC), usegmt=True)


def iso_instant(at: int) -> str:
    """Return UTC microseconds as a FHIR instant, to the millisecond."""
    return _instant(at).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _instant(at: int) -> datetime:
    return datetime.fromtimestamp(at / 1_000_000, UTC)
