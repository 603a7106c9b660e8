from __future__ import annotations

from tests.web.conftest import Login
from tests.web.handmade import Bench


def test_the_overview_says_what_may_be_trusted_before_anything_else(login: Login) -> None:
    page = login("lea").get("/").text
    head = page.split("<h2>")[0]
    assert "LIVE as of 04:10" in head
    assert "These feeds fell silent together:" in head
    assert "2 messages could not be read into the chart" in head


def test_when_every_stream_is_silent_nothing_is_called_live(login: Login, bench: Bench) -> None:
    bench.charts.all_silent = True
    client = login("lea")
    for address in ("/", "/ward?code=4B", "/patient?record=700001", "/streams"):
        page = client.get(address).text
        assert ">LIVE as of" not in page
        assert "NOT LIVE, as of 00:52" in page
        assert 'class="band old"' in page


def test_wards_show_how_far_they_are_charted_and_not_fed_where_no_doses_come(
    login: Login,
) -> None:
    page = login("lea").get("/").text
    assert "03:52 (20 min)" in page
    assert "NOT FED" in page.split("Intensive care")[1].split("</tr>")[0]


def test_restarts_are_told_and_so_is_a_supervisor_that_is_gone(
    login: Login, bench: Bench
) -> None:
    client = login("otto")
    assert "writer" in client.get("/").text
    bench.supervised = False
    assert "The supervisor does not answer" in client.get("/").text


def test_a_full_disk_and_a_ledger_that_takes_nothing_stand_above_everything_else(
    login: Login, bench: Bench
) -> None:
    client = login("otto")
    assert "DISK FULL" not in client.get("/").text
    bench.alarms = ("disk-full", "clinical-not-stored", "new-<kind>")
    head = client.get("/").text.split("<h2>")[0]
    assert "DISK FULL" in head
    assert "New messages cannot be stored." in head
    assert "This server reports a fault. (<bdi>new-&lt;kind&gt;</bdi>)" in head


def test_each_stream_says_state_age_limits_and_losses(login: Login) -> None:
    page = login("otto").get("/streams").text
    row = page.split("Laboratory</th>")[1].split("</tr>")[0]
    for word in ("SILENT", "00:52", "3 h", "30 min", "120 min", "set by the site", ">1<"):
        assert word in row, word
    assert "No system sends this here" in page.split("Imaging</th>")[1].split("</tr>")[0]


def test_who_may_not_see_patients_gets_no_links_to_them(login: Login) -> None:
    page = login("otto").get("/").text
    assert "/ward?" not in page
    assert "/search" not in page
    assert "/quarantine" not in page
