"""A chart in words: readable on a terminal, nothing of it lost, nothing of it obeyed."""

from pathlib import Path

from tests.stories.site_server import message, wardkeep


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


def test_a_day_that_was_told_is_no_midnight(tmp_path: Path) -> None:
    hospital, census = tmp_path / "hospital", tmp_path / "census.csv"
    wardkeep("init", hospital)
    census.write_text("record;ward;admitted\n4711;A2;17/05/2026\n")
    wardkeep("load", hospital, census)
    assert "admitted: 2026-05-17 (sent as 20260517)   [" in wardkeep("chart", hospital, "4711")
