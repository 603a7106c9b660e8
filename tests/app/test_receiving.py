from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.stories.site_server import wardkeep

from wardkeep.adapters.key_ring import load_key_ring
from wardkeep.adapters.operations_store import read_operations
from wardkeep.adapters.pack_shelf import PackShelf
from wardkeep.app.folder import HospitalFolder
from wardkeep.app.pack_ledger import recorder
from wardkeep.app.receiving import Reception
from wardkeep.pack.errors import UnknownReceiptError
from wardkeep.pack.events import BY_CODE, BY_VERB, PART, PackBuilt
from wardkeep.pack.receipt_code import receipt_code
from wardkeep.pack.receipts import NOTHING, Said, downloaded

DIGEST = "ab" * 32
SAID = Said(by="os:anna", way=BY_VERB, said_by="An Maes")


def built(generation: int) -> PackBuilt:
    return PackBuilt(
        ward="4B",
        generation=generation,
        revision=generation,
        language="en",
        at=1_000 * generation,
        as_of=900 * generation,
        pages=1,
        patients=1,
        digest=DIGEST,
    )


@pytest.fixture
def shelf(tmp_path: Path) -> PackShelf:
    wardkeep("init", tmp_path / "site", "--json")
    folder = HospitalFolder(tmp_path / "site")
    shelf = PackShelf(folder.packs, load_key_ring(folder.keys))
    shelf.put(built(1), b"%PDF", ("<p>",))
    return shelf


@pytest.fixture
def reception(tmp_path: Path, shelf: PackShelf) -> Iterator[Reception]:
    folder = HospitalFolder(tmp_path / "site")
    reception = Reception(folder, load_key_ring(folder.keys))
    yield reception
    reception.close()


def test_a_pack_in_hand_is_recorded_once_and_the_first_who_said_so_stays(
    reception: Reception,
) -> None:
    pack = reception.of_generation("4B", None)
    first = reception.accept(pack, SAID).said
    assert (first.ward, first.generation, first.as_of) == ("4B", 1, 900)
    assert (first.by, first.said_by) == ("os:anna", "An Maes")
    assert reception.accept(pack, SAID).said == first


def test_the_code_of_a_cover_sheet_leads_to_the_pack_it_was_printed_on(
    reception: Reception,
) -> None:
    pack = reception.of_code(receipt_code("4B", 1, DIGEST))
    assert pack == reception.of_generation("4B", 1)
    assert reception.accept(pack, Said(by="os:anna", way=BY_CODE)).said.way == BY_CODE
    with pytest.raises(UnknownReceiptError):
        reception.of_code(receipt_code("ICU", 1, DIGEST))


def test_a_newer_pack_on_the_shelf_makes_the_one_in_hand_no_longer_the_newest(
    shelf: PackShelf, reception: Reception
) -> None:
    said = reception.accept(reception.of_generation("4B", None), SAID).said
    assert reception.is_newest(said)
    shelf.put(built(2), b"%PDF", ("<p>",))
    assert not reception.is_newest(said)
    assert reception.is_superseded(said)


def test_the_code_of_an_older_pack_is_recorded_once_and_the_newer_one_counts(
    tmp_path: Path, shelf: PackShelf, reception: Reception
) -> None:
    shelf.put(built(2), b"%PDF", ("<p>",))
    newer = reception.accept(reception.of_generation("4B", 2), SAID)
    assert newer.said == newer.counts
    older = reception.of_code(receipt_code("4B", 1, DIGEST))
    read = Said(by="os:anna", way=BY_CODE, said_by="An Maes")
    late = reception.accept(older, read)
    assert (late.said.generation, late.counts.generation) == (1, 2)
    assert reception.accept(older, read) == late
    folder = HospitalFolder(tmp_path / "site")
    ledger = read_operations(folder.operations, load_key_ring(folder.keys))
    names = [event.name for _, event in ledger.after(0, PART)]
    ledger.close()
    assert names.count("PackAccepted") == 2
    assert not reception.is_superseded(late.counts)


def test_a_code_that_a_lost_part_of_the_ledger_may_know_is_not_called_another_servers(
    tmp_path: Path, shelf: PackShelf, reception: Reception
) -> None:
    assert shelf.generations("4B")
    reception.accept(reception.of_generation("4B", None), SAID)
    folder = HospitalFolder(tmp_path / "site")
    for file in folder.operations.rglob("*.db"):
        file.write_bytes(b"overwritten " * 1_000)
    late = Reception(folder, load_key_ring(folder.keys))
    recorder(folder, load_key_ring(folder.keys))(downloaded(NOTHING, built(1), "anna", 9_000))
    with pytest.raises(UnknownReceiptError) as refused:
        late.of_code(receipt_code("4B", 9, DIGEST))
    assert "may be known there alone" in refused.value.advice
    assert "not of this server" not in refused.value.advice
    late.close()


def test_nothing_is_in_hand_of_a_ward_or_a_generation_that_never_had_a_pack(
    reception: Reception,
) -> None:
    assert list(reception.wards()) == ["4B"]
    for ward, generation in (("ICU", None), ("4B", 7)):
        with pytest.raises(UnknownReceiptError):
            reception.of_generation(ward, generation)
