from __future__ import annotations

import io
import threading
from pathlib import Path

import msgspec
import pytest
from pypdf import PdfReader
from tests.pack.handmade import NOW, SITE, patient, streams

from wardkeep.adapters.key_ring import make_key_ring
from wardkeep.adapters.pack_builder import PackBuilder
from wardkeep.adapters.pack_shelf import PackShelf, held_in
from wardkeep.chart.model import PatientChart
from wardkeep.chart.ports import StreamStatus, Unread, WardSummary
from wardkeep.kernel.times import HOUR, MINUTE
from wardkeep.ledger.errors import StoreFailedError
from wardkeep.pack.decide import QUIET, RESTS
from wardkeep.pack.events import PackBuilt, PackEvent, PackHeld, PackKept, PackReleased

AT = NOW + RESTS + QUIET


class Ward:
    """A ward whose patients a feed may discharge."""

    def __init__(self) -> None:
        self.records = [f"7000{n:02}" for n in range(6)]
        self.changed = 1
        self.lacks = False

    def wards(self) -> list[WardSummary]:
        count = len(self.records)
        return [WardSummary(ward="4B", changed=self.changed, patients=count, lacks=self.lacks)]

    def ward(self, code: str) -> list[PatientChart]:
        assert code == "4B"
        return [patient(record) for record in self.records]

    def streams(self, now: int, ward: str | None = None) -> list[StreamStatus]:
        assert ward == "4B"
        return list(streams(now))

    def unread(self, ward: str, since: int) -> Unread:
        assert (ward, since > 0) == ("4B", True)
        return Unread()

    def now_has(self, count: int) -> None:
        self.records = [f"7000{n:02}" for n in range(count)]
        self.changed += 1


class Site:
    """A builder over a shelf, and what it recorded."""

    def __init__(self, folder: Path) -> None:
        (folder / "keys").mkdir()
        (folder / "packs").mkdir()
        self.folder = folder / "packs"
        self.ring = make_key_ring(folder / "keys")[0]
        self.shelf = PackShelf(self.folder, self.ring)
        self.ward = Ward()
        self.told: list[PackEvent] = []
        self.refusing = False
        self.builder = self.start()

    def start(self) -> PackBuilder:
        self.builder = PackBuilder(self.ward, self.shelf, SITE, self.record, lambda: "ledger 1")
        return self.builder

    def record(self, event: PackEvent) -> None:
        if self.refusing and isinstance(event, PackHeld):
            raise StoreFailedError("no room")
        self.told.append(event)

    def run(self, now: int) -> None:
        pause = threading.Event()
        self.builder.step(now - QUIET)
        while self.builder.step(now):
            pause.wait(0.02)

    def paper(self) -> tuple[str, str]:
        """Return the text of the first page and of the first patient's."""
        found = self.shelf.newest("4B")
        assert found is not None
        pages = PdfReader(io.BytesIO(found[1])).pages
        census, first = (page.extract_text().replace("\xa0", " ") for page in pages[:2])
        return census, first


@pytest.fixture
def site(tmp_path: Path) -> Site:
    made = Site(tmp_path)
    made.run(NOW)
    made.ward.now_has(2)
    made.run(AT)
    return made


def test_a_ward_that_a_feed_empties_keeps_its_paper_marked_on_every_page(site: Site) -> None:
    census, first = site.paper()
    for page in (census, first):
        assert "HELD AS OF" in page
        assert "4 of 6 patients" in page
    assert "700005" in "".join(
        p.extract_text() for p in PdfReader(io.BytesIO(site.shelf.newest("4B")[1])).pages
    )
    beside = site.shelf.beside("4B")
    assert beside is not None
    assert (beside[0].patients, len(site.shelf.held())) == (2, 1)
    assert held_in(site.folder)["4B"].held.gone == 4
    assert [type(event).__name__ for event in site.told] == ["PackBuilt", "PackHeld"]
    # Both generations stay: the sound one as it was printed, and its marked copy.
    assert len(list(site.folder.glob("*/*.pdf.age"))) == 2
    site.builder.close()


def test_a_person_who_says_that_it_is_true_gets_the_new_paper_at_once(site: Site) -> None:
    site.builder.heed([PackKept(ward="4B", at=AT, by="lea", why="they are in bed")])
    site.builder.heed([PackReleased(ward="5A", at=AT, by="lea", why="another ward")])
    kept = site.shelf.held()["4B"].kept
    assert kept is not None
    assert kept.by == "lea"
    site.builder.heed([PackReleased(ward="4B", at=AT, by="lea", why="evacuated")])
    assert site.shelf.held() == {}
    site.run(AT + MINUTE)
    found = site.shelf.newest("4B")
    assert found is not None
    assert found[0].patients == 2
    assert "HELD" not in site.paper()[0]
    assert site.shelf.beside("4B") is None
    # What is true now is what the next pack is measured by.
    site.ward.now_has(1)
    site.run(AT + 2 * HOUR)
    assert site.shelf.held() == {}
    site.builder.close()


def test_a_restart_forgets_neither_the_hold_nor_what_the_ward_had(site: Site) -> None:
    site.builder.close()
    site.start()
    assert set(site.builder.held()) == {"4B"}
    site.ward.now_has(1)
    site.run(AT + HOUR)
    census, _ = site.paper()
    assert "HELD AS OF" in census
    assert site.shelf.beside("4B")[0].patients == 1
    site.ward.now_has(6)
    site.run(AT + HOUR + RESTS + QUIET)
    site.run(AT + HOUR + RESTS + 2 * QUIET)
    assert site.builder.held() == {}
    assert any(isinstance(event, PackReleased) for event in site.told)
    assert "HELD" not in site.paper()[0]
    site.builder.close()


def test_a_hold_that_the_ledger_does_not_take_holds_and_is_recorded_later(
    tmp_path: Path,
) -> None:
    site = Site(tmp_path)
    site.run(NOW)
    site.refusing = True
    site.ward.now_has(1)
    site.run(AT)
    assert set(site.builder.held()) == {"4B"}
    site.refusing = False
    site.builder.heed([])
    assert isinstance(site.told[-1], PackHeld)
    site.builder.close()


def test_a_decision_on_an_earlier_hold_of_the_ward_does_not_release_this_one(
    site: Site,
) -> None:
    """After a restart decisions are heard again from the oldest hold of any ward on."""
    earlier = PackReleased(ward="4B", at=AT - 1, by="lea", why="evacuated in the morning")
    site.builder.heed([earlier, PackKept(ward="4B", at=AT - 1, by="lea", why="no")])
    assert site.shelf.held()["4B"].kept is None
    site.builder.heed([PackReleased(ward="4B", at=AT, by="lea", why="evacuated")])
    assert site.shelf.held() == {}
    site.builder.close()


def test_what_another_release_kept_of_a_ward_stops_no_paper(site: Site) -> None:
    site.builder.close()
    site.shelf.keep_sound("4B", msgspec.msgpack.encode({"of": "another release"}), [])
    [looks] = site.folder.glob("*/looks.age")
    looks.write_bytes(site.ring.wrap(msgspec.msgpack.encode([{"at": "noon"}])))
    site.start()
    site.run(AT + 2 * HOUR)
    assert site.shelf.beside("4B") is not None
    assert set(site.builder.held()) == {"4B"}
    site.builder.close()


def test_a_ward_whose_charts_lack_erased_days_keeps_its_paper_until_they_are_whole(
    tmp_path: Path,
) -> None:
    site = Site(tmp_path)
    site.run(NOW)
    # One who lay there for long is missing: far less than what holds a ward otherwise.
    site.ward.lacks = True
    site.ward.now_has(5)
    site.run(AT)
    held = site.shelf.held()["4B"].held
    assert (held.charts_lack, held.gone) == (True, 1)
    for page in site.paper():
        assert "what erased days had said is lost" in page
        assert "HELD AS OF" in page
    assert site.shelf.beside("4B")[0].patients == 5
    site.ward.now_has(6)
    site.run(AT + HOUR)
    assert set(site.builder.held()) == {"4B"}, "not before the charts are whole"
    site.ward.lacks = False
    site.ward.now_has(6)
    site.run(AT + HOUR + RESTS + QUIET)
    site.run(AT + HOUR + RESTS + 2 * QUIET)
    assert site.builder.held() == {}
    assert "lost" not in site.paper()[0]
    site.builder.close()


def test_a_ward_that_emptied_while_its_charts_lacked_days_stays_held_for_what_it_lost(
    tmp_path: Path,
) -> None:
    site = Site(tmp_path)
    site.run(NOW)
    site.ward.lacks = True
    site.ward.now_has(5)
    site.run(AT)
    site.ward.lacks = False
    site.ward.now_has(0)
    later = AT + 13 * HOUR
    site.run(later)
    site.run(later + RESTS + QUIET)
    held = site.shelf.held()["4B"].held
    assert (held.charts_lack, held.gone) == (False, 6)
    assert [type(event) for event in site.told if not isinstance(event, PackBuilt)] == [
        PackHeld,
        PackHeld,
    ]
    assert "6 of 6 patients" in site.paper()[0]
    site.builder.close()


def test_paper_of_charts_that_lack_erased_days_says_so_where_nothing_better_is_there(
    tmp_path: Path,
) -> None:
    site = Site(tmp_path)
    site.ward.lacks = True
    site.run(NOW)
    site.ward.now_has(5)
    site.run(AT)
    assert site.builder.held() == {}
    for page in site.paper():
        assert "NOT WHOLE" in page
    site.builder.close()


def test_a_person_may_release_paper_of_charts_that_lack_erased_days(tmp_path: Path) -> None:
    site = Site(tmp_path)
    site.run(NOW)
    site.ward.lacks = True
    site.ward.now_has(5)
    site.run(AT)
    site.builder.heed([PackReleased(ward="4B", at=AT, by="lea", why="asked: five lie here")])
    for minutes in (1, 9):
        site.run(AT + minutes * MINUTE)
        assert site.builder.held() == {}
    assert "NOT WHOLE" in site.paper()[0]
    site.builder.close()
