from hypothesis import given
from hypothesis import strategies as st

from wardkeep.kernel.times import HOUR, MINUTE, SECOND
from wardkeep.pack.decide import (
    GROWS_OLD,
    PATIENCE,
    QUIET,
    RESTS,
    Change,
    due_for_rebuild,
    note_changes,
    worth_recording,
)
from wardkeep.pack.events import PackBuilt, decode, encode
from wardkeep.pack.state import Shelf, fold

T = 1_772_853_120_000_000


def built(ward: str = "4B", revision: int = 1, at: int = T, generation: int = 1) -> PackBuilt:
    return PackBuilt(ward=ward, generation=generation, revision=revision, language="fr", at=at,
                     as_of=None, pages=90, patients=25, digest="0" * 64)  # fmt: skip


SHELF = fold([built("4B"), built("5A")])


def test_a_ward_without_a_pack_is_built_at_once() -> None:
    assert due_for_rebuild(Shelf(), {}, ["4B"], T) == ["4B"]


def test_a_changed_ward_does_not_rebuild_the_others() -> None:
    later = T + RESTS + QUIET
    changes = note_changes({}, {"4B": 2, "5A": 1}, SHELF, later - QUIET)
    assert due_for_rebuild(SHELF, changes, ["4B", "5A"], later) == ["4B"]


def test_a_round_of_doses_makes_one_pack() -> None:
    now, changes = T + RESTS, {}
    for revision in range(2, 6):
        now += 2 * SECOND
        changes = note_changes(changes, {"4B": revision}, SHELF, now)
        assert due_for_rebuild(SHELF, changes, ["4B"], now) == []
    assert due_for_rebuild(SHELF, changes, ["4B"], now + QUIET) == ["4B"]


def test_a_ward_that_never_falls_quiet_is_built_all_the_same() -> None:
    now = T + RESTS
    changes = {"4B": Change(9, now - PATIENCE, now)}
    assert due_for_rebuild(SHELF, changes, ["4B"], now) == ["4B"]


def test_a_pack_just_built_rests() -> None:
    changes = {"4B": Change(2, T, T)}
    assert due_for_rebuild(SHELF, changes, ["4B"], T + RESTS - SECOND) == []
    assert due_for_rebuild(SHELF, changes, ["4B"], T + RESTS) == ["4B"]


def test_an_unchanged_pack_grows_old() -> None:
    assert due_for_rebuild(SHELF, {}, ["4B"], T + GROWS_OLD - MINUTE) == []
    assert due_for_rebuild(SHELF, {}, ["4B"], T + GROWS_OLD) == ["4B"]


def test_a_ward_whose_pack_shows_its_last_change_waits_for_nothing() -> None:
    assert note_changes({"4B": Change(1, T, T)}, {"4B": 1}, SHELF, T + HOUR) == {}


def test_the_ledger_hears_of_one_pack_a_ward_and_hour() -> None:
    assert worth_recording(Shelf(), built())
    assert not worth_recording(SHELF, built(at=T + MINUTE, generation=2))
    assert worth_recording(SHELF, built(at=T + HOUR, generation=2))


@given(st.lists(st.tuples(st.sampled_from("AB"), st.integers(1, 9))))
def test_the_shelf_holds_the_newest_generation_whatever_the_order(
    drawn: list[tuple[str, int]],
) -> None:
    shelf = fold(built(ward, generation=number) for ward, number in drawn)
    for ward in {ward for ward, _ in drawn}:
        assert shelf.newest[ward].generation == max(n for w, n in drawn if w == ward)


def test_an_event_reads_back_as_it_was_written() -> None:
    assert decode(*encode(built())) == built()
    assert encode(built())[1].startswith(b'{"type":"PackBuilt.v1","ward":"4B"')
