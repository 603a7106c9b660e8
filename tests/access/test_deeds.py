from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from wardkeep.access.deeds import KEPT, fold_deeds
from wardkeep.access.events import (
    AccountAdded,
    AccountChange,
    AccountDisabled,
    CodeUsed,
    PinSet,
    Role,
    RolesGiven,
)

MADE = AccountAdded(name="anna", roles=(Role.NURSE,), password_hash="s3cret", at=1, by="lea")
PIN = PinSet(name="anna", pin_hash="s3cret", at=2, by="anna")


def test_the_newest_deed_stands_first_with_who_did_it_and_no_secret() -> None:
    gone = PinSet(name="anna", pin_hash="", at=3, by="ines")
    given_ = RolesGiven(name="anna", roles=(Role.IT,), at=4, by="lea")
    found = fold_deeds([MADE, PIN, gone, given_])["anna"]
    assert [(deed.what, deed.by) for deed in found] == [
        ("RolesGiven", "lea"),
        ("PinRemoved", "ines"),
        ("PinSet", "anna"),
        ("AccountAdded", "lea"),
    ]
    assert found[0].roles == (Role.IT,)
    assert "s3cret" not in repr(found)


def test_a_code_on_paper_is_nothing_that_was_done_to_an_account() -> None:
    assert not fold_deeds([CodeUsed(sheet="K7", number=1, at=1, by="anna")])


@given(st.lists(st.sampled_from([PIN, AccountDisabled(name="olaf", at=2, by="lea")])))
def test_so_many_are_kept_and_in_two_goes_the_same(events: list[AccountChange]) -> None:
    found = fold_deeds(events)
    assert all(len(deeds) <= KEPT for deeds in found.values())
    half = len(events) // 2
    assert fold_deeds(events[half:], fold_deeds(events[:half])) == found
