import shutil
from pathlib import Path

import pytest
from tests.adapters.ledgers import SATURDAY

from wardkeep.app.folder import HospitalFolder
from wardkeep.app.folder_faults import format_faults, signing_fault
from wardkeep.app.founding import found
from wardkeep.app.ledger_verdict import Verdict, verify
from wardkeep.app.settings_text import default_settings_toml
from wardkeep.app.site_keys import open_keys

EARLIER_RELEASE = Path(__file__).parents[1] / "golden" / "site_0_1" / "hospital"


@pytest.fixture
def folder(tmp_path: Path) -> HospitalFolder:
    settings = default_settings_toml("S", 2575, 8443)
    return HospitalFolder(found(tmp_path / "site", settings, "aegis", SATURDAY).folder)


def verdict_of(folder: HospitalFolder) -> Verdict:
    return verify(folder.path, lambda _ledger, _entries: None)


def test_with_a_damaged_signing_key_every_ledger_is_read_all_the_same(
    folder: HospitalFolder,
) -> None:
    assert signing_fault(open_keys(folder)) is None
    (folder.path / "signing.key").write_bytes(b"garbage")
    verdict = verdict_of(folder)
    assert verdict.entries == {"clinical": 0, "operations": 1, "access": 0}
    [fault] = verdict.faults
    assert (fault.ledger, fault.entry, fault.file) == ("folder", 0, "signing.key")
    assert "from a backup or a copy" in fault.remedy
    assert "recover-key makes another" in fault.remedy


def test_without_either_half_of_the_key_nothing_is_called_tampered_with(
    folder: HospitalFolder,
) -> None:
    (folder.path / "signing.key").unlink()
    (folder.keys / "signing.pub").unlink()
    assert [each.file for each in verdict_of(folder).faults] == ["signing.key"]


def test_a_damaged_ledger_is_found_without_the_signing_key_and_told_first(
    folder: HospitalFolder,
) -> None:
    (folder.path / "signing.key").write_bytes(b"")
    (folder.operations / "operations.db").write_bytes(b"damaged" * 999)
    assert [each.ledger for each in verdict_of(folder).faults] == ["operations", "folder"]


def test_a_data_format_that_says_nothing_is_a_fault(folder: HospitalFolder) -> None:
    folder.data_format.write_text("xx")
    [fault] = verdict_of(folder).faults
    assert (fault.file, "holds no number" in fault.what) == ("data-format", True)
    folder.data_format.unlink()
    folder.pack_keys.mkdir()
    [fault] = verdict_of(folder).faults
    assert "is gone" in fault.what
    assert "write 2" in fault.remedy


def test_the_earliest_release_wrote_no_number_and_is_sound(tmp_path: Path) -> None:
    place = shutil.copytree(EARLIER_RELEASE, tmp_path / "hospital")
    assert list(format_faults(HospitalFolder(place))) == []
