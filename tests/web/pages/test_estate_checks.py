from __future__ import annotations

import datetime as dt
import html
import re

import pytest
from tests.web.conftest import Login
from tests.web.estates import Desk, huge, known, known_sample, small
from tests.web.handmade import Bench

from wardkeep.foresight.events import RiskAccepted
from wardkeep.foresight.governance.risk import fold
from wardkeep.hospital.map.checks import RANKS, check_map
from wardkeep.hospital.map.machines import Server
from wardkeep.hospital.map.places import Place
from wardkeep.web.language import LANGUAGES, catalogue
from wardkeep.web.map_words import CHECKS, TO_DO

TODAY = dt.date(2026, 3, 7)


def test_the_findings_of_the_sample_stand_in_their_order(bench: Bench, login: Login) -> None:
    bench.map = Desk(known_sample())
    found = check_map(known_sample().whole, TODAY)
    page = html.unescape(login("ines").get("/map/checks").text)
    assert f"{len(found)} findings, the worst first" in page
    table = page.split('id="findings"')[1]
    links = re.findall(r'<th scope="row"><a href="/map/item\?item=([^"]+)"', table)
    assert [each.replace("%3A", ":") for each in links] == [each.item for each in found[:100]]
    assert str(found[0].why) in page


def test_one_checks_findings_can_be_seen_alone(bench: Bench, login: Login) -> None:
    bench.map = Desk(small())
    page = login("ines").get("/map/checks?check=no-notice").text
    assert page.count("/map/item?item=supplier%3Aacme") == 1
    assert "1 × A supplier need not tell of an incident" in page
    assert "All findings" in login("ines").get("/map/checks?check=orphan").text


def test_a_finding_in_words_of_an_import_stays_text(bench: Bench, login: Login) -> None:
    bench.map = Desk(small())
    page = login("ines").get("/map/checks").text
    assert "<script>alert" not in page
    assert "\u202e" not in page


def test_a_sound_map_says_that_what_is_not_on_it_is_not_checked(
    bench: Bench, login: Login
) -> None:
    bench.map = Desk(known(Place(id="val")))
    assert "What is not on the map is not checked" in login("ines").get("/map/checks").text


def test_findings_of_50000_servers_are_told_a_hundred_a_page(
    bench: Bench, login: Login
) -> None:
    bench.map = Desk(huge())
    page = login("ines").get("/map/checks").text
    assert len(page) < 120_000
    assert "Part 1 of 15" in page


def test_findings_are_looked_for_once_a_day(bench: Bench) -> None:
    found = known(Server(id="a"))
    assert found.checked(TODAY) is found.checked(TODAY)
    assert found.checked(TODAY + dt.timedelta(days=1)) is not found.checked(TODAY)
    assert bench.at


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_check_and_what_to_do_is_said_in_each_language(
    bench: Bench, login: Login, language: str
) -> None:
    assert set(CHECKS) == set(TO_DO) == set(RANKS)
    bench.map = Desk(small())
    page = html.unescape(login("ines").get(f"/map/checks?lang={language}").text)
    assert catalogue(language).gettext(TO_DO["standing-access"]) in page
    said = "the access of %(who)s may always be open: NOT RECORDED"
    assert catalogue(language).gettext(said) % {"who": "Acme"} in page


def test_a_finding_tells_who_accepts_it_until_when_and_what_is_overdue(
    bench: Bench, login: Login
) -> None:
    def accepted(check: str, review: str) -> RiskAccepted:
        return RiskAccepted(
            at=1,
            by="os:an",
            check=check,
            item="",
            reason="until <June>",
            accepted_by="Dr A. Lambert",
            review=review,
        )

    bench.map = Desk(small())
    bench.accepted = fold([accepted("no-notice", "2099-05-31")])
    page = login("ines").get("/map/checks?check=no-notice").text
    assert "accepted by <bdi>Dr A. Lambert</bdi> until 31 May 2099" in page
    assert "until &lt;June&gt;" in page
    assert "REVIEW OVERDUE" not in page
    bench.accepted = fold([accepted("no-notice", "2020-05-31")])
    page = login("ines").get("/map/checks?check=no-notice").text
    assert "<strong>REVIEW OVERDUE</strong>: accepted by <bdi>Dr A. Lambert</bdi>" in page


def test_findings_are_shown_also_while_nobody_knows_who_accepts_them(
    bench: Bench, login: Login
) -> None:
    bench.map = Desk(small())
    bench.accepted = None
    page = login("ines").get("/map/checks").text
    assert "Which of these risks somebody accepts cannot be read now." in page
    assert "A supplier need not tell" in page
