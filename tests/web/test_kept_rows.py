from __future__ import annotations

from collections.abc import Mapping
from threading import Event

import msgspec
import pytest
from litestar.testing import TestClient
from tests.stories.site_server import PATIENCE_SECONDS
from tests.web.conftest import Login, log_in
from tests.web.handmade import NOW, SITE, Bench, HandmadeCharts, patient

from wardkeep.access.events import Role, RolesGiven
from wardkeep.bedside.events import BedsideChecked, FactKind, Finding, Found
from wardkeep.chart.ports import WardSummary
from wardkeep.chart.values import PersonName
from wardkeep.kernel.times import DAY, HOUR, MINUTE, SECOND
from wardkeep.web.application import create_app
from wardkeep.web.kept_rows import KeptRows
from wardkeep.web.ports import CopyStanding, Neighbour
from wardkeep.web.row_calendar import LONGEST_KEPT


class Copy:
    """How the box stands to another, as told from without."""

    def __init__(self, *, follows: bool) -> None:
        self.follows = follows

    def standing(self, now: int) -> CopyStanding | None:
        return CopyStanding(as_of=now, silent_since=0) if self.follows else None


def row_of(page: str, words: str) -> str:
    """The row of a table that holds the words."""
    return next(row for row in page.split("<tr") if words in row)


@pytest.mark.parametrize("now", [NOW - SECOND, NOW + 2 * MINUTE, NOW - DAY])
def test_a_row_is_not_found_before_it_was_made_nor_when_its_time_is_over(now: int) -> None:
    rows, told = KeptRows(), {"bed": "12-1"}
    rows.keep("700001", told, NOW, NOW + 2 * MINUTE, ("<tr>",))
    assert rows.find("700001", told, NOW) == ("<tr>",)
    assert rows.find("700001", told, now) is None
    assert rows.find("700001", {"bed": "12-2"}, NOW) is None
    assert rows.find("700002", told, NOW) is None


def test_rows_are_few_and_soon_forgotten() -> None:
    rows = KeptRows(most=20)
    told: Mapping[str, object] = {}
    for number in range(50):
        rows.keep(number, told, NOW + number, NOW + HOUR, ("<tr>",))
    assert len(rows) <= 20
    assert rows.find(49, told, NOW + 50)
    rows.forget(NOW + 48 + LONGEST_KEPT)
    assert len(rows) == 1
    rows.forget(NOW + 49 + LONGEST_KEPT)
    assert not len(rows)


class Forgetful(KeptRows):
    """Says when rows were let go."""

    def __init__(self) -> None:
        super().__init__()
        self.forgot = Event()

    def forget(self, now: int) -> None:
        super().forget(now)
        if not len(self):
            self.forgot.set()


def test_rows_are_forgotten_though_reading_ahead_came_to_an_end(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails() -> list[WardSummary]:
        raise ValueError("a fault that nobody foresaw")

    monkeypatch.setattr("wardkeep.web.application._READ_AHEAD_SECONDS", 0.01)
    monkeypatch.setattr(bench.charts, "wards", fails)
    app = bench.app()
    rows = app.state.web.rows = Forgetful()
    rows.keep("700001", {}, NOW - LONGEST_KEPT, NOW, ("<tr>",))
    with TestClient(app, base_url="http://127.0.0.1"):
        assert rows.forgot.wait(PATIENCE_SECONDS)


def test_a_patient_who_changed_left_or_was_erased_is_so_on_the_next_page(
    login: Login, bench: Bench
) -> None:
    nurse, charts = login("anna"), bench.charts
    assert nurse.get("/ward?code=4B").text == nurse.get("/ward?code=4B").text
    first = charts.patients[0]
    assert first.name is not None
    renamed = PersonName(family="Otherwise", given="Ann")
    name = msgspec.structs.replace(first.name, value=renamed)
    charts.patients[0] = msgspec.structs.replace(first, name=name)
    charts.number += 1
    page = nurse.get("/ward?code=4B").text
    assert "Otherwise" in row_of(page, first.record)
    assert page.count('class="row"') == 40
    charts.patients[:2] = []
    charts.number += 1
    page = nurse.get("/ward?code=4B").text
    assert "Otherwise" not in page
    assert page.count('class="row"') == 38
    assert 'id="r-1"' in page


def test_each_language_and_each_right_has_rows_of_its_own(login: Login, bench: Bench) -> None:
    nurse, auditor = login("anna"), login("otto")
    for _ in range(2):
        french = nurse.get("/?lang=fr").text
        assert "20 min" in row_of(french, "Cardiology")
        assert "/ward?code=4B" in french
        english = nurse.get("/?lang=en").text
        assert "allowed: 90 min" in row_of(english, "Cardiology")
        assert "allowed: 90 min" not in row_of(french, "Cardiology")
        assert "/ward?code=4B" not in auditor.get("/").text
    taken = RolesGiven(name="anna", roles=(Role.AUDITOR,), at=NOW, by="lea")
    bench.accounts_book.append([taken])
    assert "/ward?code=4B" not in nurse.get("/").text


def test_how_long_ago_moves_on_with_the_clock(login: Login, bench: Bench) -> None:
    lead = login("lea")
    for passed, told in [(0, "20 min"), (59, "20 min"), (60, "21 min"), (100 * 60, "2 h")]:
        bench.at = NOW + passed * SECOND
        lead = lead if passed < HOUR // SECOND else login("lea")
        assert f"({told})" in row_of(lead.get("/").text, "Cardiology")


def test_paper_and_checks_of_a_ward_are_told_on_the_next_page(
    login: Login, bench: Bench
) -> None:
    lead = login("lea")
    assert "04:12" in row_of(lead.get("/").text, "Cardiology")
    bench.packs_made = {"4B": NOW - HOUR}
    assert "03:12" in row_of(lead.get("/").text, "Cardiology")
    assert "never" in row_of(lead.get("/bedside").text, "Cardiology")
    found = Found(kind=FactKind.BED, finding=Finding.SAME, bed="1-1", feed="adt", entry=1)
    checked = BedsideChecked(check="c1", ward="4B", drawn=NOW, found=(found,), at=NOW, by="an")
    bench.bedside.record([checked])
    assert "1 of 1" in row_of(lead.get("/").text, "Cardiology")
    assert "1 of 1 as at the bedside" in row_of(lead.get("/bedside").text, "Cardiology")


def test_a_box_that_follows_asks_nothing_from_the_next_page_on(bench: Bench) -> None:
    copy = bench.copy = Copy(follows=False)
    with TestClient(bench.app(), base_url="http://127.0.0.1") as nurse:
        log_in(nurse, "anna")
        for follows in (False, False, True, True, False):
            copy.follows = follows
            page = nurse.get("/bedside").text
            assert ("/bedside/check?code=4B" in page) != follows


def test_the_same_record_at_another_site_is_another_patient(bench: Bench) -> None:
    theirs = HandmadeCharts()
    theirs.patients = [patient(1, "4B", "Elsewhere")]
    site = msgspec.structs.replace(SITE, code="NORD", name="Nord")
    copy = Copy(follows=True)
    other = Neighbour(site=site, charts=theirs, looks=bench, copy=copy)
    app = create_app(msgspec.structs.replace(bench.deps(), neighbours=(other,)))
    with TestClient(app, base_url="http://127.0.0.1") as nurse:
        log_in(nurse, "anna")
        record = theirs.patients[0].record
        for _ in range(2):
            there = row_of(nurse.get("/ward?code=4B&site=NORD").text, record)
            assert "Elsewhere" in there
            assert "site=NORD" in there
            here = row_of(nurse.get("/ward?code=4B").text, record)
            assert "Elsewhere" not in here
            assert "site=NORD" not in here
