"""Servers that would wait for each other if they were lost together."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from wardkeep.hospital.map.restore_circles import copies_in_circles, stated_circles


def waits(*each: str) -> list[frozenset[int]]:
    return [frozenset(map(int, one)) for one in each]


def test_each_circle_of_what_is_stated_begins_with_who_waits_for_the_next() -> None:
    assert stated_circles(waits("1", "2", "0", "4", "3", "0", "")) == ((0, 1, 2), (3, 4))
    assert stated_circles(waits("0", "")) == ((0,),)
    assert stated_circles(waits("", "0", "01")) == ()


def test_who_must_come_back_without_a_copy_opens_the_way_for_those_behind() -> None:
    nothing = waits("", "", "", "")
    held_by = [waits("1"), waits("0"), waits("0"), waits("2")]
    assert copies_in_circles(nothing, held_by) == ({0: (0, 1), 1: (1, 0)},)
    inner = [waits("0"), waits("2"), waits("01"), waits("")]
    assert copies_in_circles(waits("", "0", "", ""), inner) == (
        {0: (0,)},
        {1: (1, 2), 2: (2, 1)},
    )


def test_what_waits_for_a_circle_of_what_is_stated_is_left_out_and_others_are_told() -> None:
    stated = waits("1", "0", "0", "")
    assert copies_in_circles(stated, [(), (), waits("2"), waits("3")]) == ({3: (3,)},)


@st.composite
def estates(
    draw: st.DrawFn,
) -> tuple[list[frozenset[int]], list[list[frozenset[int]]]]:
    count = draw(st.integers(1, 7))
    some = st.frozensets(st.integers(0, count - 1), max_size=2)
    one = st.frozensets(st.integers(0, count - 1), min_size=1, max_size=2)
    stated = [draw(some) for _ in range(count)]
    return stated, [draw(st.lists(one, max_size=2)) for _ in range(count)]


def back(stated: list[frozenset[int]], options: list[list[frozenset[int]]]) -> set[int]:
    """All that can be brought back with its copy, tried again and again."""
    found: set[int] = set()
    for _ in stated:
        found |= {
            server
            for server, choices in enumerate(options)
            if stated[server] <= found
            and (not choices or any(each <= found for each in choices))
        }
    return found


@settings(deadline=None)
@given(estates())
def test_all_come_back_if_those_that_are_told_do_without_a_copy_and_no_circle_is_stated(
    estate: tuple[list[frozenset[int]], list[list[frozenset[int]]]],
) -> None:
    stated, options = estate
    first = back(stated, options)
    rounds = copies_in_circles(stated, options)
    told = {server: circle for each in rounds for server, circle in each.items()}
    assert first.isdisjoint(told)
    assert len(told) == sum(map(len, rounds))
    for server, circle in told.items():
        assert circle[0] == server
        for each, ahead in zip(circle, (*circle[1:], server), strict=True):
            assert ahead in stated[each].union(*options[each])
    given_up = [() if each in told else choices for each, choices in enumerate(options)]
    everybody = set(range(len(stated)))
    if not stated_circles(stated):
        assert bool(told) == (first != everybody)
        assert back(stated, given_up) == everybody
    for circle in stated_circles(stated):
        assert first.isdisjoint(circle)
        assert back(stated, given_up).isdisjoint(circle)
