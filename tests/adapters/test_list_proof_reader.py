from __future__ import annotations

import hashlib

import msgspec
import pytest
from tests.pack.handmade import NOW, house_data, order, patient

from wardkeep.adapters.list_builder import packed
from wardkeep.adapters.list_proof_reader import FILE, ListProofReader
from wardkeep.adapters.pack_worker import build_list
from wardkeep.adapters.typst_press import Typeset
from wardkeep.ledger.errors import KeyMissingError
from wardkeep.pack.events import ListProved, PackBuilt
from wardkeep.pack.list_proof import PRINTED
from wardkeep.pack.proof import ORDER
from wardkeep.pack.whole_house import HouseData, PackKind

CODE = "list+pharmacy"


def data(dose: str) -> HouseData:
    return house_data(PackKind.PHARMACY, patient("1", orders=(order("1", "digoxin", dose),)))


@pytest.fixture(scope="module")
def made() -> Typeset:
    return build_list(msgspec.msgpack.encode(data("125 mcg")), "en")


class Lists:
    """One list as it stands, and what it was made of."""

    place, means = "share", "opened"

    def __init__(self, made: Typeset, kept: bytes | None) -> None:
        self.made, self.kept = made, kept
        self.fault: Exception | None = None

    def newest(self, ward: str) -> tuple[PackBuilt, bytes] | None:
        if self.fault is not None:
            raise self.fault
        built = PackBuilt(
            ward=ward, generation=3, revision=0, language="en", at=NOW, as_of=NOW, pages=1,
            patients=1, digest=hashlib.sha256(self.made.pdf).hexdigest(),
        )  # fmt: skip
        return built, self.made.pdf

    def sound(self, ward: str) -> bytes | None:
        assert ward == CODE
        return self.kept

    def sheets(self, built: PackBuilt) -> tuple[str, ...]:
        assert built.generation == 3
        return self.made.sheets


def kept(dose: str = "125 mcg", **changes: object) -> bytes:
    return packed(msgspec.msgpack.encode(msgspec.structs.replace(data(dose), **changes)))


def proved(lists: Lists) -> ListProved:
    return ListProofReader(lists, lambda: NOW + 1).prove(CODE)


def test_a_list_is_held_against_what_it_was_made_of_and_says_from_where_it_was_read(
    made: Typeset,
) -> None:
    told = proved(Lists(made, kept()))
    assert (told.right, told.wrong, told.why) == (told.checks, {}, "")
    assert told.checks > 5
    assert (told.code, told.generation, told.pack_at, told.at) == (CODE, 3, NOW, NOW + 1)
    assert (told.place, told.means) == ("share", "opened")


def test_a_list_with_another_dose_than_the_chart_is_wrong_by_one_order(made: Typeset) -> None:
    told = proved(Lists(made, kept("250 mcg")))
    assert (told.wrong, told.checks - told.right) == ({ORDER: 1}, 1)


def test_a_pdf_that_is_of_another_list_or_none_is_wrong(made: Typeset) -> None:
    other = build_list(msgspec.msgpack.encode(data("250 mcg")), "en")
    crossed = Typeset(other.pdf, other.pages, made.sheets)
    assert proved(Lists(crossed, kept())).wrong == {PRINTED: 1}
    assert proved(Lists(Typeset(b"no pdf", 1, made.sheets), kept())).wrong == {FILE: 1}


@pytest.mark.parametrize(
    "kept_", [None, b"of another release", kept(now=NOW - 1), kept(kind=PackKind.KITCHEN)]
)
def test_what_was_kept_of_another_list_is_no_proof(made: Typeset, kept_: bytes | None) -> None:
    told = proved(Lists(made, kept_))
    assert (told.checks, told.right) == (0, 0)
    assert "the next one can be" in told.why


@pytest.mark.parametrize("fault", [KeyMissingError("no key opens it"), OSError("bad sector")])
def test_a_list_that_cannot_be_read_keeps_no_other_from_being_proved(
    made: Typeset, fault: Exception
) -> None:
    lists = Lists(made, kept())
    lists.fault = fault
    assert proved(lists).why == str(fault)
