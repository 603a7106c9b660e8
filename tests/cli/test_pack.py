import json
import os
import stat
from pathlib import Path

import pytest
from pypdf import PdfReader
from tests.stories.site_server import wardkeep


def test_a_wards_pack_is_made_from_the_charts_as_they_stand(
    hospital: Path, tmp_path: Path
) -> None:
    out = tmp_path / "A2.pdf"
    told = json.loads(
        wardkeep("pack", hospital, "--ward", "A2", "--out", out, "--language", "nl", "--json")
    )
    assert (told["ward"], told["patients"]) == ("A2", 2)
    read = PdfReader(out)
    assert len(read.pages) == told["pages"]
    text = "".join(page.extract_text() for page in read.pages)
    assert "PEETERS" in text
    assert "AFDELINGSBLAD" in text
    assert stat.S_IMODE(out.stat().st_mode) == 0o600


def test_an_unknown_ward_names_the_nearest_and_writes_nothing(
    hospital: Path, tmp_path: Path
) -> None:
    out = tmp_path / "none.pdf"
    told = json.loads(
        wardkeep("pack", hospital, "--ward", "A3", "--out", out, "--json", status=6)
    )
    assert "A2" in json.dumps(told)
    assert not out.exists()


def test_every_patient_of_a_pack_is_recorded_as_looked_at(
    hospital: Path, tmp_path: Path
) -> None:
    from wardkeep.adapters.key_ring import load_key_ring
    from wardkeep.adapters.operations_store import read_looks

    wardkeep("pack", hospital, "--ward", "A2", "--out", tmp_path / "A2.pdf")
    looks = read_looks(hospital / "access", load_key_ring(hospital / "keys"))
    assert {look.record for look in looks if look.page == "verb pack"} == {"4711", "4712"}


@pytest.mark.parametrize("out", ["", "none/A2.pdf", "pipe"])
def test_a_pack_that_cannot_be_put_where_it_was_asked_leaves_no_patient_behind(
    hospital: Path, tmp_path: Path, out: str
) -> None:
    place = tmp_path / "paper"
    place.mkdir()
    os.mkfifo(place / "pipe")
    words = ("pack", hospital, "--ward", "A2", "--out", place / out, "--json")
    told = json.loads(wardkeep(*words, status=1))["error"]
    assert told["code"] == "unwritable-file"
    assert told["message"].startswith(f"--out {place / out}: ")
    left = [path.name for path in (*tmp_path.iterdir(), *place.iterdir())]
    assert left == ["paper", "pipe"]


@pytest.mark.parametrize(
    ("kind", "told"),
    [
        ("pharmacy", "PHARMACY"),
        ("laboratory", "LABORATORY"),
        ("theatre", "THEATRES"),
        ("emergency", "EMERGENCY"),
        ("kitchen", "KITCHEN"),
        ("front-desk", "FRONT DESK"),
    ],
)
def test_every_kind_is_cut_from_the_charts_of_the_house(
    hospital: Path, tmp_path: Path, kind: str, told: str
) -> None:
    out = tmp_path / "kind.pdf"
    said = json.loads(wardkeep("pack", hospital, "--kind", kind, "--out", out, "--json"))
    assert (said["kind"], said["patients"]) == (kind, 2)
    text = "".join(page.extract_text() for page in PdfReader(out).pages)
    assert told in text


def test_a_wards_pack_without_its_ward_is_refused(hospital: Path, tmp_path: Path) -> None:
    out = tmp_path / "none.pdf"
    told = json.loads(wardkeep("pack", hospital, "--out", out, "--json", status=2))
    assert told["error"]["code"] == "pack-no-ward"
    assert not out.exists()
