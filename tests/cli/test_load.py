"""The first fill by hand: a mapping in a file, a dry run, and files that are no census."""

import json
from pathlib import Path

import pytest
from tests.stories.site_server import wardkeep


@pytest.fixture
def hospital(tmp_path: Path) -> Path:
    wardkeep("init", tmp_path / "hospital")
    return tmp_path / "hospital"


@pytest.fixture
def census(tmp_path: Path) -> Path:
    place = tmp_path / "census.csv"
    place.write_text("Akte;Bereich;Kasse\n4711;A2;AOK\n4712;A2;TK\n")
    return place


@pytest.fixture
def mapping(tmp_path: Path) -> Path:
    place = tmp_path / "columns.toml"
    place.write_text('record = "Akte"\nward = "Bereich"\n')
    return place


def test_a_census_with_columns_of_its_own_is_loaded_by_a_mapping_file(
    hospital: Path, census: Path, mapping: Path
) -> None:
    words = ("load", hospital, census, "--mapping", mapping, "--json")
    (first,) = json.loads(wardkeep(*words))
    (second,) = json.loads(wardkeep(*words))
    assert (first["stored"], second["stored"], second["repeated"]) == (1, 0, 1)
    assert "4711" in wardkeep("chart", hospital, "4711")


def test_a_dry_run_names_the_columns_that_are_not_used_and_stores_nothing(
    hospital: Path, census: Path, mapping: Path
) -> None:
    words = ("load", hospital, census, "--mapping", mapping, "--dry-run")
    assert "column 'Kasse' is not used" in wardkeep(*words)
    assert json.loads(wardkeep(*words, "--json"))[0]["not_used"] == ["Kasse"]
    wardkeep("chart", hospital, "4711", status=6)


@pytest.mark.parametrize("content", [b"\x00\xff\xfe" * 99, b"", b"record;ward\n;A2\n"])
def test_what_is_no_census_is_refused_in_words(
    hospital: Path, tmp_path: Path, content: bytes
) -> None:
    wrong = tmp_path / "wrong.csv"
    wrong.write_bytes(content)
    told = json.loads(wardkeep("load", hospital, wrong, "--json", status=1))
    assert told["error"]["code"] == "unreadable-file"


def test_a_missing_file_a_folder_and_a_broken_mapping_are_refused_in_words(
    hospital: Path, census: Path, tmp_path: Path
) -> None:
    broken = tmp_path / "broken.toml"
    broken.write_text("record: Akte\n")
    for words in ([tmp_path / "none.csv"], [tmp_path], [census, "--mapping", broken]):
        told = json.loads(wardkeep("load", hospital, *words, "--json", status=1))
        assert told["error"]["code"] == "unreadable-file"
