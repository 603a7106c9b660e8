from __future__ import annotations

import pytest

from wardkeep.copies.decide import decide_map, invite, invited, pair, remove
from wardkeep.copies.errors import (
    FollowerExistsError,
    FollowerNameError,
    FollowerUnknownError,
    InvitationError,
)
from wardkeep.copies.events import CopiesEvent, LedgersTakenOver, decode, encode
from wardkeep.copies.state import Copies, fold

SECRET = b"s" * 12
INVITED = invite(Copies(), "box-2", SECRET, until=100, now=10, by="it")


def after(*events: CopiesEvent) -> Copies:
    return fold(decode(encode(event)) for event in events)


def test_a_box_that_knows_the_secret_is_paired_once() -> None:
    paired = pair(after(INVITED), SECRET, "c0ffee", "5161", now=20)
    known = after(INVITED, paired)
    follower = known.by_certificate("c0ffee")
    assert follower is not None
    assert (follower.name, follower.signer) == ("box-2", "5161")
    with pytest.raises(InvitationError):
        pair(known, SECRET, "bad", "5161", now=30)


@pytest.mark.parametrize(("secret", "now"), [(b"x" * 12, 20), (SECRET, 101), (b"", 20)])
def test_a_wrong_or_late_secret_pairs_nobody(secret: bytes, now: int) -> None:
    with pytest.raises(InvitationError):
        invited(after(INVITED), secret, now)


def test_a_new_invitation_ends_the_one_before() -> None:
    again = invite(after(INVITED), "box-2", b"t" * 12, until=200, now=50, by="it")
    with pytest.raises(InvitationError):
        invited(after(INVITED, again), SECRET, 60)
    assert invited(after(INVITED, again), b"t" * 12, 60) == "box-2"


def test_a_paired_name_is_not_given_out_again_until_it_is_removed() -> None:
    known = after(INVITED, pair(after(INVITED), SECRET, "c0ffee", "5161", now=20))
    with pytest.raises(FollowerExistsError):
        invite(known, "box-2", SECRET, until=200, now=50, by="it")
    left = fold([remove(known, "box-2", 60, "it")], known)
    assert left.by_certificate("c0ffee") is None
    assert invite(left, "box-2", SECRET, until=200, now=70, by="it").name == "box-2"


def test_a_box_has_the_map_only_once_a_person_gave_it_and_until_it_is_withdrawn() -> None:
    paired = pair(after(INVITED), SECRET, "c0ffee", "5161", now=20)
    assert not after(INVITED, paired).followers["box-2"].with_map
    gave = decide_map(after(INVITED), "box-2", 15, "it", given=True)
    for events in ((INVITED, gave, paired), (INVITED, paired, gave)):
        known = after(*events)
        assert known.followers["box-2"].with_map
        taken = decide_map(known, "box-2", 30, "it", given=False)
        assert not after(*events, taken).followers["box-2"].with_map


def test_the_right_to_the_map_ends_with_the_box_and_is_not_left_to_the_next_of_its_name() -> (
    None
):
    gave = decide_map(after(INVITED), "box-2", 15, "it", given=True)
    known = after(INVITED, gave)
    removed = remove(known, "box-2", 20, "it")
    assert not after(INVITED, gave, removed, INVITED).followers["box-2"].with_map
    again = invite(known, "box-2", b"t" * 12, until=200, now=50, by="it")
    assert not after(INVITED, gave, again).followers["box-2"].with_map
    assert not after(gave).followers
    with pytest.raises(FollowerUnknownError):
        decide_map(Copies(), "box-2", 20, "it", given=True)


def test_nobody_is_known_by_no_certificate() -> None:
    assert after(INVITED).by_certificate("") is None


@pytest.mark.parametrize("name", ["", "../x", "a b", "é", "x" * 41, ".hidden"])
def test_a_name_that_could_be_mistaken_is_refused(name: str) -> None:
    with pytest.raises(FollowerNameError):
        invite(Copies(), name, SECRET, until=1, now=0, by="it")


def test_whoever_was_never_invited_cannot_be_removed() -> None:
    with pytest.raises(FollowerUnknownError):
        remove(Copies(), "box-9", 1, "it")


def test_a_taking_over_is_remembered_and_the_followers_of_the_box_before_are_not() -> None:
    taken = LedgersTakenOver(
        why="fire", before="a:1", held={}, seen={}, as_of=5, forced=False, at=9, by="it"
    )
    known = after(INVITED, pair(after(INVITED), SECRET, "c0ffee", "5161", now=20), taken)
    assert known.taken_over == taken
    assert known.by_certificate("c0ffee") is None
