from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wardkeep.kernel.wall_clock import is_utc, local, micros, named, utc

_CENTURY = 4_102_444_800_000_000


@given(st.integers(-_CENTURY, _CENTURY))
def test_an_instant_comes_back_from_the_wall_clock_to_the_microsecond(at: int) -> None:
    assert micros(local(at, ZoneInfo("Europe/Luxembourg"))) == at


def test_a_time_that_is_told_names_its_zone() -> None:
    at = 1_792_888_200_000_000
    assert utc(at) == "2026-10-25T00:30:00Z"
    zone = ZoneInfo("Europe/Brussels")
    told = [named(at + hour * 3_600_000_000, zone) for hour in (0, 1)]
    assert told == ["25 Oct 02:30 CEST", "25 Oct 02:30 CET"]


def test_the_two_hours_of_october_are_two_instants() -> None:
    first = 1_792_888_200_000_000  # 2026-10-25 02:30 summer time
    clocks = [
        local(first + hour * 3_600_000_000, ZoneInfo("Europe/Brussels")) for hour in (0, 1)
    ]
    assert [(clock.hour, clock.minute, clock.fold) for clock in clocks] == [
        (2, 30, 0),
        (2, 30, 1),
    ]


@given(st.integers(0, 4_000_000_000_000_000))
def test_a_moment_that_is_told_is_one(at: int) -> None:
    assert is_utc(utc(at))


@pytest.mark.parametrize(
    "text", ["", "zzz", "2026-11-31T00:00:00Z", "2026-1-1T0:0:0Z", "2026-11-29T12:00:00+01:00"]
)
def test_what_is_no_moment_is_none(text: str) -> None:
    assert not is_utc(text)
