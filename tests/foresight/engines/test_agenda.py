import heapq

from hypothesis import given
from hypothesis import strategies as st

from wardkeep.foresight.engines.agenda import FIRST, agenda, put, take

HOURS = st.floats(0, 1e6)


@given(st.lists(st.one_of(st.none(), HOURS), max_size=200))
def test_what_is_earliest_always_stands_first(steps: list[float | None]) -> None:
    todo, entries = agenda(len(steps)), 0
    expected: list[float] = []
    for hour in steps:
        if hour is not None:
            heapq.heappush(expected, hour)
            entries = put(todo, entries, hour, len(expected))
        elif entries:
            assert todo[FIRST]["when"] == heapq.heappop(expected)
            entries = take(todo, entries)
    while entries:
        assert todo[FIRST]["when"] == heapq.heappop(expected)
        entries = take(todo, entries)
    assert expected == []


def test_what_is_to_be_done_stays_with_its_hour() -> None:
    todo, entries = agenda(100), 0
    for each in range(100):
        entries = put(todo, entries, float((each * 37) % 100), each)
    for hour in range(100):
        assert (int(todo[FIRST]["what"]) * 37) % 100 == hour
        entries = take(todo, entries)
