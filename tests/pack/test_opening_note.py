from __future__ import annotations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wardkeep.kernel.times import DAY
from wardkeep.pack.events import PackOpeningSaid
from wardkeep.pack.opening_note import (
    LARGEST,
    OpeningNote,
    Place,
    decode,
    encode,
    note_name,
    said_at,
)
from wardkeep.pack.receipt_code import KnownPack
from wardkeep.pack.receipts import NO_RECEIPTS, fold

NOW = 100 * DAY
NOTE = OpeningNote(site="VAL", ward="4B", generation=7, at=NOW - 5, by="os:kit")
PLACE = Place(target="share", site="VAL", ward="4B", newest=7)


def said(note: OpeningNote) -> PackOpeningSaid | None:
    return said_at(NO_RECEIPTS, PLACE, encode(note), NOW)


def known(generation: int, built: int) -> KnownPack:
    return KnownPack(
        ward="4B", generation=generation, built=built, as_of=built - 1, digest="ab" * 32
    )


def brought(newest: int, *packs: KnownPack) -> Place:
    return msgspec.structs.replace(PLACE, newest=newest, packs=packs)


def test_a_note_tells_which_pack_was_opened_by_whom_and_when() -> None:
    told = said(NOTE)
    assert told == PackOpeningSaid(
        ward="4B", generation=7, target="share", at=NOW, opened=NOW - 5, by="os:kit"
    )


@pytest.mark.parametrize(
    "change",
    [
        {"site": "ELSE"},
        {"ward": "4C"},
        {"generation": 8},
        {"generation": 0},
        {"at": NOW + DAY + 1},
        {"at": -1},
        {"format": "wardkeep opened 2"},
    ],
)
def test_a_note_that_cannot_be_of_what_was_delivered_there_says_nothing(change: dict) -> None:
    assert said(msgspec.structs.replace(NOTE, **change)) is None


def test_a_note_written_again_and_again_is_told_once() -> None:
    told = said(NOTE)
    again = encode(msgspec.structs.replace(NOTE, by="another", at=NOW))
    assert said_at(fold([told]), PLACE, again, NOW) is None
    newer = encode(msgspec.structs.replace(NOTE, generation=8))
    assert said_at(fold([told]), brought(8), newer, NOW) is not None


def test_after_a_lost_shelf_the_first_new_pack_is_told_again() -> None:
    told = said(NOTE)
    first = encode(msgspec.structs.replace(NOTE, generation=1))
    assert said_at(fold([told]), brought(2), first, NOW) is not None


def test_an_opening_is_told_with_when_its_pack_was_built_and_what_it_knows_until() -> None:
    place = brought(8, known(8, NOW - 2), known(7, NOW - 50))
    told = said_at(NO_RECEIPTS, place, encode(NOTE), NOW)
    assert told is not None
    assert (told.generation, told.built, told.as_of) == (7, NOW - 50, NOW - 51)


def test_nobody_opened_a_pack_before_it_was_made() -> None:
    place = brought(7, known(7, NOW - 4))
    assert said_at(NO_RECEIPTS, place, encode(NOTE), NOW) is None
    on_time = encode(msgspec.structs.replace(NOTE, at=NOW - 4))
    assert said_at(NO_RECEIPTS, place, on_time, NOW) is not None


def test_a_lost_shelf_that_counted_past_the_old_number_is_told_again() -> None:
    old = said_at(NO_RECEIPTS, brought(7, known(7, NOW - 50)), encode(NOTE), NOW)
    anew = brought(9, known(6, NOW - 9))
    note = encode(msgspec.structs.replace(NOTE, generation=6))
    told = said_at(fold([old]), anew, note, NOW)
    assert told is not None
    assert (told.generation, told.built) == (6, NOW - 9)
    assert said_at(fold([old, told]), anew, note, NOW) is None


@given(st.binary(max_size=LARGEST + 50))
def test_any_bytes_are_read_or_refused_and_nothing_else(content: bytes) -> None:
    found = decode(content)
    assert found is None or encode(found) == content


@given(st.text(max_size=400))
def test_a_long_name_is_cut_and_the_note_still_read(name: str) -> None:
    note = decode(encode(msgspec.structs.replace(NOTE, by=name)))
    assert note is None or note.by == name[:60]


def test_another_form_of_the_same_note_is_none() -> None:
    assert decode(encode(NOTE).replace(b",", b", ")) is None
    assert decode(encode(NOTE).rstrip(b"\n")) is None
    assert decode(encode(NOTE)[:-2] + b',"more":1}\n') is None


def test_a_note_lies_beside_its_page_under_a_name_that_is_no_path() -> None:
    assert note_name("4B") == "4B.opened.json"
    assert "/" not in note_name("../4B")
