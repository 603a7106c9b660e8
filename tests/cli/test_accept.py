"""A ward's word on its paper is refused with what to do, where it cannot be taken."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.stories.site_server import wardkeep

from wardkeep.adapters.key_ring import load_key_ring
from wardkeep.adapters.pack_shelf import PackShelf
from wardkeep.app.folder import HospitalFolder
from wardkeep.cli.main import main
from wardkeep.pack.events import PackBuilt
from wardkeep.pack.receipt_code import receipt_code

MINUTE = 60_000_000
DIGEST = "ab" * 32


def shelved(folder: Path, generation: int) -> None:
    """Put a pack of ward 4B on the shelf, a minute newer than that of the generation before."""
    built = PackBuilt(
        ward="4B",
        generation=generation,
        revision=generation,
        language="en",
        at=generation * MINUTE,
        as_of=generation * MINUTE,
        pages=1,
        patients=1,
        digest=DIGEST,
    )
    site = HospitalFolder(folder)
    PackShelf(site.packs, load_key_ring(site.keys)).put(built, b"%PDF", ("<p>",))


def test_a_code_of_an_older_pack_is_told_as_said_and_the_newer_one_as_in_hand(
    tmp_path: Path,
) -> None:
    site = tmp_path / "hospital"
    wardkeep("init", site)
    shelved(site, 1)
    shelved(site, 2)
    first = wardkeep("accept", site, "--ward", "4B", "--by", "An Maes")
    assert "Ward 4B: generation 2, as of" in first
    assert "is in hand." in first
    code = receipt_code("4B", 1, DIGEST)
    late = wardkeep("accept", site, "--code", code)
    assert "is in hand." not in late
    assert "Ward 4B: generation 1, as of" in late
    assert "recorded as said, and does NOT count as in hand" in late
    assert "In hand counts generation 2, as of" in late
    assert "as An Maes said" in late
    assert "A newer one stands on the shelf" not in late, "what counts is the newest"
    told = json.loads(wardkeep("accept", site, "--code", code, "--json"))
    assert (told["generation"], told["counts"]) == (1, False)
    assert (told["newest"], told["superseded"]) == (False, True)
    assert told["in_hand"]["generation"] == 2
    assert told["in_hand"]["superseded"] is False


def test_a_newer_pack_is_said_to_stand_on_the_shelf_only_where_one_does(
    tmp_path: Path,
) -> None:
    site = tmp_path / "hospital"
    wardkeep("init", site)
    shelved(site, 1)
    assert "A newer one" not in wardkeep("accept", site, "--ward", "4B")
    shelved(site, 2)
    said = wardkeep("accept", site, "--ward", "4B", "--generation", "1")
    assert "generation 1" in said
    assert "is in hand." in said
    assert "A newer one stands on the shelf." in said


def test_neither_a_ward_nor_a_code_says_nothing_and_is_told_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["accept", str(tmp_path)]) == 2
    assert "name the ward with --ward, or give --code" in capsys.readouterr().err


def test_a_code_with_a_generation_beside_it_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    said = ["--code", "7K3M-Q2XD", "--generation", "3"]
    assert main(["accept", str(tmp_path), *said]) == 2
    assert "--code names the generation already" in capsys.readouterr().err


def test_a_ward_without_any_pack_cannot_have_one_in_hand(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    wardkeep("init", tmp_path / "hospital")
    assert main(["accept", str(tmp_path / "hospital"), "--ward", "4B"]) == 6
    assert "no pack is known of ward" in capsys.readouterr().err
