from pathlib import Path

import msgspec
import pytest

from wardkeep.adapters.files import write_private
from wardkeep.app.backup import Last, _is_left_out, address_of, how_late, shown
from wardkeep.app.errors import NoRepositoryError
from wardkeep.app.folder import HospitalFolder, lay_out
from wardkeep.hospital.backup import Backup
from wardkeep.hospital.site import Site
from wardkeep.kernel.times import HOUR

NOW = 1_700_000_000_000_000
WANTED = Site(name="H", backup=Backup(repository="rest:https://me:word@backup.example/"))


@pytest.fixture
def folder(tmp_path: Path) -> HospitalFolder:
    folder = lay_out(tmp_path / "hospital", "")
    folder.backup.mkdir()
    return folder


def test_an_alarm_stands_when_the_newest_backup_is_too_old(folder: HospitalFolder) -> None:
    assert how_late(folder, Site(name="H"), NOW) == "", "nobody wanted one"
    assert how_late(folder, WANTED, NOW) == "no backup was ever made"
    made = Last(at=NOW, snapshot="a", repository="r", added_bytes=1, total_bytes=1)
    write_private(folder.backup / "last.json", msgspec.json.encode(made))
    assert how_late(folder, WANTED, NOW + 25 * HOUR) == ""
    assert how_late(folder, WANTED, NOW + 26 * HOUR) == "the newest is 26 h old"


def test_a_password_in_an_address_comes_from_the_settings_and_is_not_shown() -> None:
    assert address_of(WANTED, None) == WANTED.backup.repository
    assert shown(WANTED.backup.repository) == "rest:https://backup.example/"
    with pytest.raises(NoRepositoryError):
        address_of(WANTED, WANTED.backup.repository)
    with pytest.raises(NoRepositoryError):
        address_of(Site(name="H"), None)


@pytest.mark.parametrize("address", ["sftp:me@host:/srv/r", "rest:http://host:8000/", "/srv/r"])
def test_addresses_are_taken_as_restic_takes_them(address: str) -> None:
    assert address_of(Site(name="H"), address) == address


def test_charts_carried_over_erased_days_are_backed_up_and_derived_ones_are_not() -> None:
    for name in ("carried.db", "carried.key", "carried.cipher", "carried.db-wal"):
        assert not _is_left_out(Path("chart", name)), name
    for name in ("chart.db", "chart.key", "next.db", "chart.db-wal"):
        assert _is_left_out(Path("chart", name)), name
    assert not _is_left_out(Path("digests", "keys.db"))
    assert not _is_left_out(Path("chart"))
