"""The charts follow the ledger through damage and full disks without asking anybody."""

from pathlib import Path

import pytest
from tests.stories.site_server import message

from wardkeep.adapters.clinical_store import ClinicalStore
from wardkeep.adapters.key_ring import load_key_ring
from wardkeep.adapters.stored_charts import StoredCharts
from wardkeep.app.chart_process import Chronicler, open_chronicler
from wardkeep.app.folder import HospitalFolder
from wardkeep.app.founding import found
from wardkeep.app.settings import load_site
from wardkeep.app.settings_text import default_settings_toml
from wardkeep.hospital.site import Site
from wardkeep.ledger.arrival import Arrival, Kind
from wardkeep.ledger.errors import StoreLockedError

NOW = 1_779_000_000_000_000


@pytest.fixture
def folder(tmp_path: Path) -> HospitalFolder:
    path = tmp_path / "hospital"
    found(path, default_settings_toml("H", 2575, 8443), "aegis", NOW)
    folder = HospitalFolder(path)
    store = ClinicalStore(folder.clinical, load_key_ring(folder.keys))
    bodies = [message(n, record=str(5000 + n)) for n in range(60)]
    store.append(
        [
            Arrival("main", NOW, Kind.HL7, b"ADT", b"H", b"M%d" % n, body)
            for n, body in enumerate(bodies)
        ]
    )
    store.close(NOW)
    return folder


@pytest.fixture
def site(folder: HospitalFolder) -> Site:
    return load_site(folder)


def follow(chronicler: Chronicler) -> None:
    while chronicler.step():
        pass
    chronicler.close()


def lying(folder: HospitalFolder, site: Site) -> int:
    ring = load_key_ring(folder.keys)
    charts = StoredCharts(folder.chart_database, folder.clinical, ring, site)
    found = len(charts.ward("A2"))
    charts.close()
    return found


def test_everything_that_waits_in_the_ledger_is_charted(
    folder: HospitalFolder, site: Site
) -> None:
    follow(open_chronicler(folder, site))
    assert lying(folder, site) == 60


def test_damage_found_while_folding_makes_the_charts_anew_from_the_ledger(
    folder: HospitalFolder, site: Site, capfd: pytest.CaptureFixture[str]
) -> None:
    follow(open_chronicler(folder, site))
    chronicler = open_chronicler(folder, site)
    content = folder.chart_database.read_bytes()
    folder.chart_database.write_bytes(content[:4096] + b"\xa5" * (len(content) - 4096))
    store = ClinicalStore(folder.clinical, load_key_ring(folder.keys))
    body = message(99, record="5000", ward="B1", at="20260518033000")
    store.append([Arrival("main", NOW, Kind.HL7, b"ADT", b"H", b"M99", body)])
    store.close(NOW)
    follow(chronicler)
    assert lying(folder, site) == 59
    assert "made anew from the ledger" in capfd.readouterr().err


def test_two_never_fold_at_once(
    folder: HospitalFolder, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("wardkeep.app.chart_process.LOCK_PATIENCE_SECONDS", 0.0)
    chronicler = open_chronicler(folder, site)
    with pytest.raises(StoreLockedError):
        open_chronicler(folder, site)
    chronicler.close()
