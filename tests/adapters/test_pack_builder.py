import threading
from pathlib import Path

import pytest
from tests.pack.handmade import NOW, SITE, patient, streams

from wardkeep.adapters.errors import TypesettingError
from wardkeep.adapters.key_ring import make_key_ring
from wardkeep.adapters.pack_builder import PackBuilder, language_of, newest_heard
from wardkeep.adapters.pack_shelf import PackShelf, folder_name
from wardkeep.adapters.pack_worker import PackWorkers
from wardkeep.chart.model import PatientChart
from wardkeep.chart.ports import StreamStatus, Unread, WardSummary
from wardkeep.kernel.times import MINUTE
from wardkeep.ledger.errors import StoreFailedError
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


def test_a_ward_that_is_called_as_a_list_is_gets_no_pack_and_is_told(
    shelf: PackShelf,
) -> None:
    charts = TwoWards()
    charts.changed["list+cards"] = 1
    builder = PackBuilder(charts, shelf, SITE, lambda _: None, lambda: "ledger 1")
    run_until_idle(builder, NOW)
    builder.close()
    assert generations(shelf) == {"4B": 1, "5A": 1}
    assert builder.refused() == ("list+cards",)


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


def test_a_ward_whose_paper_cannot_be_made_is_named_until_it_is_made(
    shelf: PackShelf, tmp_path: Path
) -> None:
    builder = PackBuilder(TwoWards(), shelf, SITE, lambda _: None, lambda: "ledger 1")
    in_the_way = tmp_path / "packs" / folder_name("4B")
    in_the_way.touch()
    run_until_idle(builder, NOW)
    assert builder.failing() == {"4B": NOW}
    assert generations(shelf) == {"5A": 1}
    run_until_idle(builder, NOW + 2 * MINUTE)
    assert builder.failing() == {"4B": NOW}
    in_the_way.unlink()
    run_until_idle(builder, NOW + 4 * MINUTE)
    assert builder.failing() == {}
    assert generations(shelf) == {"4B": 1, "5A": 1}
    builder.close()


def test_since_when_a_ward_has_no_new_paper_outlives_a_restart(
    shelf: PackShelf, tmp_path: Path
) -> None:
    (tmp_path / "packs" / folder_name("4B")).touch()
    since = {"4B": NOW - MINUTE}
    builder = PackBuilder(TwoWards(), shelf, SITE, lambda _: None, lambda: "", since)
    run_until_idle(builder, NOW)
    assert builder.failing() == since
    builder.close()


class UnreadableWard(TwoWards):
    """The charts of ward 4B cannot be read."""

    def ward(self, code: str) -> list[PatientChart]:
        if code == "4B":
            raise StoreFailedError("the charts cannot be read")
        return super().ward(code)


def test_a_ward_whose_charts_cannot_be_read_keeps_no_other_from_its_paper(
    shelf: PackShelf,
) -> None:
    builder = PackBuilder(UnreadableWard(), shelf, SITE, lambda _: None, lambda: "ledger 1")
    run_until_idle(builder, NOW)
    builder.close()
    assert generations(shelf) == {"5A": 1}
    assert builder.failing() == {"4B": NOW}


def test_paper_that_is_there_is_not_said_to_fail_because_the_ledger_did_not_take_note(
    shelf: PackShelf,
) -> None:
    def refuse(_event: PackBuilt) -> None:
        raise StoreFailedError("the disk refuses")

    builder = PackBuilder(TwoWards(), shelf, SITE, refuse, lambda: "ledger 1")
    run_until_idle(builder, NOW)
    builder.close()
    assert generations(shelf) == {"4B": 1, "5A": 1}
    assert builder.failing() == {}


def test_a_ward_prints_in_its_own_language_else_the_sites() -> None:
    assert language_of(SITE, "4B") == "en"
