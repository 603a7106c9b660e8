from hypothesis import given
from hypothesis import strategies as st

from wardkeep.foresight.engines.bucket_queue import (
    BUCKETS,
    NOTHING,
    bucket_queue,
    clear,
    put_in,
    take_from,
)


@given(st.lists(st.floats(0, 2 * BUCKETS), max_size=50))
def test_buckets_give_back_all_that_was_put_in_whole_widths_in_order(
    places: list[float],
) -> None:
    todo, entries = bucket_queue(len(places)), 0
    for what, after in enumerate(places):
        entries = put_in(todo, entries, after, what)
    found = []
    for bucket in range(BUCKETS + 1):
        while (what := take_from(todo, bucket)) != NOTHING:
            found.append(what)
            assert min(int(places[what]), BUCKETS) == bucket
    assert sorted(found) == list(range(len(places)))


def test_what_comes_at_no_known_hour_is_later_than_all_else() -> None:
    todo = bucket_queue(1)
    put_in(todo, 0, float("inf"), 7)
    assert take_from(todo, BUCKETS) == 7


def test_a_queue_that_was_cleared_holds_nothing() -> None:
    todo = bucket_queue(2)
    put_in(todo, put_in(todo, 0, 3.5, 1), 9.0, 2)
    clear(todo)
    assert take_from(todo, 3) == take_from(todo, 9) == NOTHING
