import threading
from pathlib import Path

import pytest
from tests.pack.handmade import NOW, SITE, patient, streams

from wardkeep.adapters.errors import TypesettingError
from wardkeep.adapters.key_ring import make_key_ring
from wardkeep.adapters.pack_builder import PackBuilder, language_of, newest_heard
from wardkeep.adapters.pack_shelf import PackShelf
from wardkeep.adapters.pack_worker import PackWorkers
from wardkeep.chart.model import PatientChart
from wardkeep.chart.ports import StreamStatus, Unread, WardSummary
from wardkeep.kernel.times import MINUTE
from wardkeep.pack.decide import QUIET, RESTS
from wardkeep.pack.events import PackBuilt


class TwoWards:
    """Two wards of one patient each; a ward's count says how often it changed."""

    def __init__(self) -> None:
        self.changed = {"4B": 1, "5A": 1}

    def wards(self) -> list[WardSummary]:
        return [WardSummary(ward=w, changed=n, patients=1) for w, n in self.changed.items()]

    def ward(self, code: str) -> list[PatientChart]:
        return [patient(code)]

    def streams(self, now: int, ward: str | None = None) -> list[StreamStatus]:
        assert ward in self.changed
        return list(streams(now))

    def unread(self, ward: str, since: int) -> Unread:
        assert ward in self.changed
        assert since
        return Unread()


@pytest.fixture
def shelf(tmp_path: Path) -> PackShelf:
    (tmp_path / "keys").mkdir()
    (tmp_path / "packs").mkdir()
    return PackShelf(tmp_path / "packs", make_key_ring(tmp_path / "keys")[0])


def run_until_idle(builder: PackBuilder, now: int) -> None:
    pause = threading.Event()
    while builder.step(now):
        pause.wait(0.02)


def generations(shelf: PackShelf) -> dict[str, int]:
    return {ward: built.generation for ward, built in shelf.standing().newest.items()}


def test_a_changed_ward_is_built_again_and_the_other_is_not(shelf: PackShelf) -> None:
    charts, told = TwoWards(), list[PackBuilt]()
    builder = PackBuilder(charts, shelf, SITE, told.append, lambda: "ledger 1")
    run_until_idle(builder, NOW)
    assert generations(shelf) == {"4B": 1, "5A": 1}
    assert sorted(event.ward for event in told) == ["4B", "5A"]
    charts.changed["5A"] = 2
    run_until_idle(builder, NOW + RESTS)
    assert generations(shelf) == {"4B": 1, "5A": 1}
    run_until_idle(builder, NOW + RESTS + QUIET)
    assert generations(shelf) == {"4B": 1, "5A": 2}
    assert len(told) == 2
    builder.close()
    again = PackBuilder(charts, shelf, SITE, told.append, lambda: "ledger 1")
    assert again.step(NOW + RESTS + MINUTE) == 0
    again.close()


def test_the_pack_on_the_shelf_is_a_whole_pdf(shelf: PackShelf) -> None:
    builder = PackBuilder(TwoWards(), shelf, SITE, lambda _: None, lambda: "ledger 1")
    run_until_idle(builder, NOW)
    builder.close()
    found = shelf.newest("4B")
    assert found is not None
    assert found[1].startswith(b"%PDF-")
    assert found[0].pages == 3
    assert found[0].as_of == newest_heard(streams(NOW))


def test_a_pack_that_cannot_be_made_leaves_the_one_that_stands(shelf: PackShelf) -> None:
    workers = PackWorkers(1)
    with pytest.raises(TypesettingError):
        workers.submit(b"\xc1", "fr").result()
    workers.close()
    assert generations(shelf) == {}


def test_a_ward_prints_in_its_own_language_else_the_sites() -> None:
    assert language_of(SITE, "4B") == "en"
