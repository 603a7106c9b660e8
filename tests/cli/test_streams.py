"""What may be trusted now, hospital and ward, told on the command line."""

import json
from pathlib import Path

import pytest
from tests.stories.site_server import message, wardkeep


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
    assert "never heard" in wardkeep("streams", hospital)


def test_a_ward_is_told_by_its_code_and_an_unknown_one_is_no_ward(hospital: Path) -> None:
    assert "admissions" in wardkeep("streams", hospital, "--ward", "A2")
    told = json.loads(wardkeep("streams", hospital, "--ward", "ZZ", "--json", status=6))
    assert told["error"]["code"] == "not-found"
