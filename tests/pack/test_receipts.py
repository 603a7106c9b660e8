from __future__ import annotations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wardkeep.pack.errors import UnknownReceiptError
from wardkeep.pack.events import (
    BY_CODE,
    ON_PAGE,
    PackAccepted,
    PackBuilt,
    PackDownloaded,
    PackOpeningSaid,
    PrintBegun,
    PrintOrdered,
    decode,
    encode,
)
from wardkeep.pack.receipt_code import pack_of, receipt_code
from wardkeep.pack.receipts import (
    NO_RECEIPTS,
    NOTHING,
    Said,
    accept,
    downloaded,
    fold,
    is_newest,
    is_superseded,
    known_packs,
    of_generation,
)


def built(generation: int) -> PackBuilt:
    return PackBuilt(
        ward="4B",
        generation=generation,
        revision=1,
        language="en",
        at=generation * 100,
        as_of=generation * 100 - 1,
        pages=3,
        patients=1,
        digest=f"{generation:064x}",
    )


def accepted(generation: int, at: int, way: str = ON_PAGE) -> PackAccepted:
    return PackAccepted(
        ward="4B",
        generation=generation,
        built=generation * 100,
        as_of=None,
        at=at,
        by="anna",
        way=way,
    )


def test_a_runner_who_comes_late_takes_no_newer_pack_from_the_ward() -> None:
    receipts = fold([accepted(5, 1), accepted(3, 2, BY_CODE)])
    assert receipts.wards["4B"].accepted == accepted(5, 1)


def test_who_named_the_wrong_pack_on_the_page_mends_it_there() -> None:
    receipts = fold([accepted(5, 1), accepted(3, 2)])
    assert receipts.wards["4B"].accepted == accepted(3, 2)


def test_what_a_place_says_never_stands_for_what_is_known() -> None:
    taken = PackDownloaded(ward="4B", generation=5, built=500, as_of=None, at=9, by="anna")
    said = PackOpeningSaid(ward="4B", generation=9, target="share", at=10, opened=8, by="x")
    known = fold([taken, said]).wards["4B"]
    assert (known.downloaded, known.last_said, known.accepted) == (taken, said, None)


def test_paper_whose_pack_went_from_the_shelf_can_still_be_in_hand() -> None:
    order = PrintOrdered(order="A", ward="4B", printer="room", at=1, by="lea")
    begun = PrintBegun(order="A", at=2, generation=3, digest="d" * 64, pages=2, built=300)
    packs = known_packs(fold([order, begun]), "4B", [built(9), built(8)])
    assert [each.generation for each in packs] == [9, 8, 3]
    assert of_generation(packs, "4B", 3).digest == "d" * 64
    assert of_generation(packs, "4B", None).generation == 9


def test_paper_taken_from_the_pages_is_known_once_its_pack_left_the_shelf() -> None:
    told = downloaded(NOTHING, built(3), "anna", 7)
    [pack] = known_packs(fold(told), "4B", [])
    assert (pack.generation, pack.built, pack.as_of) == (3, 300, 299)
    assert pack_of(receipt_code("4B", 3, built(3).digest), [pack]) == pack


def test_a_pack_that_the_ledger_says_was_made_is_known_once_it_left_the_shelf() -> None:
    packs = known_packs(fold([built(3), built(5)]), "4B", [built(9), built(5)])
    assert [each.generation for each in packs] == [9, 5, 3]


def test_of_packs_that_were_made_each_hour_those_of_a_week_are_known() -> None:
    packs = known_packs(fold(built(each) for each in range(1, 201)), "4B", [])
    assert [each.generation for each in packs] == list(range(200, 32, -1))


def test_of_paper_taken_in_an_earlier_release_the_time_is_known_and_no_code() -> None:
    [taken] = downloaded(NOTHING, built(3), "anna", 7)
    earlier = msgspec.structs.replace(taken, digest="")
    [pack] = known_packs(fold([earlier]), "4B", [])
    assert (pack.built, pack.digest) == (300, "")
    with pytest.raises(UnknownReceiptError):
        pack_of(receipt_code("4B", 3, ""), [pack])
    [whole] = known_packs(fold([built(3), earlier]), "4B", [])
    assert whole.digest == built(3).digest
    assert b"digest" not in encode(earlier)[1]


def test_paper_taken_in_an_earlier_release_hides_no_code_of_the_same_pack_printed_since() -> (
    None
):
    [taken] = downloaded(NOTHING, built(3), "anna", 7)
    earlier = msgspec.structs.replace(taken, digest="")
    order = PrintOrdered(order="A", ward="4B", printer="room", at=8, by="lea")
    begun = PrintBegun(
        order="A", at=9, generation=3, digest=built(3).digest, pages=2, built=300, as_of=299
    )
    [pack] = known_packs(fold([earlier, order, begun]), "4B", [])
    assert pack_of(receipt_code("4B", 3, built(3).digest), [pack]).built == 300


def test_no_pack_of_a_list_is_known_as_one_that_a_ward_may_hold() -> None:
    kitchen = msgspec.structs.replace(built(3), ward="list+kitchen")
    assert known_packs(fold([kitchen]), "list+kitchen", [kitchen]) == ()


def test_an_opening_is_the_newest_by_when_its_pack_was_built_and_not_by_its_number() -> None:
    said = PackOpeningSaid(
        ward="4B", generation=5, target="share", at=9, opened=8, by="x", built=100
    )
    assert not is_newest(said, built(5))
    assert is_superseded(said, built(5))
    earlier = msgspec.structs.replace(said, built=0)
    assert not is_newest(earlier, built(5))
    assert [is_superseded(earlier, built(g)) for g in (5, 6)] == [False, True]


def test_a_print_of_an_earlier_release_says_not_which_time_its_pack_was_built() -> None:
    order = PrintOrdered(order="A", ward="4B", printer="room", at=1, by="lea")
    begun = PrintBegun(order="A", at=2, generation=3, digest="d" * 64, pages=2)
    assert known_packs(fold([order, begun]), "4B", []) == ()
    assert encode(begun)[1] == (
        b'{"type":"PrintBegun.v1","order":"A","at":2,"generation":3,"digest":"'
        + b"d" * 64
        + b'","pages":2}'
    )


def test_a_generation_that_is_not_known_is_refused() -> None:
    with pytest.raises(UnknownReceiptError, match="generation 4"):
        of_generation(known_packs(NO_RECEIPTS, "4B", [built(5)]), "4B", 4)
    with pytest.raises(UnknownReceiptError, match="no pack of ward"):
        of_generation((), "4B", None)


def test_the_same_said_again_by_the_same_person_is_recorded_once() -> None:
    [pack] = known_packs(NO_RECEIPTS, "4B", [built(5)])
    said = Said(by="lea", way=BY_CODE, said_by="An \n Maes")
    [event] = accept(NO_RECEIPTS, pack, said, 7)
    assert (event.said_by, event.as_of, event.built) == ("An Maes", 499, 500)
    assert accept(fold([event]), pack, said, 8) == []
    assert len(accept(fold([event]), pack, Said(by="bert", way=ON_PAGE), 8)) == 1


def test_a_pack_taken_twice_by_one_person_is_recorded_once() -> None:
    [event] = downloaded(NOTHING, built(5), "anna", 7)
    known = fold([event]).wards["4B"]
    assert downloaded(known, built(5), "anna", 8) == []
    assert len(downloaded(known, built(6), "anna", 8)) == 1


def test_an_older_pack_is_not_the_newest_even_of_the_same_number() -> None:
    assert is_newest(accepted(5, 1), built(5))
    assert not is_newest(accepted(5, 1), built(6))
    assert not is_newest(accepted(5, 1), None)


def test_a_pack_is_superseded_by_a_newer_one_on_the_shelf_and_by_nothing_else() -> None:
    assert is_superseded(accepted(5, 1), built(6))
    assert not is_superseded(accepted(5, 1), built(5))
    assert not is_superseded(accepted(5, 1), built(4))
    assert not is_superseded(accepted(5, 1), None)
    anew = msgspec.structs.replace(built(1), at=600)
    assert is_superseded(accepted(5, 1), anew), "a lost shelf counts anew"


def test_a_late_code_that_is_read_again_is_recorded_once() -> None:
    packs = known_packs(NO_RECEIPTS, "4B", [built(5), built(3)])
    late, mended = packs[1], Said(by="lea", way=ON_PAGE)
    read = Said(by="lea", way=BY_CODE, said_by="An Maes")
    told = [accepted(5, 1), *accept(fold([accepted(5, 1)]), late, read, 2)]
    assert len(told) == 2
    assert accept(fold(told), late, read, 3) == []
    assert len(accept(fold(told), late, Said(by="bert", way=BY_CODE), 3)) == 1
    told += accept(fold(told), late, mended, 4)
    receipt = fold(told).wards["4B"]
    assert receipt.accepted is not None
    assert (receipt.accepted.generation, receipt.accepted.way) == (3, ON_PAGE)


_EVENTS = st.lists(
    st.one_of(
        st.builds(accepted, st.integers(1, 9), st.integers(0, 99), st.sampled_from(["page"])),
        st.builds(
            PackOpeningSaid,
            ward=st.sampled_from(["4B", "ICU"]),
            generation=st.integers(1, 9),
            target=st.text(max_size=3),
            at=st.integers(0, 99),
            opened=st.integers(0, 99),
            by=st.text(max_size=5),
        ),
    )
)


@given(_EVENTS, st.integers(0, 20))
def test_folding_in_two_steps_gives_what_one_step_gives(events: list, cut: int) -> None:
    assert fold(events[cut:], fold(events[:cut])) == fold(events)
    assert [decode(*encode(each)) for each in events] == events
