from __future__ import annotations

import re
from collections.abc import Sequence

import pytest
from tests.web.conftest import Login
from tests.web.handmade import NOW, Bench

from wardkeep.hospital.printing import Printer
from wardkeep.kernel.times import MINUTE
from wardkeep.pack.errors import UnknownPrinterError
from wardkeep.pack.events import (
    PackPrinted,
    PrintAccepted,
    PrintBegun,
    PrintEvent,
    PrintGivenUp,
    PrintOrdered,
    PrintStuck,
)
from wardkeep.pack.lists_proved import ListsTold
from wardkeep.pack.prints import Print, fold
from wardkeep.pack.readiness import Readiness
from wardkeep.web.language import LANGUAGES

ROOM = Printer(name="room-1", uri="cups:room", room=True)


class Printing:
    """The printing of a ward, its ledger a list."""

    def __init__(self, *events: PrintEvent) -> None:
        self.events = list(events)
        self.ready: Readiness | None = None

    def prints(self) -> dict[str, Print]:
        return fold(self.events)

    def readiness(self, now: int) -> Readiness | None:
        return self.ready if now else None

    def order(self, ward: str, by: str) -> None:
        if by == "ines":
            raise UnknownPrinterError("no printer")
        self.events.append(
            PrintOrdered(order="NEW", ward=ward, printer="room-1", at=NOW, by=by)
        )

    def record(self, events: Sequence[PrintEvent]) -> None:
        self.events += events


ORDERED: tuple[PrintEvent, ...] = (
    PrintOrdered(order="A", ward="4B", printer="room-1", at=NOW - 9 * MINUTE, by="anna"),
    PrintBegun(order="A", at=NOW - 8 * MINUTE, generation=3, digest="d", pages=60),
    PrintAccepted(order="A", at=NOW - 8 * MINUTE, job=7),
)
STUCK = PrintStuck(order="A", at=NOW - 2 * MINUTE, why="stalled", sheets=12)


@pytest.fixture
def printing(bench: Bench) -> Printing:
    made = Printing(*ORDERED)
    bench.printing, bench.printers = made, (ROOM,)
    return made


def token_of(page: str) -> str:
    found = re.search(r'name="token" value="([^"]+)"', page)
    assert found
    return found[1]


def test_the_page_says_how_each_ward_stands_and_who_ordered_it(
    printing: Printing, login: Login
) -> None:
    page = login("anna").get("/print").text
    assert "<strong>printing</strong> 04:04" in page
    assert "room-1" in page
    assert "<bdi>anna</bdi> 04:03" in page
    printing.events.append(PackPrinted(order="A", at=NOW, sheets=60))
    assert "(60 sheets counted)" in login("anna").get("/print").text


def test_a_nurse_orders_her_wards_paper_and_the_look_at_everyone_on_it_is_recorded(
    printing: Printing, login: Login, bench: Bench
) -> None:
    client = login("anna")
    board = client.get("/ward?code=4B").text
    assert "Print at the ward's printer" in board
    before = len(bench.recorded)
    sent = {"token": token_of(board), "ward": "4B"}
    assert client.post("/print/order", data=sent).headers["location"] == "/print"
    last = printing.events[-1]
    assert isinstance(last, PrintOrdered)
    assert (last.ward, last.by) == ("4B", "anna")
    looks = [k for k in bench.recorded[before:] if k.page == "ward printed"]
    assert {look.who for look in looks} == {"anna"}
    assert len(looks) == len(bench.charts.ward("4B"))


def test_a_stuck_ward_asks_for_the_tray_and_keeps_what_was_seen_there(
    printing: Printing, login: Login
) -> None:
    printing.events.append(STUCK)
    client = login("anna")
    page = client.get("/print").text
    assert "no sheet comes out any more." in page
    assert "Pages sent: 60, sheets counted: 12." in page
    token = token_of(page)
    nothing = {"token": token, "order": "A", "decision": "give-up", "why": " "}
    assert client.post("/print/decide", data=nothing).status_code == 503
    seen = {"token": token, "order": "A", "decision": "give-up", "why": "12 of 60, jammed"}
    assert client.post("/print/decide", data=seen).status_code == 303
    last = printing.events[-1]
    assert isinstance(last, PrintGivenUp)
    assert (last.by, last.why) == ("anna", "12 of 60, jammed")
    assert "GIVEN UP" in client.get("/print").text


def test_who_may_not_see_patients_sees_how_it_stands_and_orders_nothing(
    printing: Printing, login: Login
) -> None:
    client = login("ines")
    page = client.get("/print").text
    assert "/print/order" not in page
    assert client.post("/print/order", data={"ward": "4B"}).status_code == 403
    assert len(printing.events) == len(ORDERED)


def test_an_order_needs_a_form_of_our_own_page_and_a_ward_with_paper(
    printing: Printing, login: Login
) -> None:
    client = login("anna")
    assert client.post("/print/order", data={"ward": "4B"}).status_code == 403
    token = token_of(client.get("/print").text)
    assert client.post("/print/order", data={"token": token, "ward": "9Z"}).status_code == 404
    assert len(printing.events) == len(ORDERED)


def test_without_a_printer_the_page_says_so(login: Login) -> None:
    assert "No printer is set up" in login("anna").get("/print").text
    assert "/print/order" not in login("anna").get("/ward?code=4B").text


SAID = {
    "en": "If struck now:</strong> 39 of 40 wards on paper in 31 minutes, medication of one"
    " ward right for 99.2 % (412 checks). <span",
    "fr": "En cas d'attaque maintenant :</strong> 39 unités sur 40 sur papier en 31"
    " minutes, médicaments d'une unité exacts à 99,2 % (412 contrôles). <span",
    "nl": "Bij een aanval nu:</strong> 39 van 40 afdelingen op papier in 31 minuten, medicatie"
    " van één afdeling juist voor 99,2 % (412 controles). <span",
    "de": "Bei einem Angriff jetzt:</strong> 39 von 40 Stationen auf Papier in 31 Minuten,"
    " Medikation einer Station richtig zu 99,2 % (412 Prüfungen). <span",
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_overview_begins_with_what_would_be_on_paper_now(
    printing: Printing, login: Login, language: str
) -> None:
    printing.ready = Readiness(
        at=NOW, wards=40, on_paper=39, minutes=30.2, medication=412, right=409, proved=NOW
    )
    page = login("ines").get(f"/?lang={language}").text
    assert SAID[language] in page
    assert page.index('class="ready"') < page.index("<table")


LISTS_SAID = {
    "en": "lists of the house right for 99.9 % (4012 checks on 6 of 7 lists)."
    ' <span class="flag">LIST WRONG: list+kitchen</span>',
    "fr": "listes de l'hôpital exactes à 99,9 % (4012 contrôles sur 6 des 7 listes)."
    ' <span class="flag">LISTE FAUSSE : list+kitchen</span>',
    "nl": "lijsten van het ziekenhuis juist voor 99,9 % (4012 controles op 6 van 7 lijsten)."
    ' <span class="flag">LIJST FOUT: list+kitchen</span>',
    "de": "Listen des Hauses richtig zu 99,9 % (4012 Prüfungen an 6 von 7 Listen)."
    ' <span class="flag">LISTE FALSCH: list+kitchen</span>',
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_overview_says_plainly_which_part_was_lists_and_which_is_wrong(
    printing: Printing, login: Login, language: str
) -> None:
    lists = ListsTold(
        made=7,
        compared=6,
        checks=4012,
        right=4011,
        wrong=("list+kitchen",),
        delivered=5,
        at=NOW,
    )
    printing.ready = Readiness(at=NOW, wards=40, on_paper=39, lists=lists)
    page = login("ines").get(f"/?lang={language}").text
    assert LISTS_SAID[language] in page
    printing.ready = Readiness(at=NOW, wards=40, on_paper=39, lists=ListsTold(made=7))
    assert "lists of the house NOT MEASURED." in login("ines").get("/?lang=en").text


def test_what_is_not_measured_is_said_to_be_so(printing: Printing, login: Login) -> None:
    printing.ready = Readiness(at=NOW, wards=40, on_paper=0)
    page = login("ines").get("/").text
    assert "0 of 40 wards on paper, minutes NOT MEASURED, medication NOT MEASURED." in page
