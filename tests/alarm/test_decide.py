from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from wardkeep.alarm.decide import MOST_AN_HOUR, RESTS, changes, forget
from wardkeep.alarm.events import AlarmCleared, AlarmRaised
from wardkeep.alarm.state import NOTHING_TOLD, Alarm, Name, Told, fold
from wardkeep.kernel.times import HOUR, SECOND

FULL = Alarm("disk-full", "", 5, "1 byte is free")
NOW = 1_000_000 * SECOND


def standing(*alarms: Alarm) -> dict[Name, Alarm]:
    return {alarm.name: alarm for alarm in alarms}


def test_what_begins_is_told_at_once_with_since_when_and_only_once() -> None:
    (told,) = changes(standing(FULL), NOTHING_TOLD, NOW)
    assert isinstance(told, AlarmRaised)
    assert (told.code, told.since, told.detail, told.at) == ("disk-full", 5, FULL.detail, NOW)
    assert changes(standing(FULL), fold([told]), NOW + HOUR) == []


def test_what_ends_is_told_and_what_flaps_is_told_once_a_minute() -> None:
    told = fold(changes(standing(FULL), NOTHING_TOLD, NOW))
    assert changes({}, told, NOW + RESTS - 1) == []
    (over,) = changes({}, told, NOW + RESTS)
    assert isinstance(over, AlarmCleared)
    assert changes(standing(FULL), fold([over], told), NOW + RESTS + 1) == []


def test_a_thousand_alarms_that_flap_all_day_cannot_fill_the_disk() -> None:
    many = standing(*(Alarm("feed-loud", f"F{n}", NOW) for n in range(1_000)))
    told, spoken = NOTHING_TOLD, 0
    for minute in range(120):
        now = NOW + minute * RESTS
        events = changes({} if minute % 2 else many, told, now)
        told = forget(fold(events, told), now)
        spoken += len(events)
    assert spoken <= 3 * MOST_AN_HOUR


def test_names_that_are_over_are_forgotten_and_standing_ones_are_not() -> None:
    told = Told(standing(FULL), {FULL.name: NOW, Name("x", "y"): NOW}, (NOW,))
    later = forget(told, NOW + HOUR)
    assert set(later.at) == {FULL.name}
    assert later.spoken == ()


@given(
    st.lists(st.tuples(st.sets(st.sampled_from("abc")), st.integers(0, 3 * RESTS)), max_size=30)
)
def test_whatever_comes_and_goes_the_history_ends_up_true(
    steps: list[tuple[set[str], int]],
) -> None:
    told, now = NOTHING_TOLD, NOW
    last: dict[Name, Alarm] = {}
    for codes, pause in steps:
        now += pause
        last = standing(*(Alarm(code, "", NOW) for code in codes))
        told = fold(changes(last, told, now), told)
    told = fold(changes(last, told, now + RESTS), told)
    assert set(told.standing) == set(last)
