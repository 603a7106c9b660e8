from pathlib import Path

import pytest
from tests.adapters.ledgers import SATURDAY

from wardkeep.adapters.key_ring import load_key_ring
from wardkeep.adapters.operations_store import read_operations
from wardkeep.app.errors import FolderTakenError
from wardkeep.app.folder import open_folder
from wardkeep.app.founding import found
from wardkeep.app.settings_text import default_settings_toml

SETTINGS = default_settings_toml("Site", 2575, 8443)


def test_a_new_site_has_keys_and_one_account(tmp_path: Path) -> None:
    founded = found(tmp_path / "site", SETTINGS, "aegis", SATURDAY)
    assert len(founded.password) == 19
    ring = load_key_ring(founded.folder / "keys")
    reader = read_operations(founded.folder / "operations", ring)
    [(sequence, event)] = reader.after(0)
    reader.close()
    assert (sequence, event.part, event.at) == (1, "access", SATURDAY)
    assert founded.password.encode() not in event.body


def test_two_sites_share_no_secret(tmp_path: Path) -> None:
    one = found(tmp_path / "one", SETTINGS, "aegis", SATURDAY)
    two = found(tmp_path / "two", SETTINGS, "aegis", SATURDAY)
    assert one.recovery_words != two.recovery_words
    assert one.password != two.password


def test_a_site_is_never_founded_twice(tmp_path: Path) -> None:
    found(tmp_path / "site", SETTINGS, "aegis", SATURDAY)
    with pytest.raises(FolderTakenError):
        found(tmp_path / "site", SETTINGS, "aegis", SATURDAY)


def test_a_disk_of_its_own_is_made_a_site_within_itself(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    disk = tmp_path / "disk"
    (disk / "lost+found").mkdir(parents=True)
    monkeypatch.setattr(Path, "is_mount", lambda path: path == disk)
    founded = found(disk, SETTINGS, "aegis", SATURDAY)
    assert open_folder(disk).path == founded.folder
    assert load_key_ring(disk / "keys")
    assert disk.stat().st_mode & 0o777 == 0o700
    assert not (disk / ".unfinished").exists()
    assert [path.name for path in tmp_path.iterdir()] == ["disk"]
    with pytest.raises(FolderTakenError):
        found(disk, SETTINGS, "aegis", SATURDAY)
