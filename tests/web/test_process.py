"""One whole site server, seen through its web: from an HL7 message to a look in the ledger."""

from __future__ import annotations

import asyncio
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from tests.stories.site_server import PATIENCE_SECONDS, free_port
from tests.web.conftest import token_of

from wardkeep.adapters.clock import now
from wardkeep.adapters.key_ring import load_key_ring
from wardkeep.adapters.map_store import MapStore
from wardkeep.adapters.mllp_client import MllpSender
from wardkeep.adapters.operations_store import read_looks
from wardkeep.app.accounts import SiteAccounts
from wardkeep.app.folder import HospitalFolder, open_folder
from wardkeep.app.founding import Founded, found
from wardkeep.app.map_import import Asked, carry_out, plan
from wardkeep.app.settings_text import default_settings_toml

ADMISSION = (
    b"MSH|^~\\&|SIH|VAL|WARDKEEP|VAL|20260307041200||ADT^A01|W1|P|2.5.1\r"
    b"EVN|A01|20260307041200\rPID|1||700001^^^VAL^MR||Janssens^Marie||19340307|F\r"
    b"PV1|1|I|4B^401^1\r"
)
UNREADABLE = b"MSH|^~\\&|SIH|VAL|WARDKEEP|VAL|20260307041200||ADT^A01|W2|P|2.5.1\rEVN|A01\r"


class Served:
    """A server on a fresh folder, and a browser that is logged in."""

    def __init__(self, founded: Founded, mllp_port: int, web_port: int) -> None:
        self.founded, self._mllp_port = founded, mllp_port
        self.folder: HospitalFolder = open_folder(founded.folder)
        self.browser = httpx.Client(
            base_url=f"http://127.0.0.1:{web_port}", timeout=PATIENCE_SECONDS
        )

    def log_in(self, name: str, password: str) -> int:
        token = token_of(self.browser.get("/login").text)
        fields = {"name": name, "password": password, "token": token}
        return self.browser.post("/login", data=fields).status_code

    def send(self, *bodies: bytes) -> None:
        async def sent() -> None:
            sender = MllpSender("127.0.0.1", self._mllp_port)
            await sender.connect()
            for body in bodies:
                await sender.send(body)
            await sender.close()

        asyncio.run(sent())

    def page_that_says(self, address: str, word: str) -> str:
        """The page as soon as it says the word: asked again whenever the server tells news."""
        with self.browser.stream("GET", "/live") as news:
            for _line in news.iter_lines():
                page = self.browser.get(address)
                if word in page.text:
                    return page.text
        raise AssertionError("the stream ended")


@pytest.fixture(scope="module")
def served(project: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    mllp_port, web_port = free_port(), free_port()
    settings = default_settings_toml("Val", mllp_port, web_port)
    settings += "\n[login]\nsecond_factor_roles = []\n"
    founded = found(tmp_path_factory.mktemp("site") / "hospital", settings, "aegis", now())
    process = subprocess.Popen(
        [sys.executable, "-m", "wardkeep", "serve", str(founded.folder)],
        cwd=project,
        stdout=subprocess.PIPE,
        env={"PYTHONPATH": "src"},
        text=True,
    )
    assert process.stdout is not None
    try:
        assert process.stdout.readline() == "READY\n"
        server = Served(founded, mllp_port, web_port)
        yield server
        server.browser.close()
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=PATIENCE_SECONDS) == 0
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


def test_a_message_reaches_the_screen_and_the_look_reaches_the_access_ledger(
    served: Served,
) -> None:
    assert served.log_in(served.founded.account, served.founded.password) == 303
    served.send(ADMISSION)
    assert "Marie" in served.page_that_says("/ward?code=4B", "Janssens")
    assert served.browser.get("/patient?record=700001").status_code == 200
    ring = load_key_ring(served.folder.keys)
    looks = [(k.who, k.record, k.page) for k in read_looks(served.folder.access, ring)]
    assert (served.founded.account, "700001", "ward board") in looks
    assert (served.founded.account, "700001", "patient sheet") in looks


def test_what_could_not_be_read_is_shown_and_can_be_read_again(served: Served) -> None:
    served.log_in(served.founded.account, served.founded.password)
    served.send(UNREADABLE)
    page = served.page_that_says("/quarantine", "Read again")
    sequence = page.split('name="sequence" value="')[1].split('"')[0]
    fields = {"sequence": sequence, "token": token_of(page)}
    answer = served.browser.post("/quarantine/replay", data=fields, follow_redirects=True)
    assert "still cannot be read" in answer.text


def test_accounts_added_beside_the_running_server_log_in_and_disabled_ones_do_not(
    served: Served,
) -> None:
    accounts = SiteAccounts(served.folder)
    accounts.add("anna", ["ward"], "correct horse battery")
    served.browser.cookies.clear()
    assert served.log_in("anna", "correct horse battery") == 303
    assert served.browser.get("/quarantine").status_code == 403
    accounts.disable("anna")
    assert served.browser.get("/").status_code == 303


def test_the_overview_names_every_process_of_the_server(served: Served) -> None:
    served.browser.cookies.clear()
    served.log_in(served.founded.account, served.founded.password)
    page = served.browser.get("/").text
    for name in ("writer", "charts", "web", "packs"):
        assert f"<td><strong><bdi>{name}</bdi></strong></td>" in page


def test_the_pages_of_people_and_settings_tell_of_the_server_that_runs(served: Served) -> None:
    served.browser.cookies.clear()
    served.log_in(served.founded.account, served.founded.password)
    page = served.browser.get("/people").text
    assert "anna" in page
    assert "sessions open" in page
    page = served.browser.get("/people/account?name=anna").text
    assert "account disabled" in page
    fields = {"token": token_of(page), "name": "anna", "change": "enable"}
    answer = served.browser.post("/people/change", data=fields, follow_redirects=True)
    assert "account enabled" in answer.text
    assert not SiteAccounts(served.folder).accounts()["anna"].disabled
    assert "they lie on this server alone" in served.browser.get("/deliveries").text
    settings = served.folder.settings
    before = settings.read_text()
    settings.write_text(before.replace("[login]", "[login]\nglass_minutes = 7"))
    page = served.browser.get("/settings?look=now").text
    assert "<bdi>login.glass_minutes</bdi>" in page
    assert "no printer is set up" in page
    assert "a server runs on this folder" in page
    settings.write_text(before + "\nweb_prot = 1\n")
    page = served.browser.get("/settings?look=now").text
    assert "there is no setting" in page
    settings.write_text(before)


def test_what_is_imported_beside_the_running_server_is_on_its_next_page(
    served: Served, tmp_path: Path
) -> None:
    served.browser.cookies.clear()
    served.log_in(served.founded.account, served.founded.password)
    assert "wardkeep map import DIR FILE..." in served.browser.get("/map").text
    ring = load_key_ring(served.folder.keys)
    for names in (["lis1"], ["lis1", "lis2"]):
        file = tmp_path / "servers.csv"
        file.write_text("id\n" + "\n".join(names))
        store = MapStore(served.folder.map, ring)
        carry_out(served.folder, ring, plan(store, [file], Asked(by="os:test")), "os:test")
        page = served.browser.get("/map").text
        assert "MAP as of" in page
        assert [f'item=server%3A{name}"' in page for name in ("lis1", "lis2")] == [
            True,
            "lis2" in names,
        ]
    falls = served.browser.get("/map/falls?item=server:lis1")
    assert falls.headers["cache-control"] == "no-store"
    looks = [(each.record, each.page) for each in read_looks(served.folder.access, ring)]
    assert ("", "map") in looks
    assert ("", "map server:lis1") in looks
