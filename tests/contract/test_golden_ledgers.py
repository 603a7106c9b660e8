"""Ledgers written by earlier versions are read for ever: nobody ever edits a golden file."""

import shutil
from pathlib import Path

import pytest

from wardkeep.adapters.chained_file import key_path
from wardkeep.adapters.clinical_store import ClinicalLedger
from wardkeep.adapters.key_ring import KeyRing, recover_key_ring
from wardkeep.adapters.ledger_check import LedgerCheck
from wardkeep.adapters.ledger_folder import files_of
from wardkeep.adapters.operations_store import read_looks, read_operations

GOLDEN = Path(__file__).parents[1] / "golden" / "ledger_format_1"
LEDGERS = ("clinical", "operations", "access")
WORDS = (
    "wool february nest winner repeat tiger habit scrap"
    " chief easily group together start flag bike rural"
    " toast issue almost pledge gesture december actress pass"
)


@pytest.fixture
def site(tmp_path: Path) -> tuple[Path, KeyRing]:
    folder = tmp_path / "site"
    shutil.copytree(GOLDEN, folder)
    (folder / "keys").mkdir()
    keys = [key_path(path) for name in LEDGERS for path in files_of(folder / name)]
    recovered = recover_key_ring(folder / "keys", WORDS, keys)
    assert recovered.closed == ()
    return folder, recovered.ring


def test_the_first_format_is_sound(site: tuple[Path, KeyRing], tmp_path: Path) -> None:
    folder, ring = site
    check = LedgerCheck({name: folder / name for name in LEDGERS}, ring, tmp_path)
    walks = [check.walk(name, lambda _l, _n: None) for name in LEDGERS]
    assert [(walk.last.ledger, walk.entries, walk.finish()) for walk in walks] == [
        ("clinical", 22, []),
        ("operations", 4, []),
        ("access", 2, []),
    ]
    check.close()


def test_the_first_format_says_what_it_said(site: tuple[Path, KeyRing]) -> None:
    folder, ring = site
    clinical = ClinicalLedger(folder / "clinical", ring)
    entries = clinical.after(0, 100)
    clinical.close()
    assert entries[0].body == b"MSH|M000000"
    assert [entry.sequence for entry in entries if entry.id_reused] == [11, 22]
    operations = read_operations(folder / "operations", ring)
    assert [event.name for _, event in operations.after(0, "access")] == ["AccountAdded"] * 2
    operations.close()
    assert {look.record for look in read_looks(folder / "access", ring)} == {"4711"}
