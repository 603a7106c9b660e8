"""FHIR servers are asked what changed; whatever they do, nothing is lost and nothing leaks."""

from __future__ import annotations

import asyncio
import gzip
import json
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import msgspec
import pytest
from typing_extensions import override

from wardkeep.adapters import fhir_poller
from wardkeep.adapters.errors import HandoverFailedError, PollFailedError
from wardkeep.adapters.fhir_poller import FhirPoller, Places
from wardkeep.hospital.polls import Poll
from wardkeep.wire.errors import SearchAnswerError
from wardkeep.wire.fhir_rest.moments import iso_instant
from wardkeep.wire.fhir_rest.search_page import instant

SECOND = 1_000_000
NOON = 1_780_000_000 * SECOND
Answer = tuple[int, dict[str, str], bytes]


class SearchServer:
    """Answers searches as a plain R4 server does: clock of a second, pages with next links."""

    def __init__(self) -> None:
        self.resources: list[dict[str, Any]] = []
        self.asked: list[str] = []
        self.tokens: list[str] = []
        self.instead: Callable[[str], Answer | None] = lambda _path: None
        self.address = ""

    def put(self, identity: str, version: int, seconds: int) -> None:
        """Change a patient at a second after noon."""
        meta = {"versionId": str(version), "lastUpdated": iso_instant(NOON + seconds * SECOND)}
        self.resources = [r for r in self.resources if r["id"] != identity]
        self.resources.append({"resourceType": "Patient", "id": identity, "meta": meta})

    def answer(self, path: str) -> Answer:
        """Return the page that is asked for."""
        if (said := self.instead(path)) is not None:
            return said
        query = {key: value[-1] for key, value in parse_qs(urlsplit(path).query).items()}
        since = instant(query["_lastUpdated"].removeprefix("ge")) or 0
        kind = urlsplit(path).path.rpartition("/")[2]
        found = [
            each
            for each in self.resources
            if each["resourceType"] == kind
            and (instant(each["meta"]["lastUpdated"]) or 0) >= since
        ]
        found.sort(key=lambda each: str(each["meta"]["lastUpdated"]))
        begin, size = int(query.get("page", "0")), int(query["_count"])
        links = []
        if begin + size < len(found):
            onward = f"{path.partition('&page=')[0]}&page={begin + size}"
            links.append({"relation": "next", "url": onward})
        return self.bundle(found[begin : begin + size], links)

    def bundle(self, found: list[Any], links: list[Any], **more: int) -> Answer:
        """Return an answer with a page."""
        entries = [{"resource": each} for each in found]
        page = {"resourceType": "Bundle", "type": "searchset", "link": links, "entry": entries}
        return 200, {}, json.dumps({**page, **more}).encode()


@contextmanager
def listening(server: SearchServer) -> Iterator[None]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            server.asked.append(self.path)
            server.tokens.append(self.headers.get("authorization", ""))
            status, headers, body = server.answer(self.path)
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        @override
        def log_message(self, format: str, *args: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as http:
        thread = threading.Thread(target=http.serve_forever, args=(0.01,))
        thread.start()
        server.address = f"http://127.0.0.1:{http.server_port}/r4"
        try:
            yield
        finally:
            http.shutdown()
            thread.join()


@pytest.fixture
def emr() -> Iterator[SearchServer]:
    server = SearchServer()
    with listening(server):
        yield server


class Site:
    """What a site keeps of a poll: stored pages, and places in a file."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.pages: list[bytes] = []
        self.is_full = False

    async def hand(self, _feed: str, _control: bytes, body: bytes) -> None:
        if self.is_full:
            raise HandoverFailedError("the ledger took nothing")
        self.pages.append(body)

    def ask(self, poll: Poll, longest: int = 1_000_000) -> int:
        """Ask one round with nothing but what the file keeps of the rounds before."""

        async def once() -> int:
            places = Places(self.folder / "polls.json")
            poller = FhirPoller(poll, longest, self.hand, places, lambda: NOON)
            try:
                return await poller.round()
            finally:
                await poller.close()

        return asyncio.run(once())

    def stored(self) -> list[str]:
        """Return every resource of the stored pages, in order."""
        return [
            f"{each['resource']['id']}/{each['resource']['meta']['versionId']}"
            for page in self.pages
            for each in json.loads(page)["entry"]
        ]


@pytest.fixture
def site(tmp_path: Path) -> Site:
    return Site(tmp_path)


def poll_of(server: SearchServer, **changes: Any) -> Poll:
    poll = Poll(feed="emr", base_url=server.address, types=("Patient",), page_size=2)
    return msgspec.structs.replace(poll, **changes)


def test_every_page_is_stored_as_it_came_and_a_quiet_round_stores_nothing(
    emr: SearchServer, site: Site
) -> None:
    for number in range(5):
        emr.put(f"p{number}", 1, number)
    assert site.ask(poll_of(emr)) == 3
    assert site.stored() == ["p0/1", "p1/1", "p2/1", "p3/1", "p4/1"]
    assert site.ask(poll_of(emr)) == 0
    emr.put("p1", 2, 4)
    assert site.ask(poll_of(emr)) == 1
    assert site.stored()[-1] == "p1/2"


def test_resources_of_one_second_and_late_commits_are_not_lost(
    emr: SearchServer, site: Site
) -> None:
    emr.put("p1", 1, 100)
    site.ask(poll_of(emr))
    emr.put("p2", 1, 100)
    emr.put("p3", 1, 45)
    site.ask(poll_of(emr))
    assert sorted(set(site.stored())) == ["p1/1", "p2/1", "p3/1"]


def test_a_round_that_breaks_off_is_asked_again_and_loses_nothing(
    emr: SearchServer, site: Site
) -> None:
    for number in range(4):
        emr.put(f"p{number}", 1, number)
    emr.instead = lambda path: (500, {}, b"") if "page=2" in path else None
    with pytest.raises(PollFailedError, match="500"):
        site.ask(poll_of(emr))
    emr.instead = lambda _path: None
    site.ask(poll_of(emr))
    assert set(site.stored()) == {"p0/1", "p1/1", "p2/1", "p3/1"}


def test_while_the_ledger_takes_nothing_the_place_does_not_move(
    emr: SearchServer, site: Site
) -> None:
    emr.put("p1", 1, 1)
    site.is_full = True
    with pytest.raises(HandoverFailedError):
        site.ask(poll_of(emr))
    site.is_full = False
    assert site.ask(poll_of(emr)) == 1


def test_an_answer_that_is_cut_without_a_next_page_is_asked_for_to_its_end(
    emr: SearchServer, site: Site
) -> None:
    for number in range(5):
        emr.put(f"p{number}", 1, number)

    def cut(path: str) -> Answer:
        emr.instead = lambda _path: None
        _, _, body = emr.answer(path)
        emr.instead = cut
        page = json.loads(body)
        since = parse_qs(urlsplit(path).query)["_lastUpdated"][0].removeprefix("ge")
        matching = [r for r in emr.resources if r["meta"]["lastUpdated"] >= since]
        return emr.bundle([e["resource"] for e in page["entry"]], [], total=len(matching))

    emr.instead = cut
    site.ask(poll_of(emr))
    assert sorted(set(site.stored())) == ["p0/1", "p1/1", "p2/1", "p3/1", "p4/1"]
    for number in range(5):
        emr.put(f"q{number}", 1, 100)
    with pytest.raises(SearchAnswerError, match="raise page_size"):
        site.ask(poll_of(emr))


@pytest.mark.parametrize(
    "refusal", [(404, {}, b""), (200, {}, b"<html>"), (200, {}, b" " * 2_000)]
)
def test_a_type_that_the_server_refuses_keeps_no_other_from_being_asked(
    emr: SearchServer, site: Site, refusal: Answer
) -> None:
    emr.put("1", 1, 0)
    emr.instead = lambda path: refusal if "/Observation?" in path else None
    poll = Poll(feed="emr", base_url=emr.address, types=("Observation", "Patient"))
    with pytest.raises((PollFailedError, SearchAnswerError)):
        site.ask(poll, longest=1_000)
    assert site.stored() == ["1/1"]
    emr.instead = lambda _path: (503, {}, b"")
    asked = len(emr.asked)
    with pytest.raises(PollFailedError):
        site.ask(poll)
    assert len(emr.asked) == asked + 1


def test_a_resource_of_a_wrong_clock_does_not_silence_its_server(
    emr: SearchServer, site: Site
) -> None:
    emr.put("1", 1, 0)
    emr.put("2", 1, 90 * 24 * 3600)
    poll = Poll(feed="emr", base_url=emr.address, types=("Patient",))
    site.ask(poll)
    emr.put("3", 1, 30)
    site.ask(poll)
    assert "3/1" in site.stored()
    assert site.ask(poll) == 0


@pytest.mark.parametrize(
    ("said", "pause"),
    [
        ("120", 120.0),
        ("999999999999999", 3600.0),
        ("soon", 0.0),
        ("", 0.0),
        ("-5", 0.0),
        (f"Mon, 01 Jan {'9' * 20} 00:00:00 GMT", 0.0),
    ],
)
def test_a_server_that_asks_for_a_pause_gets_it(
    emr: SearchServer, site: Site, said: str, pause: float
) -> None:
    emr.instead = lambda _path: (429, {"retry-after": said}, b"")
    with pytest.raises(PollFailedError, match="429") as caught:
        site.ask(poll_of(emr))
    assert caught.value.pause == pause


def test_our_token_goes_to_no_other_server(
    emr: SearchServer, site: Site, tmp_path: Path
) -> None:
    token = tmp_path / "token"
    token.write_text("secret\n")
    other = SearchServer()
    with listening(other):
        onward = [{"relation": "next", "url": f"{other.address}/Patient?page=2"}]
        emr.instead = lambda _path: emr.bundle([], onward)
        with pytest.raises(SearchAnswerError, match="another server"):
            site.ask(poll_of(emr, token_file=str(token)))
        emr.instead = lambda _path: (302, {"location": other.address}, b"")
        with pytest.raises(PollFailedError, match="302"):
            site.ask(poll_of(emr, token_file=str(token)))
    assert emr.tokens == ["Bearer secret"] * 2
    assert other.asked == []


@pytest.mark.parametrize("content", [None, "two words", "a\x00b", "é"])
def test_a_token_that_is_none_is_said_and_never_shown(
    emr: SearchServer, site: Site, tmp_path: Path, content: str | None
) -> None:
    token = tmp_path / "token"
    if content is not None:
        token.write_text(content)
    with pytest.raises(PollFailedError, match="token's file") as caught:
        site.ask(poll_of(emr, token_file=str(token)))
    assert content is None or content not in str(caught.value)
    assert emr.asked == []


def test_a_page_over_the_limit_and_pages_in_a_circle_are_left(
    emr: SearchServer, site: Site
) -> None:
    emr.put("p1", 1, 1)
    with pytest.raises(SearchAnswerError, match="longer than 50 bytes"):
        site.ask(poll_of(emr), longest=50)
    circle = [{"relation": "next", "url": f"{emr.address}/Patient?x"}]
    emr.instead = lambda _path: emr.bundle([], circle)
    with pytest.raises(SearchAnswerError, match="circle"):
        site.ask(poll_of(emr))


def test_a_page_packed_once_is_read_and_one_packed_twice_is_left_unopened(
    emr: SearchServer, site: Site
) -> None:
    emr.put("p1", 1, 1)
    _, _, page = emr.answer(f"/r4/Patient?_lastUpdated=ge{iso_instant(NOON)}&_count=2")
    emr.instead = lambda _path: (200, {"content-encoding": "gzip"}, gzip.compress(page))
    assert site.ask(poll_of(emr)) == 1
    bomb = gzip.compress(gzip.compress(b" " * 10_000_000))
    emr.instead = lambda _path: (200, {"content-encoding": "gzip, gzip"}, bomb)
    with pytest.raises(SearchAnswerError, match="packed"):
        site.ask(poll_of(emr))


def test_an_answer_that_drips_for_ever_is_left(
    emr: SearchServer, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fhir_poller, "_ANSWER_SECONDS", 0.05)
    goes_on = threading.Event()

    def wait(_path: str) -> Answer:
        goes_on.wait()
        return emr.bundle([], [])

    emr.instead = wait
    try:
        with pytest.raises(PollFailedError, match="TimeoutError"):
            site.ask(poll_of(emr))
    finally:
        goes_on.set()


def test_places_that_cannot_be_read_are_asked_from_the_beginning(
    emr: SearchServer, site: Site
) -> None:
    emr.put("p1", 1, 1)
    site.ask(poll_of(emr))
    (site.folder / "polls.json").write_text('{"emr')
    assert site.ask(poll_of(emr)) == 1


@pytest.mark.long
def test_a_real_fhir_server_is_followed(site: Site) -> None:
    """Medplum's FHIR router, installed from npm: it cuts answers and names no next page."""
    from benchmarks.peers import medplum_fhir

    node, script = medplum_fhir()
    with subprocess.Popen([node, script], stdout=subprocess.PIPE, text=True) as running:
        try:
            assert running.stdout is not None
            base = f"http://127.0.0.1:{running.stdout.readline().strip()}/fhir"
            made = [
                httpx.post(
                    f"{base}/Patient",
                    json={"resourceType": "Patient", "birthDate": f"1950-01-{day:02}"},
                    timeout=60,
                ).json()
                for day in range(1, 28)
            ]
            poll = Poll(
                feed="emr", base_url=base, types=("Patient", "Observation"), page_size=5
            )
            site.ask(poll)
            versions = [f"{each['id']}/{each['meta']['versionId']}" for each in made]
            assert set(versions) == set(site.stored())
            assert site.ask(poll) == 0
            changed = httpx.put(
                f"{base}/Patient/{made[3]['id']}", json={**made[3], "gender": "female"}
            ).json()
            site.ask(poll)
            assert f"{changed['id']}/{changed['meta']['versionId']}" in site.stored()
        finally:
            running.terminate()
