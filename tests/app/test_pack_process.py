import io
from pathlib import Path

from pypdf import PdfReader
from tests.stories.site_server import SiteServer, await_that, message

from wardkeep.adapters.clinical_store import ClinicalStore
from wardkeep.adapters.clock import now
from wardkeep.adapters.key_ring import load_key_ring
from wardkeep.adapters.pack_shelf import PackShelf, folder_name
from wardkeep.adapters.stored_charts import StoredCharts
from wardkeep.alarm.state import Name
from wardkeep.app import failing_packs
from wardkeep.app.alarms import ask_standing
from wardkeep.app.chart_process import open_chronicler
from wardkeep.app.folder import HospitalFolder, lay_out
from wardkeep.app.founding import found
from wardkeep.app.pack_process import Failures, is_far_behind, refused
from wardkeep.app.settings import load_site
from wardkeep.app.settings_text import default_settings_toml
from wardkeep.ledger.arrival import Arrival, Kind
from wardkeep.pack.events import PackBuilt


def shelved(shelf: PackShelf, ward: str) -> tuple[PackBuilt, bytes]:
    """Return a ward's pack as soon as it stands."""
    await_that(lambda: shelf.newest(ward))
    found = shelf.newest(ward)
    assert found is not None
    return found


def test_an_admitted_patient_is_on_the_wards_paper_without_anybody_asking(
    tmp_path: Path,
) -> None:
    site = SiteServer(tmp_path / "hospital")
    site.start()
    try:
        site.send(message(1))
        shelf = PackShelf(site.folder / "packs", load_key_ring(site.folder / "keys"))
        built, pdf = shelved(shelf, "A2")
    finally:
        assert site.stop() == 0
    assert built.patients == 1
    text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)
    assert "PEETERS" in text
    assert "Penicillin" in text


def test_a_ward_whose_paper_cannot_be_made_is_told_to_the_screens(tmp_path: Path) -> None:
    site = SiteServer(tmp_path / "hospital")
    site.start()
    folder = HospitalFolder(site.folder)
    try:
        (site.folder / "packs" / folder_name("A2")).touch()
        begin = now()
        site.send(message(1))
        site.await_that(lambda: failing_packs.read(folder))
        assert begin <= failing_packs.read(folder)["A2"] <= now()
    finally:
        assert site.stop() == 0


def test_a_ward_that_a_feed_calls_as_a_list_has_no_pack_and_is_an_alarm(tmp_path: Path) -> None:
    site = SiteServer(tmp_path / "hospital")
    site.start()
    try:
        site.send(message(1, record="4711", ward="list+cards"))
        folder = HospitalFolder(site.folder)
        named = Name("pack-not-made", "list+cards")
        site.await_that(lambda: named in {each.name for each in ask_standing(folder)})
        assert not list((site.folder / "packs").glob("*/newest.json"))
    finally:
        assert site.stop() == 0


def test_a_forger_of_a_thousand_wards_raises_ten_alarms() -> None:
    assert len(refused([f"list+{number}" for number in range(1000)])) == 10


def test_failures_that_could_not_be_written_are_written_when_they_can(tmp_path: Path) -> None:
    folder = lay_out(tmp_path / "hospital", "name = 'H'\n")
    folder.run.rename(tmp_path / "away")
    failures = Failures(folder)
    failures.tell({"4B": 7})
    (tmp_path / "away").rename(folder.run)
    failures.tell({"4B": 7})
    assert failing_packs.read(folder) == {"4B": 7}


def test_no_paper_is_made_from_charts_that_are_still_catching_up(tmp_path: Path) -> None:
    path, at = tmp_path / "hospital", 1_779_000_000_000_000
    found(path, default_settings_toml("H", 2575, 8443), "aegis", at)
    folder = HospitalFolder(path)
    site, ring = load_site(folder), load_key_ring(folder.keys)
    chronicler = open_chronicler(folder, site)
    charts = StoredCharts(folder.chart_database, folder.clinical, ring, site)
    assert not is_far_behind(charts)
    store = ClinicalStore(folder.clinical, ring)
    store.append([Arrival("main", at, Kind.HL7, b"", b"", b"", b"MSH|")] * 10_001)
    store.close(at)
    assert is_far_behind(charts)
    while chronicler.step():
        pass
    assert not is_far_behind(charts)
    chronicler.close()
    charts.close()
