"""Ledgers written by earlier versions are read for ever: nobody ever edits a golden file."""

import shutil
from pathlib import Path

import msgspec
import pytest

from wardkeep.adapters.chained_file import key_path
from wardkeep.adapters.clinical_store import ClinicalLedger, ClinicalStore
from wardkeep.adapters.key_ring import KeyRing, recover_key_ring
from wardkeep.adapters.ledger_check import LedgerCheck
from wardkeep.adapters.ledger_folder import files_of
from wardkeep.adapters.operations_store import read_looks, read_operations
from wardkeep.ledger.arrival import Arrival, Verdict

GOLDEN = Path(__file__).parents[1] / "golden"
LEDGERS = ("clinical", "operations", "access")
WORDS = {
    "ledger_format_1": (
        "wool february nest winner repeat tiger habit scrap"
        " chief easily group together start flag bike rural"
        " toast issue almost pledge gesture december actress pass"
    ),
    "ledger_format_2": (
        "van chunk short robot squirrel ethics faith fiction"
        " harbor bounce poem awesome outer pig will actress"
        " property tumble cliff civil habit laundry finger surface"
    ),
}


@pytest.fixture(params=WORDS)
def site(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[Path, KeyRing]:
    folder = tmp_path / "site"
    shutil.copytree(GOLDEN / request.param, folder)
    (folder / "keys").mkdir()
    keys = [key_path(path) for name in LEDGERS for path in files_of(folder / name)]
    recovered = recover_key_ring(folder / "keys", WORDS[request.param], keys)
    assert recovered.closed == ()
    return folder, recovered.ring


def test_an_earlier_format_is_sound(site: tuple[Path, KeyRing], tmp_path: Path) -> None:
    folder, ring = site
    check = LedgerCheck({name: folder / name for name in LEDGERS}, ring, tmp_path)
    walks = [check.walk(name, lambda _l, _n: None) for name in LEDGERS]
    assert [(walk.last.ledger, walk.entries, walk.finish()) for walk in walks] == [
        ("clinical", 22, []),
        ("operations", 4, []),
        ("access", 2, []),
    ]
    check.close()


def test_a_day_begun_in_an_earlier_format_goes_on_and_knows_its_repeats(
    site: tuple[Path, KeyRing], tmp_path: Path
) -> None:
    folder, ring = site
    reader = ClinicalLedger(folder / "clinical", ring)
    old = reader.after(0, 100)
    reader.close()
    store, now = ClinicalStore(folder / "clinical", ring), old[-1].received
    sent = [
        Arrival(e.feed, now, e.kind, e.application, e.facility, e.control, e.body) for e in old
    ]
    assert {answer.verdict for answer in store.append(sent)} == {Verdict.REPEATED}
    other = msgspec.structs.replace(sent[0], body=b"MSH|new")
    assert [answer.verdict for answer in store.append([other])] == [Verdict.ID_REUSED]
    store.close(now)
    check = LedgerCheck({name: folder / name for name in LEDGERS}, ring, tmp_path)
    assert check.walk("clinical", lambda _l, _n: None).finish() == []
    check.close()


def test_an_earlier_format_says_what_it_said(site: tuple[Path, KeyRing]) -> None:
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
