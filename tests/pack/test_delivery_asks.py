from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from wardkeep.kernel.times import MINUTE
from wardkeep.pack.delivery_asks import ask, fold
from wardkeep.pack.events import (
    DeliveryEvent,
    PackDeliveryAsked,
    PackDeliveryFailed,
    PackDeliveryOrdered,
    PacksDelivered,
    decode,
    encode,
)

ASKED = PackDeliveryAsked(target="share", at=5, by="ines")
BEGUN = PackDeliveryOrdered(target="share", at=6, by="ines", counter=2, wards=("4B",))
DONE = PacksDelivered(target="share", at=7, counter=2, wards=1, bytes=9)
FAILED = PackDeliveryFailed(target="share", at=7, why="full")


def test_an_ask_stays_open_until_what_was_asked_for_has_an_outcome() -> None:
    assert fold([ASKED])["share"].is_open
    assert fold([ASKED, BEGUN])["share"].is_open
    assert fold([ASKED, BEGUN, DONE])["share"].outcome == DONE
    assert fold([ASKED, BEGUN, FAILED])["share"].outcome == FAILED


def test_what_the_server_delivered_by_itself_meanwhile_is_not_what_was_asked_for() -> None:
    assert fold([ASKED, DONE])["share"].is_open
    assert fold([ASKED, FAILED])["share"].is_open
    assert fold([ASKED, FAILED, BEGUN, DONE])["share"].outcome == DONE
    of_a_verb = PackDeliveryOrdered(target="share", at=6, by="os:root", counter=2, wards=())
    assert fold([ASKED, of_a_verb, DONE])["share"].is_open


def test_another_target_and_an_older_outcome_change_nothing() -> None:
    elsewhere = PackDeliveryFailed(target="stick", at=6, why="gone")
    assert fold([DONE, ASKED, elsewhere])["share"].is_open
    assert "stick" not in fold([DONE, ASKED, elsewhere])


def test_nobody_asks_twice_while_the_first_is_under_way() -> None:
    assert ask({}, "share", "ines", 5) == [ASKED]
    assert ask(fold([ASKED]), "share", "lea", 9) == []
    late = ask(fold([ASKED, BEGUN]), "share", "lea", 5 + 10 * MINUTE)
    assert [each.by for each in late] == ["lea"]
    again = ask(fold([ASKED, BEGUN, FAILED]), "share", "lea", 9)
    assert [each.by for each in again] == ["lea"]


@given(st.lists(st.sampled_from([ASKED, BEGUN, DONE, FAILED]), max_size=12), st.integers(0, 12))
def test_it_folds_the_same_in_one_go_or_in_two(events: list[DeliveryEvent], cut: int) -> None:
    assert fold(events) == fold(events[cut:], fold(events[:cut]))


def test_an_ask_reads_back_as_it_was_written() -> None:
    assert decode(*encode(ASKED)) == ASKED
