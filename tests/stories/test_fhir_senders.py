"""Systems that speak FHIR send through the door of a real site server."""

from __future__ import annotations

import gzip
import json
import os
import signal
import socket
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from tests.stories.site_server import PATIENCE_SECONDS, SiteServer, wardkeep

from wardkeep.adapters.clinical_store import ClinicalLedger
from wardkeep.adapters.door_figures import read_figures
from wardkeep.adapters.key_ring import load_key_ring
from wardkeep.app.folder import HospitalFolder
from wardkeep.ledger.arrival import Entry, Kind

PATIENT = {"resourceType": "Patient", "id": "p1", "meta": {"versionId": "1"}}
FEEDS = """
[[feeds]]
name = "emr"
kind = "fhir"
max_message_bytes = 100000

[[feeds]]
name = "elsewhere"
kind = "fhir"
allow = ["192.0.2.0/24"]
"""


class Hospital:
    """A running server, the tokens of its senders, and what its ledger holds."""

    def __init__(self, server: SiteServer) -> None:
        self.server = server
        settings = server.folder / "wardkeep.toml"
        settings.write_text(settings.read_text() + FEEDS)
        self.refused = 0
        self.tokens = {feed: self.token(feed) for feed in ("emr", "elsewhere")}
        server.start()

    def token(self, feed: str) -> str:
        made = wardkeep("token", "add", self.server.folder, feed, "--note", "engine", "--json")
        return str(json.loads(made)["token"])

    def client(self, token: str) -> httpx.Client:
        return httpx.Client(
            base_url=f"http://127.0.0.1:{self.server.web_port}",
            headers={"authorization": f"Bearer {token}"},
            timeout=PATIENCE_SECONDS,
            event_hooks={"response": [self.count]},
        )

    def count(self, answer: httpx.Response) -> None:
        """Count each answer to a token that does not hold, not yet or no more."""
        self.refused += answer.status_code == 401

    def entries(self) -> list[Entry]:
        ring = load_key_ring(self.server.folder / "keys")
        ledger = ClinicalLedger(self.server.folder / "clinical", ring)
        try:
            return ledger.after(0, 1000)
        finally:
            ledger.close()


@pytest.fixture(scope="module")
def hospital(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hospital]:
    server = SiteServer(tmp_path_factory.mktemp("door") / "hospital")
    hospital = Hospital(server)
    yield hospital
    server.kill()


@pytest.fixture
def emr(hospital: Hospital) -> Iterator[httpx.Client]:
    with hospital.client(hospital.tokens["emr"]) as client:
        yield client


def outcome(response: httpx.Response) -> dict[str, Any]:
    body = response.json()
    assert body["resourceType"] == "OperationOutcome"
    assert response.headers["content-type"].startswith("application/fhir+json")
    issue: dict[str, Any] = body["issue"][0]
    return issue


def test_what_is_answered_with_201_is_in_the_ledger_as_it_came(
    hospital: Hospital, emr: httpx.Client
) -> None:
    body = json.dumps(PATIENT, indent=3).encode()
    answer = emr.post("/fhir/Patient", content=body)
    assert answer.status_code == 201
    entry = hospital.entries()[-1]
    assert (entry.kind, entry.feed, entry.body) == (Kind.FHIR, "emr", body)
    assert entry.control == b"Patient/p1/1"
    assert answer.headers["etag"] == f'W/"{entry.sequence}"'
    assert answer.headers["location"].endswith(f"/fhir/Patient/p1/_history/{entry.sequence}")

    again = emr.post("/fhir/Patient", content=body)
    told = ("location", "etag", "last-modified")
    assert [again.headers[each] for each in told] == [answer.headers[each] for each in told]
    assert hospital.entries()[-1].sequence == entry.sequence


def test_a_bundle_that_no_chart_can_read_is_stored_and_answered_entry_by_entry(
    hospital: Hospital, emr: httpx.Client
) -> None:
    entry = {"resource": {"resourceType": "Basic", "nonsense": [1, None]}}
    bundle = {"resourceType": "Bundle", "type": "transaction", "entry": [entry, entry]}
    answer = emr.post("/fhir", json=bundle).json()
    assert answer["type"] == "transaction-response"
    assert [each["response"]["status"] for each in answer["entry"]] == ["201", "201"]
    assert json.loads(hospital.entries()[-1].body) == bundle


def test_a_packed_body_and_one_in_pieces_are_stored_unpacked(
    hospital: Hospital, emr: httpx.Client
) -> None:
    body = json.dumps({**PATIENT, "id": "packed", "name": [{"family": "x" * 50_000}]}).encode()
    packed = gzip.compress(body)
    headers = {"content-encoding": "gzip"}
    assert emr.post("/fhir/Patient", content=packed, headers=headers).status_code == 201
    assert hospital.entries()[-1].body == body

    other = body.replace(b"packed", b"pieces")
    pieces = (other[at : at + 7_000] for at in range(0, len(other), 7_000))
    assert emr.post("/fhir/Patient", content=pieces).status_code == 201
    assert hospital.entries()[-1].body == other


@pytest.mark.parametrize(
    ("body", "headers", "status"),
    [
        (b"", {}, 400),
        (b"{", {}, 400),
        (b'{"resourceType": "Patient", "x": "\xff"}', {}, 400),
        (b'{"resourceType": "Observation"}', {}, 400),
        (b"[" * 20_000, {}, 400),
        (b"<Patient/>", {"content-type": "application/fhir+xml"}, 415),
        (b"{}", {"content-encoding": "br"}, 415),
        (b"no gzip", {"content-encoding": "gzip"}, 400),
        (gzip.compress(b"{}")[:-4], {"content-encoding": "gzip"}, 400),
        (gzip.compress(b" " * 10_000_000), {"content-encoding": "gzip"}, 413),
        (b" " * 100_001, {}, 413),
    ],
)
def test_what_no_reader_could_use_is_refused_with_an_outcome(
    emr: httpx.Client, body: bytes, headers: dict[str, str], status: int
) -> None:
    answer = emr.post("/fhir/Patient", content=body, headers=headers)
    assert answer.status_code == status
    assert outcome(answer)["severity"] == "error"


def test_nobody_is_let_in_without_a_token_that_holds(hospital: Hospital) -> None:
    address = f"http://127.0.0.1:{hospital.server.web_port}/fhir"
    for headers in ({}, {"authorization": "Basic eA=="}, {"authorization": "Bearer wk_guess"}):
        answer = httpx.post(address, json=PATIENT, headers=headers, timeout=PATIENCE_SECONDS)
        hospital.count(answer)
        assert answer.status_code == 401
        assert answer.headers["www-authenticate"].startswith("Bearer")
        assert outcome(answer)["code"] == "login"
    with hospital.client(hospital.tokens["elsewhere"]) as elsewhere:
        assert elsewhere.post("/fhir", json=PATIENT).status_code == 403


def test_a_token_is_changed_for_another_without_a_gap(hospital: Hospital) -> None:
    folder = hospital.server.folder
    old, new = hospital.token("emr"), hospital.token("emr")
    with hospital.client(old) as one, hospital.client(new) as other:
        for client in (one, other):
            while client.post("/fhir", json=PATIENT).status_code == 401:
                pass  # a new token is known within a second
        known = json.loads(wardkeep("token", "list", folder, "--json"))["tokens"]
        number = known[-2]["number"]
        wardkeep("token", "revoke", folder, str(number))
        while one.post("/fhir", json=PATIENT).status_code != 401:
            pass  # one that was taken back, too
        assert other.post("/fhir", json=PATIENT).status_code == 201
    figures = folder / "run" / "door.json"
    hospital.server.await_that(figures.is_file)
    assert old not in figures.read_text()


def test_the_rest_of_the_screens_port_is_as_it_was(hospital: Hospital) -> None:
    with hospital.client(hospital.tokens["emr"]) as emr:
        assert emr.get("/").headers["location"].startswith("/login")
        assert emr.get("/fhirx").status_code in {303, 404}


def test_a_dead_writer_is_503_and_what_was_refused_then_is_taken_later(
    hospital: Hospital, emr: httpx.Client
) -> None:
    writer = hospital.server.child("wardkeep.app.writer_process")
    supervisor = hospital.server.process
    assert supervisor is not None
    os.kill(writer, signal.SIGSTOP)
    supervisor.send_signal(signal.SIGSTOP)  # no other writer is there before the answer
    with socket.create_connection(("127.0.0.1", hospital.server.web_port)) as line:
        body = json.dumps({**PATIENT, "id": "kept"})
        line.sendall(
            f"POST /fhir/Patient HTTP/1.1\r\nhost: x\r\ncontent-length: {len(body)}\r\n"
            f"authorization: Bearer {hospital.tokens['emr']}\r\n\r\n{body}".encode()
        )
        os.kill(writer, signal.SIGKILL)
        answer = line.recv(65536).decode()
    supervisor.send_signal(signal.SIGCONT)
    assert answer.startswith("HTTP/1.1 503")
    assert "retry-after: 5" in answer
    while (again := emr.post("/fhir/Patient", content=body)).status_code == 503:
        pass  # until the writer is back
    assert again.status_code == 201
    assert [e.body for e in hospital.entries()].count(body.encode()) == 1


def test_who_sent_is_told_by_address_token_and_kind_of_body(
    hospital: Hospital, emr: httpx.Client
) -> None:
    bundle = {"resourceType": "Bundle", "type": "batch"}
    assert emr.post("/fhir", json=bundle).status_code == 200

    def told() -> set[tuple[str, str]]:
        feeds = json.loads(wardkeep("senders", hospital.server.folder, "--json"))
        return {
            (each["trait"], each["name"]) for each in feeds.get("emr", {}).get("sights", ())
        }

    wanted = {
        ("address", "127.0.0.1"),
        ("token", "1 engine"),
        ("message_type", "Bundle batch"),
    }
    hospital.server.await_that(lambda: wanted <= told())
    assert "application" not in {trait for trait, _ in told()}


def test_the_sender_who_is_refused_is_seen_in_the_list(hospital: Hospital) -> None:
    figures = HospitalFolder(hospital.server.folder).door_figures

    def counted() -> int:
        told = read_figures(figures).senders.values()
        return sum(each.refused.get("401", 0) for each in told)

    hospital.server.await_that(lambda: counted() == hospital.refused)
    assert hospital.server.stop() == 0
    told = json.loads(wardkeep("token", "list", hospital.server.folder, "--json"))
    assert told["tokens"][0]["last_used"]
    assert told["senders"]["emr"]["refused"]["415"] == 2
    assert told["senders"]["elsewhere"]["last_refusal"].startswith("403")
    assert told["senders"]["emr"]["refused"]["401"] == 1, "a token that was taken back"
    nobody = hospital.refused - 1
    assert told["senders"][""]["refused"]["401"] == nobody >= 3
    lines = wardkeep("token", "list", hospital.server.folder)
    assert f"refused from nobody we know: {nobody}" in lines
