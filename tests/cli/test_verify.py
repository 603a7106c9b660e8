import json
from pathlib import Path

import pytest
from tests.adapters.ledgers import DAY, SATURDAY, message

from wardkeep.adapters.chained_file import key_path
from wardkeep.adapters.clinical_store import ClinicalStore
from wardkeep.adapters.encrypted_database import open_for_writing
from wardkeep.adapters.key_ring import load_key_ring
from wardkeep.adapters.ledger_folder import files_of
from wardkeep.adapters.operations_store import open_access, open_operations
from wardkeep.adapters.witness import Witness
from wardkeep.app.errors import LedgerShortenedError
from wardkeep.app.folder import HospitalFolder
from wardkeep.app.losses import refuse_if_shortened
from wardkeep.cli.main import main


@pytest.fixture
def folder(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    folder = tmp_path / "site"
    main(["init", str(folder)])
    store = ClinicalStore(folder / "clinical", load_key_ring(folder / "keys"))
    store.append([message(n) for n in range(30)])
    store.close(SATURDAY)
    capsys.readouterr()
    return folder


def test_a_sound_site_is_called_sound(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["verify", str(folder), "--json"]) == 0
    verdict = json.loads(capsys.readouterr().out)
    assert verdict["ok"] is True
    assert verdict["entries"] == {"clinical": 30, "operations": 1, "access": 0}
    assert verdict["first_fault"] is None


def test_the_first_altered_entry_is_named_with_what_to_do(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    [path] = files_of(folder / "clinical")
    key = load_key_ring(folder / "keys").open_key(key_path(path))
    connection = open_for_writing(path, key)
    connection.execute("update entry set payload = x'00' where sequence in (11, 22)")
    connection.close()
    assert main(["verify", str(folder), "--json"]) == 4
    verdict = json.loads(capsys.readouterr().out)
    first = verdict["first_fault"]
    assert (first["ledger"], first["entry"], first["kind"]) == ("clinical", 11, "altered")
    assert first["remedy"]
    assert [fault["entry"] for fault in verdict["faults"]] == [11, 22]
    assert main(["verify", str(folder)]) == 4
    said = capsys.readouterr().out
    assert "FAULT clinical entry 11 (2022-05-14.db): altered" in said
    assert "What to do:" in said


@pytest.fixture
def days(folder: Path) -> list[Path]:
    """The files of three days, each with 30 messages, whose heads the other ledgers hold."""
    ring = load_key_ring(folder / "keys")
    for day in (1, 2):
        store = ClinicalStore(folder / "clinical", ring)
        operations = open_operations(folder / "operations", ring)
        access = open_access(folder / "access", ring)
        at = SATURDAY + day * DAY
        store.append([message(100 * day + n, at) for n in range(30)])
        Witness(store, operations, access).witness(at + 1_000_000)
        store.close(at)
        operations.close()
        access.close()
    return files_of(folder / "clinical")


def verified(folder: Path, capsys: pytest.CaptureFixture[str]) -> str:
    capsys.readouterr()
    assert main(["verify", str(folder)]) == 4
    return capsys.readouterr().out


def test_a_last_day_that_was_removed_is_named_with_who_saw_it_and_every_way_on(
    folder: Path, days: list[Path], capsys: pytest.CaptureFixture[str]
) -> None:
    days[2].unlink()
    said = verified(folder, capsys)
    assert "30 entries, 61 to 90, are gone with the whole file (2022-05-16.db; seen by:" in said
    assert "ledger, 2022-05-16" in said
    for way in ("the .key of the same name", "--accept-loss", "--read-only"):
        assert way in said
    assert "1 fault found." in said


def test_a_day_removed_between_two_others_is_named_by_its_key_and_not_called_the_newest(
    folder: Path, days: list[Path], capsys: pytest.CaptureFixture[str]
) -> None:
    days[1].unlink()
    said = verified(folder, capsys)
    gone = "30 entries, 31 to 60, are gone with their file (2022-05-15.db;"
    assert f"missing: {gone} 2022-05-16.db begins at entry 61)" in said
    assert "newest" not in said
    assert "--accept-loss" in said


def test_a_tail_that_was_cut_off_is_told_as_a_start_tells_it(
    folder: Path, days: list[Path], capsys: pytest.CaptureFixture[str]
) -> None:
    ring = load_key_ring(folder / "keys")
    connection = open_for_writing(days[2], ring.open_key(key_path(days[2])))
    connection.execute("delete from entry where sequence = 90")
    connection.execute("delete from checkpoint where sequence = 90")
    connection.close()
    said = verified(folder, capsys)
    assert "entry 90 is gone from the end: cut off or damaged, or an older copy" in said
    with pytest.raises(LedgerShortenedError, match="entry 90 is gone from the end"):
        refuse_if_shortened(HospitalFolder(folder), ring)


def test_without_its_keys_a_folder_says_how_to_get_in(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "keys" / "server.key").unlink()
    assert main(["verify", str(folder)]) == 4
    assert "recover-key" in capsys.readouterr().err


def test_what_is_no_hospital_folder_is_said_so(tmp_path: Path) -> None:
    assert main(["verify", str(tmp_path)]) != 0
