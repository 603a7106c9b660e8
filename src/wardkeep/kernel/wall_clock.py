"""Instants and wall-clock time: UTC microseconds to a zone's clock and back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, tzinfo

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def micros(moment: datetime) -> int:
    """Return an aware datetime as UTC microseconds."""
    return (moment - _EPOCH) // _MICROSECOND


def local(at: int, zone: tzinfo) -> datetime:
    """Return UTC microseconds as wall-clock time of a zone."""
    return (_EPOCH + timedelta(microseconds=at)).astimezone(zone)
