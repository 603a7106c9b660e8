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
    assert "column 'Kasse' is not used" in wardkeep(*words[:-1])


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


@pytest.mark.parametrize("said", ["yesterday", "2026", "17/05/2026", "29990101", ""])
def test_a_census_of_a_time_that_cannot_be_read_is_refused_before_any_file_is_read(
    hospital: Path, census: Path, mapping: Path, said: str
) -> None:
    words = ("load", hospital, census, hospital / "none.csv", "--mapping", mapping)
    told = json.loads(wardkeep(*words, "--as-of", said, "--json", status=2))
    assert told["error"]["code"] == "unreadable-time"
    assert "YYYYMMDDHHMM" in told["error"]["message"]
    assert json.loads(wardkeep("verify", hospital, "--json"))["entries"]["clinical"] == 0


def test_a_census_is_as_true_as_the_time_that_was_given(
    hospital: Path, census: Path, mapping: Path
) -> None:
    wardkeep("load", hospital, census, "--mapping", mapping, "--as-of", "20260517033000+0200")
    assert "2026-05-17T01:30:00+00:00" in wardkeep("chart", hospital, "4711", "--json")


@pytest.mark.parametrize("charset", ["utf-16-le", "utf-16-be"])
def test_the_unicode_text_of_a_spreadsheet_fills_the_charts(
    hospital: Path, tmp_path: Path, charset: str
) -> None:
    place = tmp_path / "census.txt"
    place.write_bytes("\ufeffIPP\tNom\tUnité\r\n4711\tNoël\tA2\r\n".encode(charset))
    assert "1 patient in 1 census entry" in wardkeep("load", hospital, place)
    assert "Noël" in wardkeep("chart", hospital, "4711", "--json")
    assert json.loads(wardkeep("quarantine", "list", hospital, "--json")) == []


@pytest.mark.parametrize(
    "content",
    [
        "record\tward\r\n4711\tA2\r\n".encode("utf-16-le"),  # no byte order mark
        "record\tward\r\n4711\tA2\r\n".encode("utf-32"),
    ],
)
def test_a_character_set_that_is_not_read_is_refused_with_what_to_do(
    hospital: Path, tmp_path: Path, content: bytes
) -> None:
    place = tmp_path / "census.csv"
    place.write_bytes(content)
    told = json.loads(wardkeep("load", hospital, place, "--json", status=1))
    assert told["error"]["code"] == "unreadable-file"
    assert "UTF-8" in told["error"]["message"]


def test_what_to_do_fits_what_is_wrong_with_a_file(
    hospital: Path, census: Path, tmp_path: Path
) -> None:
    empty = tmp_path / "empty.csv"
    empty.touch()
    for words, advice in (
        ([tmp_path / "none.csv"], "Name a file that exists"),
        ([tmp_path], "Name a file that exists"),
        ([empty], "Export it again"),
        ([census], "--map record=HEADING"),
        ([census, "--map", "shoe=Akte"], "--map NAME=HEADING"),
        ([census, "--map", "record"], "--map NAME=HEADING"),
    ):
        told = json.loads(wardkeep("load", hospital, *words, "--json", status=1))
        assert advice in told["error"]["message"]


def test_what_became_of_a_file_is_told_once(
    hospital: Path, census: Path, mapping: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    from wardkeep.cli.main import main

    assert main(["load", str(hospital), str(census), "--mapping", str(mapping)]) == 0
    said = capfd.readouterr()
    assert (said.out + said.err).count("stored") == 1


def test_a_bulk_export_is_loaded_once_and_charted(hospital: Path, tmp_path: Path) -> None:
    export = tmp_path / "export.ndjson"
    patient = '{"resourceType":"Patient","id":"1","identifier":[{"value":"4711"}]}'
    allergy = (
        '{"resourceType":"AllergyIntolerance","id":"a","code":{"text":"Latex"},'
        '"patient":{"reference":"Patient/1"}}'
    )
    export.write_text(f"{allergy}\n{patient}\n")
    words = ("load", hospital, export, "--json")
    (first,) = json.loads(wardkeep(*words))
    (second,) = json.loads(wardkeep(*words))
    assert (first["kind"], first["stored"], second["stored"], second["repeated"]) == (
        "fhir",
        2,
        0,
        2,
    )
    assert "Latex" in wardkeep("chart", hospital, "4711")


def test_a_line_of_an_export_that_is_no_resource_is_named_and_nothing_is_loaded(
    hospital: Path, tmp_path: Path
) -> None:
    export = tmp_path / "export.ndjson"
    export.write_text('{"resourceType":"Patient","id":"1"}\n{"resourceType":\n')
    told = json.loads(wardkeep("load", hospital, export, "--json", status=1))
    assert "export.ndjson: line 2" in told["error"]["message"]
    assert json.loads(wardkeep("verify", hospital, "--json"))["entries"]["clinical"] == 0
