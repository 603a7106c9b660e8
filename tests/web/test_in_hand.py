from __future__ import annotations

from collections.abc import Mapping, Sequence

import pytest
from typing_extensions import override

from wardkeep.pack.events import ON_PAGE, PackAccepted, PackBuilt
from wardkeep.pack.manifest import OLD_AFTER
from wardkeep.pack.receipts import NOTHING as NOTHING_KNOWN
from wardkeep.pack.receipts import Receipts, downloaded, fold
from wardkeep.web.in_hand import InHand, in_hand
from wardkeep.web.receipt_port import NoReceipts

AS_OF = 900


def built(generation: int) -> PackBuilt:
    return PackBuilt(
        ward="4B",
        generation=generation,
        revision=generation,
        language="en",
        at=1_000 * generation,
        as_of=AS_OF,
        pages=1,
        patients=1,
        digest="ab" * 32,
    )


def accepted(as_of: int | None) -> PackAccepted:
    return PackAccepted(
        ward="4B", generation=1, built=1_000, as_of=as_of, at=2_000, by="anna", way=ON_PAGE
    )


class Book(NoReceipts):
    """A book of receipts with ward 4B's pack of a generation on the shelf."""

    def __init__(self, events: Sequence[object], generation: int = 1) -> None:
        self._events, self._generation = events, generation

    @override
    def receipts(self) -> Receipts:
        return fold(self._events)

    @override
    def newest(self) -> Mapping[str, PackBuilt]:
        return {"4B": built(self._generation)}


class TornBook(NoReceipts):
    """A book that cannot be read now."""

    @override
    def receipts(self) -> None:  # type: ignore[override]  # the port's, NoReceipts is narrower
        return None


def test_of_a_ward_that_nobody_spoke_of_nothing_is_in_hand() -> None:
    assert in_hand(Book([]), ["4B", "ICU"], 5_000) == {"4B": InHand(), "ICU": InHand()}


def test_a_book_that_cannot_be_read_is_told_as_unreadable_and_not_as_nothing_in_hand() -> None:
    assert in_hand(TornBook(), ["4B"], 5_000) == {"4B": InHand(readable=False)}


def test_a_pack_in_hand_or_taken_is_the_newest_until_another_stands_on_the_shelf() -> None:
    events = [accepted(AS_OF), *downloaded(NOTHING_KNOWN, built(1), "anna", 2_000)]
    now = in_hand(Book(events), ["4B"], 5_000)["4B"]
    assert (now.superseded, now.taken_superseded) == (False, False)
    later = in_hand(Book(events, generation=2), ["4B"], 5_000)["4B"]
    assert (later.superseded, later.taken_superseded) == (True, True)
    assert later.accepted == accepted(AS_OF)


def test_of_a_lost_shelf_or_an_older_one_no_pack_in_hand_is_called_not_the_newest() -> None:
    events = [accepted(AS_OF), *downloaded(NOTHING_KNOWN, built(1), "anna", 2_000)]
    older = in_hand(Book(events, generation=0), ["4B"], 5_000)["4B"]
    assert (older.superseded, older.taken_superseded) == (False, False)


@pytest.mark.parametrize(
    ("as_of", "age", "old"),
    [(AS_OF, OLD_AFTER - 1, False), (AS_OF, OLD_AFTER, True), (None, 0, True)],
    ids=["under four hours", "four hours", "of no known time"],
)
def test_a_pack_in_hand_is_old_by_what_it_shows(
    as_of: int | None, age: int, *, old: bool
) -> None:
    assert in_hand(Book([accepted(as_of)]), ["4B"], AS_OF + age)["4B"].old is old
