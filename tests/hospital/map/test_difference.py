from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from wardkeep.hospital.map.difference import difference
from wardkeep.hospital.map.machines import Server

SERVERS = st.builds(
    Server, id=st.sampled_from("abcd"), site=st.sampled_from(["", "arlon", "x"])
)
READINGS = st.lists(SERVERS, max_size=4, unique_by=lambda each: each.id)


def test_what_came_what_changed_and_what_is_no_longer_said() -> None:
    before = [Server(id="a"), Server(id="b"), Server(id="c")]
    after = [Server(id="b"), Server(id="c", site="arlon"), Server(id="d")]
    found = difference(before, after)
    assert found.added == ("server:d",)
    assert found.changed == ("server:c",)
    assert found.gone == ("server:a",)
    assert found.unchanged == 1


@given(READINGS, READINGS)
def test_every_item_of_either_reading_is_counted_once(
    before: list[Server], after: list[Server]
) -> None:
    found = difference(before, after)
    assert len(found.added) + len(found.changed) + found.unchanged == len(after)
    assert len(found.gone) + len(found.changed) + found.unchanged == len(before)


@given(READINGS)
def test_the_same_reading_again_changes_nothing(items: list[Server]) -> None:
    found = difference(items, items)
    assert (found.added, found.changed, found.gone) == ((), (), ())
