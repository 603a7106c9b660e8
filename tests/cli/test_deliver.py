"""Packs are carried to a place that is there, whatever the ledger says."""

import hashlib
import json
from pathlib import Path

import pytest
from tests.stories.site_server import wardkeep

from wardkeep.adapters.key_ring import load_key_ring
from wardkeep.adapters.pack_shelf import PackShelf
from wardkeep.adapters.writer_lock import WriterLock
from wardkeep.app.folder import HospitalFolder
from wardkeep.cli.main import main
from wardkeep.pack.events import PackBuilt

PDF = b"%PDF-1.7 ward 4B"


def test_a_stick_that_is_not_mounted_is_said_so_with_what_to_do(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    wardkeep("init", tmp_path / "hospital")
    assert main(["deliver", str(tmp_path / "hospital"), "--to", str(tmp_path / "stick")]) == 3
    said = capsys.readouterr().err
    assert f"--to {tmp_path / 'stick'}: there is no such folder" in said
    assert "Mount the stick" in said


@pytest.fixture
def torn(tmp_path: Path) -> HospitalFolder:
    """A hospital with a pack of ward 4B, whose operations ledger cannot be read."""
    wardkeep("init", tmp_path / "hospital")
    folder = HospitalFolder(tmp_path / "hospital")
    built = PackBuilt(
        ward="4B",
        generation=1,
        revision=1,
        language="en",
        at=1_000,
        as_of=900,
        pages=1,
        patients=1,
        digest=hashlib.sha256(PDF).hexdigest(),
    )
    PackShelf(folder.packs, load_key_ring(folder.keys)).put(built, PDF, ("<p>4B</p>",))
    wardkeep("accept", folder.path, "--ward", "4B")
    for each in folder.operations.rglob("*"):
        if each.is_file():
            each.write_bytes(b"overwritten " * 1_000)
    (tmp_path / "stick").mkdir()
    return folder


UNREAD = "NOT KNOWN (the operations ledger cannot be read, or not all of it)"


def test_packs_reach_the_stick_though_the_operations_ledger_can_be_neither_read_nor_written(
    torn: HospitalFolder, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with WriterLock(torn.writer_lock):
        assert main(["deliver", str(torn.path), "--to", str(tmp_path / "stick")]) == 4
    [page] = (tmp_path / "stick").rglob("4B.html")
    assert page.stat().st_size
    out, err = capsys.readouterr()
    assert "1 ward, has them" in out
    assert f"fetched: {UNREAD}" in out
    assert f"in hand: {UNREAD}" in out
    assert "this delivery is not recorded: " in err
    assert "the operations ledger cannot be read, or not all of it: " in err


def test_what_a_new_file_of_the_ledger_does_not_know_is_not_told_as_nothing_said(
    torn: HospitalFolder, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    to = ["deliver", str(torn.path), "--to", str(tmp_path / "stick"), "--json"]
    assert main(to) == 4
    told = json.loads(capsys.readouterr().out)
    assert told["ok"] is False
    assert told["targets"]["--to"]["ok"] is True
    assert set(told["operations_ledger"]) == {"unread"}
    assert told["wards"]["4B"]["accepted"]["state"] == "not known"
    assert told["wards"]["4B"]["accepted"]["why"] == told["operations_ledger"]["unread"]


def test_the_shelf_is_told_though_the_operations_ledger_cannot_be_read(
    torn: HospitalFolder, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["shelf", str(torn.path)]) == 4
    out, err = capsys.readouterr()
    assert "generation      1" in out
    assert f"in hand: {UNREAD}" in out
    assert "`wardkeep verify DIR` names" in err
    assert main(["shelf", str(torn.path), "--json"]) == 4
    [ward] = json.loads(capsys.readouterr().out)
    assert ward["fetched"][0]["state"] == "not known"
    assert ward["fetched"][0]["why"]
