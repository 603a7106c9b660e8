from __future__ import annotations

from pathlib import Path

import pytest
from tests.stories.site_server import wardkeep

from wardkeep.adapters.key_ring import load_key_ring
from wardkeep.adapters.pack_shelf import PackShelf
from wardkeep.app.folder import HospitalFolder
from wardkeep.app.pack_ledger import delivery_ledger, recorder
from wardkeep.pack.errors import UnknownReceiptError
from wardkeep.pack.events import PackBuilt
from wardkeep.pack.receipt_code import receipt_code
from wardkeep.pack.receipts import NOTHING, downloaded
from wardkeep.web.errors import OperationFailedError
from wardkeep.web.folder_receipts import FolderReceipts

DIGEST = "ab" * 32
BUILT = PackBuilt(
    ward="4B",
    generation=1,
    revision=1,
    language="en",
    at=1_000,
    as_of=900,
    pages=1,
    patients=1,
    digest=DIGEST,
)


def test_the_shelf_says_which_packs_a_ward_may_hold_and_a_code_leads_to_one(
    tmp_path: Path,
) -> None:
    wardkeep("init", tmp_path / "site", "--json")
    folder = HospitalFolder(tmp_path / "site")
    ring = load_key_ring(folder.keys)
    shelf, ledger = PackShelf(folder.packs, ring), delivery_ledger(folder, ring)
    shelf.put(BUILT, b"%PDF", ("<p>",))
    book = FolderReceipts(
        ledger, shelf, lambda: shelf.standing().newest, recorder(folder, ring)
    )
    [pack] = book.packs("4B")
    assert (pack.generation, pack.built, pack.as_of) == (1, 1_000, 900)
    assert book.packs("ICU") == ()
    assert book.of_code(receipt_code("4B", 1, DIGEST)) == pack
    with pytest.raises(UnknownReceiptError):
        book.of_code(receipt_code("4B", 2, DIGEST))
    book.record(downloaded(NOTHING, book.newest()["4B"], "anna", 2_000))
    receipts = book.receipts()
    assert receipts is not None
    assert receipts.wards["4B"].downloaded is not None
    ledger.close()


def test_while_the_ledger_cannot_be_read_no_paper_counts_as_of_another_server(
    tmp_path: Path,
) -> None:
    wardkeep("init", tmp_path / "site", "--json")
    folder = HospitalFolder(tmp_path / "site")
    ring = load_key_ring(folder.keys)
    shelf = PackShelf(folder.packs, ring)
    shelf.put(BUILT, b"%PDF", ("<p>",))
    recorder(folder, ring)(downloaded(NOTHING, BUILT, "anna", 2_000))
    for file in folder.operations.rglob("*.db"):
        file.write_bytes(b"overwritten " * 1_000)
    ledger = delivery_ledger(folder, ring)
    book = FolderReceipts(
        ledger, shelf, lambda: shelf.standing().newest, recorder(folder, ring)
    )
    assert book.receipts() is None
    with pytest.raises(OperationFailedError):
        book.packs("4B")
    with pytest.raises(OperationFailedError):
        book.of_code(receipt_code("4B", 2, "cd" * 32))
    # A writer goes on behind what no key opens: the code may stand in what lies before.
    recorder(folder, ring)(downloaded(NOTHING, BUILT, "lea", 3_000))
    assert book.of_code(receipt_code("4B", 1, DIGEST)).generation == 1
    with pytest.raises(OperationFailedError, match="cannot be opened"):
        book.of_code(receipt_code("4B", 2, "cd" * 32))
    ledger.close()
