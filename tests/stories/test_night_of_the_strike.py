"""The main job through the real command line: messages in, chart right, ledgers sound."""

from __future__ import annotations

import json
import os
import shutil
import socket
import urllib.request
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from pypdf import PdfReader
from tests.stories.site_server import PATIENCE_SECONDS, SiteServer, message, wardkeep


def test_what_was_acknowledged_is_in_the_chart_with_its_message(server: SiteServer) -> None:
    [answer] = server.send(message(1))
    assert b"MSA|AA|M0000001" in answer
    chart = json.loads(wardkeep("chart", server.folder, "4711", "--json"))
    assert chart["name"]["value"]["family"] == "Peeters"
    assert chart["name"]["message"] == "M0000001"
    assert chart["name"]["feed"] == "main"
    assert chart["name"]["time"].startswith("2026-05-17T01:30:00")
    assert chart["allergies"]["items"][0]["substance"]["text"] == "Penicillin"
    assert [w["ward"] for w in json.loads(wardkeep("wards", server.folder, "--json"))] == ["A2"]


def test_the_verbs_tell_the_same_when_no_server_runs(server: SiteServer) -> None:
    server.send(*[message(n, record=str(5000 + n)) for n in range(30)])
    running = wardkeep("chart", server.folder, "5007", "--json")
    assert server.stop() == 0
    assert wardkeep("chart", server.folder, "5007", "--json") == running
    verdict = json.loads(wardkeep("verify", server.folder, "--json"))
    assert verdict["ok"] is True
    assert verdict["first_fault"] is None
    assert verdict["entries"]["clinical"] == 30
    assert verdict["entries"]["access"] == 2


def test_a_number_nobody_sent_is_not_found(server: SiteServer) -> None:
    wardkeep("chart", server.folder, "999", "--json", status=6)


def test_streams_say_what_was_heard_and_what_was_not(server: SiteServer) -> None:
    server.send(message(1))
    assert states(server)["admissions"] == "silent", "what was told is half a year old"
    server.send(message(2, at=f"{datetime.now(UTC):%Y%m%d%H%M%S}+0000"))
    assert states(server)["admissions"] == "fresh"
    assert states(server)["doses_given"] == "silent"


def states(server: SiteServer) -> dict[str, str]:
    told = json.loads(wardkeep("streams", server.folder, "--json"))
    return {each["stream"]: each["state"] for each in told["streams"]}


def test_an_unreadable_message_is_answered_kept_and_shown(server: SiteServer) -> None:
    [answer] = server.send(b"MSH|^~\\&|LAB|H|WK|H|20260517033000||ORU^R01|X1|P|2.5\rOBX|1")
    assert b"MSA|AA|X1" in answer
    [held] = json.loads(wardkeep("quarantine", "list", server.folder, "--json"))
    assert held["control"] == "X1"
    assert "OBX|1" in wardkeep("quarantine", "show", server.folder, str(held["sequence"]))
    [again] = json.loads(wardkeep("quarantine", "replay", server.folder, "--json"))
    assert again["outcome"] == "still_unreadable"


def test_a_first_fill_goes_in_while_the_server_runs(server: SiteServer, tmp_path: Path) -> None:
    yesterday = [message(n, str(6000 + n)) for n in range(9)]
    hl7 = tmp_path / "yesterday.hl7"
    hl7.write_bytes(b"\n".join(m.replace(b"\r", b"\n") for m in yesterday))
    census = tmp_path / "census.csv"
    census.write_text(
        "PatNr;Naam;Voornaam;Geboortedatum;Afdeling;Kamer;Bed\n"
        "7001;De Smet;Zoé;07.03.1934;C4;3;1\n",
        encoding="cp1252",
    )
    loaded = json.loads(wardkeep("load", server.folder, hl7, census, "--json"))
    assert [each["stored"] for each in loaded] == [9, 1]
    chart = json.loads(wardkeep("chart", server.folder, "7001", "--json"))
    assert chart["name"]["value"]["given"] == "Zoé"
    assert chart["birth_date"]["value"] == "1934-03-07"
    again = json.loads(wardkeep("load", server.folder, hl7, "--json"))
    assert again[0]["repeated"] == 9


def test_a_census_with_a_bad_line_changes_nothing_and_names_it(
    server: SiteServer, tmp_path: Path
) -> None:
    census = tmp_path / "census.csv"
    census.write_text("record,family\n1,Maes\n,Peeters\n", encoding="utf-8")
    wardkeep("load", server.folder, census, status=1)
    assert json.loads(wardkeep("wards", server.folder, "--json")) == []


def test_the_words_of_the_envelope_open_a_folder_whose_keys_are_lost(
    server: SiteServer,
) -> None:
    server.send(message(1))
    before = wardkeep("chart", server.folder, "4711", "--json")
    server.stop()
    shutil.rmtree(server.folder / "keys")
    wardkeep("verify", server.folder, status=4)
    wardkeep("recover-key", server.folder, words_in="abandon " * 24, status=1)
    wardkeep("recover-key", server.folder, words_in=server.made["recovery_words"])
    assert json.loads(wardkeep("verify", server.folder, "--json"))["ok"] is True
    assert wardkeep("chart", server.folder, "4711", "--json") == before


def test_a_second_server_on_the_same_folder_is_refused(server: SiteServer) -> None:
    wardkeep("serve", server.folder, status=1)
    assert b"MSA|AA" in server.send(message(1))[0]


def test_the_server_ends_cleanly_with_fifty_screens_open(server: SiteServer) -> None:
    screens = []
    for _ in range(50):
        screen = socket.create_connection(
            ("127.0.0.1", server.web_port), timeout=PATIENCE_SECONDS
        )
        screen.sendall(b"GET /login HTTP/1.1\r\nHost: h\r\nConnection: keep-alive\r\n\r\n")
        assert screen.recv(16).startswith(b"HTTP/1.1 200")
        screens.append(screen)
    assert server.stop() == 0
    for screen in screens:
        screen.close()


def test_the_first_page_leads_to_the_login(server: SiteServer) -> None:
    with urllib.request.urlopen(f"http://127.0.0.1:{server.web_port}/") as page:
        assert page.url.endswith("/login")
        assert page.headers["Content-Security-Policy"]


def kill_in_rotation(server: SiteServer, rounds: int) -> None:
    """Kill a process each round under load; a sender repeats what was not acknowledged."""
    modules = ["wardkeep.app.writer_process", "wardkeep.app.chart_process"]
    modules += ["wardkeep.web.process", "wardkeep.app.pack_process", "supervisor"]
    number, acknowledged = 0, []
    for round_ in range(rounds):
        victim = modules[round_ % len(modules)]
        for n in range(40):
            if n == 20:
                if victim == "supervisor":
                    server.kill()
                    server.start()
                else:
                    os.kill(server.child(victim), 9)
            while True:
                try:
                    [answer] = server.send(message(number, record=str(10_000 + number)))
                except (ConnectionError, OSError):
                    continue
                break
            assert b"MSA|AA|M%07d" % number in answer
            acknowledged.append(number)
            number += 1
    for number in acknowledged[:: max(1, len(acknowledged) // 10)]:
        chart = json.loads(wardkeep("chart", server.folder, str(10_000 + number), "--json"))
        assert chart["name"]["message"] == f"M{number:07}"
    wards = json.loads(wardkeep("wards", server.folder, "--json"))
    assert [w["patients"] for w in wards] == [len(acknowledged)]
    assert server.stop() == 0
    verdict = json.loads(wardkeep("verify", server.folder, "--json"))
    assert verdict["ok"] is True, verdict
    assert verdict["entries"]["clinical"] == len(acknowledged)


def test_killing_any_process_under_load_loses_and_doubles_nothing(server: SiteServer) -> None:
    kill_in_rotation(server, 5)


@pytest.mark.long
def test_a_hundred_kills_under_load_lose_and_double_nothing(server: SiteServer) -> None:
    kill_in_rotation(server, 100)


def test_doses_that_could_not_be_read_stand_on_the_wards_paper_as_questions(
    server: SiteServer, tmp_path: Path
) -> None:
    now = datetime.now(UTC)
    begun, given = (now - timedelta(hours=hours) for hours in (30, 1))
    at, then = f"{now:%Y%m%d%H%M}+0000", f"{given:%Y%m%d%H%M}+0000"
    head = "MSH|^~\\&|MAR|H|WK|H|{at}||{kind}|{number}|P|2.5\rPID|||4711^^^H^MR||Peeters^An\r"
    order = f"ORC|NW|7^MAR|||||||{begun:%Y%m%d%H%M}+0000\rRXE||^Morfine|5||mg\rTQ1|1||Q4H\r"
    dose = f"ORC|RE|7^MAR|||||||{at}\rRXA|0|1|{then}|{then}|^Morfine|5|mg" + "|" * 13 + "A\r"
    lost = f"ORC|RE|7^MAR|||||||{at}\rRXA|0|2|this morning||^Morfine|5|mg\r"
    server.send(
        message(1, at=f"{begun:%Y%m%d%H%M}+0000"),
        (head.format(at=at, kind="RDE^O11", number="R1") + order).encode(),
        (head.format(at=at, kind="RAS^O17", number="R2") + dose).encode(),
        (head.format(at=at, kind="RAS^O17", number="R3") + lost).encode(),
    )
    paper = tmp_path / "ward.pdf"
    wardkeep("pack", server.folder, "--ward", "A2", "--out", paper)
    read = " ".join(page.extract_text() for page in PdfReader(paper).pages)
    told = " ".join(read.replace("\u200b", "").split())
    assert "2 MESSAGES ABOUT THIS PATIENT COULD NOT BE READ" in told
    assert "MESSAGES THAT COULD NOT BE READ: 2 of main since" in told
    assert "RECORDED, OUTCOME AS SENT: A; 5 mg" in told
    assert "none recorded in 24 h" not in told
