import json
from pathlib import Path

import pytest
from tests.adapters.ledgers import SATURDAY, message

from wardkeep.adapters.chained_file import key_path
from wardkeep.adapters.clinical_store import ClinicalStore
from wardkeep.adapters.encrypted_database import open_for_writing
from wardkeep.adapters.key_ring import load_key_ring
from wardkeep.adapters.ledger_folder import files_of
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


def test_without_its_keys_a_folder_says_how_to_get_in(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "keys" / "server.key").unlink()
    assert main(["verify", str(folder)]) == 4
    assert "recover-key" in capsys.readouterr().err


def test_what_is_no_hospital_folder_is_said_so(tmp_path: Path) -> None:
    assert main(["verify", str(tmp_path)]) != 0
