"""What may be trusted now, hospital and ward, told on the command line."""

import json
from pathlib import Path
from zoneinfo import ZoneInfo

import msgspec
import pytest
from tests.stories.site_server import message, wardkeep

from wardkeep.chart.ports import StreamStatus
from wardkeep.cli.streams import told
from wardkeep.hospital.streams import Stream, StreamState


@pytest.fixture(scope="module")
def hospital(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("site")
    wardkeep("init", place / "hospital")
    (place / "fill.hl7").write_bytes(message(1))
    wardkeep("load", place / "hospital", place / "fill.hl7")
    return place / "hospital"


def test_every_stream_has_a_state_and_none_is_blank(hospital: Path) -> None:
    told = json.loads(wardkeep("streams", hospital, "--json"))
    assert told["streams"]
    assert all(each["state"] for each in told["streams"])
    said = wardkeep("streams", hospital)
    assert "main never heard; loaded as of 17 May 03:30 CEST" in said


def test_one_sentence_is_true_of_all_feeds_of_a_stream() -> None:
    zone = ZoneInfo("Europe/Brussels")
    half = StreamStatus(stream=Stream.LABORATORY, state=StreamState.SILENT, feeds=("a", "b"),
                        heard=120_000_000, known_to=60_000_000, behind="b")  # fmt: skip
    assert told(half, zone) == "b told last 01 Jan 01:01 CET; others are heard (a, b)"
    old = msgspec.structs.replace(half, behind="", old_news=True)
    assert told(old, zone) == "a, b sends, but only what is older than 01 Jan 01:01 CET"
    assert told(StreamStatus(stream=Stream.DIET, state=StreamState.NOT_FED), zone) == (
        "no feed carries it"
    )


def test_a_ward_is_told_by_its_code_and_an_unknown_one_is_no_ward(hospital: Path) -> None:
    assert "admissions" in wardkeep("streams", hospital, "--ward", "A2")
    told = json.loads(wardkeep("streams", hospital, "--ward", "ZZ", "--json", status=6))
    assert told["error"]["code"] == "not-found"
