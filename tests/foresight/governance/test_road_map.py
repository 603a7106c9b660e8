"""Measures by quarter."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from wardkeep.foresight.errors import RoadMapError
from wardkeep.foresight.events import decode, encode
from wardkeep.foresight.governance.road_map import (
    Said,
    drop,
    fold,
    is_overdue,
    plan,
    tell,
)
from wardkeep.kernel.wall_clock import micros

ZONE = ZoneInfo("Europe/Brussels")
SAID = Said(1_795_000_000_000_000, "os:an")


def test_the_road_map_is_in_the_order_of_quarters_and_tells_who_said_what() -> None:
    events = [plan("b", "2027-Q2", "IT", SAID), plan("a", "2027-Q1", "A. Dupont", SAID)]
    said = tell(fold(events, ZONE), "b", 40, "B. Wolff", SAID)
    road = fold([*events, said], ZONE)
    assert list(road) == ["a", "b"]
    assert (road["b"].progress, road["b"].said_by, road["b"].told) == (
        40,
        "B. Wolff",
        "2026-11-18",
    )
    assert road["a"].told == ""
    assert decode(encode(said)) == said
    assert decode(encode(events[0])) == events[0]


def test_a_measure_that_is_planned_anew_moves_and_keeps_its_progress() -> None:
    events = [plan("a", "2027-Q1", "IT", SAID)]
    told = tell(fold(events, ZONE), "a", 60, "IT", SAID)
    moved = fold((*events, told, plan("a", "2027-Q3", "B. Wolff", SAID)), ZONE)["a"]
    assert (moved.quarter, moved.owner, moved.progress) == ("2027-Q3", "B. Wolff", 60)


def test_a_measure_that_is_dropped_stands_no_longer() -> None:
    planned = plan("a", "2027-Q1", "IT", SAID)
    gone = drop(fold([planned], ZONE), "a", "bought by the group", SAID)
    assert decode(encode(gone)) == gone
    assert fold([planned, gone], ZONE) == {}


@pytest.mark.parametrize("quarter", ["2027", "2027-Q5", "Q1 2027", "1999-Q1"])
def test_a_quarter_is_a_year_and_one_of_four(quarter: str) -> None:
    with pytest.raises(RoadMapError, match="no quarter"):
        plan("a", quarter, "IT", SAID)


def test_what_is_not_planned_or_no_progress_or_nobodys_is_refused() -> None:
    road = fold([plan("a", "2027-Q1", "IT", SAID)], ZONE)
    with pytest.raises(RoadMapError, match="'b' does not stand on the road map"):
        tell(road, "b", 1, "IT", SAID)
    with pytest.raises(RoadMapError, match="101 per cent"):
        tell(road, "a", 101, "IT", SAID)
    with pytest.raises(RoadMapError, match="owner has 1 to 200"):
        plan("a", "2027-Q1", " ", SAID)
    with pytest.raises(RoadMapError, match="reason has 1 to 200"):
        drop(road, "a", "", SAID)


@pytest.mark.parametrize(
    ("day", "percent", "overdue"),
    [
        (dt.date(2027, 3, 31), 0, False),
        (dt.date(2027, 4, 1), 99, True),
        (dt.date(2027, 4, 1), 100, False),
        (dt.date(2028, 1, 1), 0, True),
    ],
)
def test_a_measure_is_overdue_when_its_quarter_is_over(
    day: dt.date,
    percent: int,
    overdue: bool,
) -> None:
    planned = plan("a", "2027-Q1", "IT", SAID)
    said = tell(fold([planned], ZONE), "a", percent, "IT", SAID)
    assert is_overdue(fold([planned, said], ZONE)["a"], day) is overdue


def test_progress_told_after_midnight_is_told_of_the_sites_day() -> None:
    late = Said(micros(dt.datetime(2026, 11, 29, 23, 30, tzinfo=dt.UTC)), "os:an")
    planned = plan("a", "2027-Q1", "IT", late)
    road = fold([planned, tell(fold([planned], ZONE), "a", 40, "IT", late)], ZONE)
    assert road["a"].told == "2026-11-30"
