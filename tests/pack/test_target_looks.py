from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from wardkeep.pack.events import ALTERED, DeliveriesChecked
from wardkeep.pack.target_looks import fold

SOUND = DeliveriesChecked(target="share", at=5, by="wardkeep", wards=2)
WRONG = DeliveriesChecked(target="share", at=6, by="wardkeep", wards=2, wrong={"4B": ALTERED})
GONE = DeliveriesChecked(target="share", at=7, by="wardkeep", wards=0, unread="not mounted")
STICK = DeliveriesChecked(target="stick", at=8, by="wardkeep", wards=1)


def test_a_share_that_was_altered_and_then_unplugged_stays_wrong() -> None:
    known = fold([WRONG, GONE, GONE])["share"]
    assert (known.wrong, known.wards) == ({"4B": ALTERED}, 2)
    assert (known.unread, known.at) == ("not mounted", 7)


def test_only_a_look_that_read_the_files_finds_them_sound_again() -> None:
    assert fold([WRONG, GONE, SOUND])["share"] == SOUND
    assert fold([SOUND, GONE])["share"].wrong == {}
    assert fold([WRONG, STICK])["share"] == WRONG


@given(st.lists(st.sampled_from([SOUND, WRONG, GONE, STICK])), st.integers(0, 9))
def test_it_folds_the_same_in_one_go_or_in_two(
    looks: list[DeliveriesChecked], cut: int
) -> None:
    assert fold(looks) == fold(looks[cut:], fold(looks[:cut]))
