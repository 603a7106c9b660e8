from __future__ import annotations

from datetime import date

import pytest
from tests.web.conftest import Login
from tests.web.handmade import NOW, SITE, Bench

from wardkeep.app.gaps import gaps
from wardkeep.app.inspection import Finding, Outcome
from wardkeep.app.settings_difference import Difference
from wardkeep.kernel.wording import Wording
from wardkeep.web.language import LANGUAGES
from wardkeep.web.settings_port import SettingsLook

MISSING = [
    Finding(gap.subject, Outcome.WARNING, gap.what, gap.to_do)
    for gap in gaps(SITE, date(2026, 3, 7))
]
LOOK = SettingsLook(
    at=NOW,
    findings=(
        *MISSING,
        Finding("disk", Outcome.OK, Wording("%(size)s GB free", {"size": "75.2"})),
        Finding(
            "folder",
            Outcome.FAULT,
            Wording("others may enter %(path)s", {"path": "/srv/<b>"}),
            Wording("chmod 700 %(path)s", {"path": "/srv/<b>"}),
        ),
    ),
    differences=(Difference("feeds.adt.port", "2575", "2580"), Difference("name", "", "Val")),
)


class Desk:
    """Looks at nothing: tells what it was given, and how often it was asked."""

    def __init__(self, look: SettingsLook) -> None:
        self.found = look
        self.looked = 0

    def look(self) -> SettingsLook:
        self.looked += 1
        return self.found


@pytest.fixture
def desk(bench: Bench) -> Desk:
    made = Desk(LOOK)
    bench.settings = made
    return made


def test_what_is_unsound_stands_first_with_what_to_do(desk: Desk, login: Login) -> None:
    page = login("ines").get("/settings").text
    fault = page.index("others may enter")
    assert fault < page.index("no printer is set up: paper comes from browsers alone")
    assert "chmod 700 /srv/&lt;b&gt;" in page
    assert "75.2 GB free" in page
    assert desk.found is LOOK


def test_the_file_and_the_running_server_stand_side_by_side(desk: Desk, login: Login) -> None:
    page = login("ines").get("/settings").text
    row = page[page.index("feeds.adt.port") :].split("</tr>")[0]
    assert row.index("2575") < row.index("2580")
    assert "NOT SET" in page
    desk.found = SettingsLook(at=NOW)
    page = login("ines").get("/settings?look=now").text
    assert "The running server has the settings that stand in the file." in page


def test_a_file_that_no_server_could_start_with_is_told_line_by_line(
    desk: Desk, login: Login
) -> None:
    desk.found = SettingsLook(at=NOW, faults=("wardkeep.toml, line 2: no 'web_prot'.",))
    page = login("ines").get("/settings?look=now").text
    assert "line 2: no &#39;web_prot&#39;." in page
    assert "It would not start again" in page


def test_the_settings_are_told_in_plain_words(desk: Desk, login: Login) -> None:
    page = login("lea").get("/settings").text
    for word in (
        "A second factor is asked of nobody.",
        "Badge and PIN open a session on marked ward PCs.",
        "Times are those of Europe/Brussels.",
        "Messages are kept for 30 days, then erased with their keys.",
        "Cardiology",
        "127.0.0.1:2576",
    ):
        assert word in page, word
    assert desk.looked


def test_a_page_looks_anew_only_where_it_is_asked_to(desk: Desk, login: Login) -> None:
    client = login("ines")
    client.get("/settings")
    before = desk.looked
    client.get("/settings")
    assert desk.looked == before
    client.get("/settings?look=now")
    assert desk.looked == before + 1


def test_a_nurse_and_an_auditor_see_no_settings(desk: Desk, login: Login) -> None:
    for name in ("anna", "otto"):
        assert login(name).get("/settings").status_code == 403
    assert desk.found.findings


def test_what_was_not_looked_at_is_said_to_be_so(login: Login) -> None:
    assert login("ines").get("/settings").text.count("NOT LOOKED AT") == 2


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_speaks_each_language(desk: Desk, login: Login, language: str) -> None:
    page = login("ines").get(f"/settings?lang={language}").text
    said = {
        "en": "packs are delivered nowhere",
        "fr": "les dossiers ne sont livrés nulle part",
        "nl": "pakketten worden nergens bezorgd",
        "de": "Mappen werden nirgends zugestellt",
    }
    assert said[language] in page
    assert '<a href="/settings">' in page
    assert desk.looked
