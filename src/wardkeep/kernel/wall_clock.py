"""Instants and wall-clock time: UTC microseconds to a zone's clock and back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, tzinfo

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_UTC = "%Y-%m-%dT%H:%M:%SZ"
_MICROSECOND = timedelta(microseconds=1)


def micros(moment: datetime) -> int:
    """Return an aware datetime as UTC microseconds."""
    return (moment - _EPOCH) // _MICROSECOND


def utc(at: int) -> str:
    """Return UTC microseconds as ISO 8601 in UTC, to the second: 2026-05-17T03:30:00Z."""
    return f"{local(at, UTC):{_UTC}}"


def is_utc(text: str) -> bool:
    """Tell whether a text is a moment as `utc` writes it."""
    try:
        return f"{datetime.strptime(text, _UTC):{_UTC}}" == text  # noqa: DTZ007  its form alone
    except ValueError:
        return False


def named(at: int, zone: tzinfo) -> str:
    """Return UTC microseconds as a zone's clock with the zone's name: 17 May 05:30 CEST."""
    return f"{local(at, zone):%d %b %H:%M %Z}"


def day_at(at: int, zone: tzinfo) -> str:
    """Return on which day of a zone UTC microseconds lie, ISO 8601: 2026-05-17."""
    return local(at, zone).date().isoformat()


def local(at: int, zone: tzinfo) -> datetime:
    """Return UTC microseconds as wall-clock time of a zone."""
    return (_EPOCH + timedelta(microseconds=at)).astimezone(zone)
