"""A chart in words: readable on a terminal, nothing of it lost, nothing of it obeyed."""

import subprocess
import sys
from pathlib import Path
from zoneinfo import ZoneInfo

from tests.adapters.ledgers import SATURDAY
from tests.stories.site_server import ENVIRONMENT, message, wardkeep

from wardkeep.chart.memory import MemoryCharts
from wardkeep.cli.outline import outline
from wardkeep.ledger.arrival import Entry, Kind
from wardkeep.sample.hospital import Hospital
from wardkeep.sample.house import TINY
from wardkeep.sample.site import FEEDS, demo_site


def test_names_and_times_are_read_as_people_write_them(tmp_path: Path) -> None:
    hospital, fill = tmp_path / "hospital", tmp_path / "fill.hl7"
    wardkeep("init", hospital)
    body = message(1).replace(b"Peeters^An", "No\u00ebl^Zo\u00e9\u202e".encode())
    body = body.replace(b"|P|2.5", b"|P|2.5||||||UNICODE UTF-8")
    fill.write_bytes(body)
    wardkeep("load", hospital, fill)
    lines = wardkeep("chart", hospital, "4711").splitlines()
    source = "   [load M0000001 2026-05-17 03:30:00 CEST, entry 1]"
    assert f"name:{source}" in lines
    assert "  family: No\u00ebl" in lines
    assert "  given: Zo\u00e9[U+202E]" in lines
    assert "  other: NOT RECORDED" in lines
    assert f"sex: F{source}" in lines
    admitted = "admitted: 2026-05-17 03:30:00 CEST (sent as 20260517033000)"
    assert f"    {admitted}{source}" in lines
    assert "        since: 2026-05-17 03:30:00 CEST" in lines
    assert "dead: NOT RECORDED" in lines
    assert "        - Rash" in lines
    assert not any("{" in line or "\\u" in line or "1778" in line for line in lines)


def test_a_number_that_nobody_sent_is_not_recorded_and_no_nought(tmp_path: Path) -> None:
    hospital, fill = tmp_path / "hospital", tmp_path / "fill.hl7"
    wardkeep("init", hospital)
    order = message(2).replace(b"ADT^A01", b"RDE^O11").split(b"\rEVN", 1)[0]
    order += b"\rPID|||4711^^^H^MR\rORC|NW|77\rRXE|^Q8H|X^amoxicillin^L|500||mg\r"
    fill.write_bytes(message(1) + order)
    wardkeep("load", hospital, fill)
    told = [line.strip() for line in wardkeep("chart", hospital, "4711").splitlines()]
    assert "rate_told: NOT RECORDED" in told
    assert "every_minutes: 480" in told
    assert not any(line.endswith(": 0") for line in told)


def test_a_day_that_was_told_is_no_midnight(tmp_path: Path) -> None:
    hospital, census = tmp_path / "hospital", tmp_path / "census.csv"
    wardkeep("init", hospital)
    census.write_text("record;ward;admitted\n4711;A2;17/05/2026\n")
    wardkeep("load", hospital, census)
    told = wardkeep("chart", hospital, "4711")
    assert "admitted: 2026-05-17 (sent as 20260517)   [load (no identifier) " in told


def test_a_terminal_without_the_letters_of_a_name_gets_their_codes(tmp_path: Path) -> None:
    hospital, census = tmp_path / "hospital", tmp_path / "census.csv"
    wardkeep("init", hospital)
    census.write_text("record;ward;given\n4711;A2;Zo\u00e9\n", encoding="utf-8")
    wardkeep("load", hospital, census)
    done = subprocess.run(
        [sys.executable, "-m", "wardkeep", "chart", str(hospital), "4711"],
        capture_output=True,
        check=False,
        env={**ENVIRONMENT, "PYTHONIOENCODING": "ascii"},
        text=True,
    )
    assert done.returncode == 0
    assert "  given: Zo\\xe9" in done.stdout.splitlines()


def test_every_chart_of_a_hospital_is_told_to_its_end() -> None:
    """With problems, doses, results and traps of all kinds: nothing stops the telling."""
    hospital = Hospital(20260307, SATURDAY, TINY)
    charts = MemoryCharts(demo_site(dict.fromkeys(FEEDS, 2575), 8443))
    for number, sent in enumerate(hospital.first_fill(), start=1):
        entry = Entry(
            number, sent.feed, sent.at, Kind.HL7, b"", b"", b"", sent.body, id_reused=False
        )
        charts.add(entry)
    told = 0
    for summary in charts.wards():
        for chart in charts.ward(summary.ward):
            lines = list(outline(chart, ZoneInfo("Europe/Brussels")))
            assert any(line.startswith("orders:") for line in lines)
            told += any("since: " in line and "sent as" in line for line in lines)
    assert told
