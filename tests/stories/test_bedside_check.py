"""A nurse holds three facts against the bedside, through the real server and its ledgers."""

from __future__ import annotations

import re

import httpx
from tests.stories.site_server import SiteServer, browser, message, wardkeep


def sent(client: httpx.Client, page: httpx.Response, *findings: str) -> httpx.Response:
    token = re.findall(r'name="token" value="([^"]+)"', page.text)[-1]
    drawn = re.findall(r'name="drawn" value="([^"]+)"', page.text)[0]
    answers = {f"f{place}": word for place, word in enumerate(findings)}
    return client.post("/bedside/answer", data={"token": token, "drawn": drawn, **answers})


def test_what_was_different_is_kept_over_a_restart_and_settled_once(server: SiteServer) -> None:
    server.send(*(message(n, record=f"47{n}") for n in range(1, 4)))
    with browser(server) as client:
        server.await_that(
            lambda: client.get("/bedside/check?code=A2").text.count("<fieldset") == 3
        )
        page = client.get("/bedside/check?code=A2")
        answer = sent(client, page, "same", "different", "unchecked")
        assert answer.status_code == 303
        # The same form again, as after a lost answer.
        again = sent(client, page, "same", "same", "same")
        assert again.headers["location"] == answer.headers["location"]
        page = client.get("/bedside")
        assert "1 of 2 as at the bedside" in page.text
        assert page.text.count('<section class="box problem"') == 1
    server.stop()
    server.start()
    with browser(server) as client:
        page = client.get("/bedside")
        assert page.text.count('<section class="box problem"') == 1
        # The message that said it leads to the patient, though the event names nobody.
        assert "/patient?record=47" in page.text
        check = re.findall(r'name="check" value="([^"]+)"', page.text)[0]
        place = re.findall(r'name="place" value="([^"]+)"', page.text)[0]
        said = {
            "token": re.findall(r'name="token" value="([^"]+)"', page.text)[-1],
            "check": check,
            "place": place,
            "cause": "source",
            "feed": "",
            "done": "corrected in the record system",
        }
        assert client.post("/bedside/settle", data=said).status_code == 303
        assert client.post("/bedside/settle", data=said).status_code == 409
        page = client.get("/bedside")
        assert '<section class="box problem"' not in page.text
        assert "corrected in the record system" in page.text
    server.stop()
    wardkeep("verify", server.folder)
    for path in (server.folder / "operations").rglob("*"):
        assert path.is_dir() or b"Peeters" not in path.read_bytes()
