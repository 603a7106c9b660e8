import hashlib
import stat
import time
from pathlib import Path

import msgspec
import pytest

from wardkeep.adapters.key_ring import load_key_ring, make_key_ring
from wardkeep.adapters.pack_shelf import PackShelf, folder_name
from wardkeep.adapters.shelf_notes import sign_again
from wardkeep.ledger.errors import KeyMissingError
from wardkeep.pack.events import PackBuilt

PDF = b"%PDF-1.7 Janssens"


@pytest.fixture
def shelf(tmp_path: Path) -> PackShelf:
    (tmp_path / "keys").mkdir()
    (tmp_path / "packs").mkdir()
    ring, _ = make_key_ring(tmp_path / "keys")
    return PackShelf(tmp_path / "packs", ring)


def built(ward: str = "4B", generation: int = 1, pdf: bytes = PDF) -> PackBuilt:
    digest = hashlib.sha256(pdf).hexdigest()
    return PackBuilt(ward=ward, generation=generation, revision=1, language="fr", at=1,
                     as_of=None, pages=3, patients=1, digest=digest)  # fmt: skip


def test_a_pack_is_read_back_as_it_was_put(shelf: PackShelf) -> None:
    shelf.put(built(), PDF)
    assert shelf.newest("4B") == (built(), PDF)
    assert shelf.standing().newest == {"4B": built()}


def test_nobody_else_reads_a_pack_on_the_disk(shelf: PackShelf, tmp_path: Path) -> None:
    shelf.put(built(), PDF)
    for path in (tmp_path / "packs").rglob("*"):
        if path.is_file():
            assert b"Janssens" not in path.read_bytes()
            assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_of_packs_made_in_one_moment_the_first_and_the_last_three_stay(
    shelf: PackShelf, tmp_path: Path
) -> None:
    for generation in range(1, 7):
        shelf.put(built(generation=generation), PDF, ("<p>1</p>",))
    kept = sorted(path.name for path in (tmp_path / "packs").rglob("*.pdf.age"))
    assert kept == [f"{n:012}.pdf.age" for n in (1, 4, 5, 6)]
    assert [note.built.generation for note in shelf.generations("4B")] == [6, 5, 4, 1]
    assert shelf.newest("4B") == (built(generation=6), PDF)


def test_a_ward_without_a_pack_has_none(shelf: PackShelf) -> None:
    assert shelf.newest("5A") is None
    assert shelf.standing().newest == {}


def test_a_pack_that_is_not_the_one_named_is_not_shown(shelf: PackShelf) -> None:
    shelf.put(built(pdf=b"another"), PDF)
    assert shelf.newest("4B") is None


def test_an_altered_pack_does_not_open(shelf: PackShelf, tmp_path: Path) -> None:
    shelf.put(built(), PDF)
    path = next((tmp_path / "packs").rglob("*.pdf.age"))
    path.write_bytes(path.read_bytes()[:-1] + b"x")
    with pytest.raises(KeyMissingError):
        shelf.newest("4B")


def test_packs_under_a_lost_key_are_built_again_and_never_overtake_the_new_ones(
    shelf: PackShelf, tmp_path: Path
) -> None:
    for generation in (7, 8, 9):
        shelf.put(built(generation=generation), PDF)
    (tmp_path / "other" / "keys").mkdir(parents=True)
    ring, _ = make_key_ring(tmp_path / "other" / "keys")
    after = PackShelf(tmp_path / "packs", ring)
    assert after.openable().newest == {}
    assert shelf.openable().newest == {"4B": built(generation=9)}
    assert after.next_generation("4B") == 10
    assert after.next_generation("5A") == 1


def test_a_broken_note_of_the_newest_means_that_it_is_built_again(
    shelf: PackShelf, tmp_path: Path
) -> None:
    shelf.put(built(), PDF)
    next((tmp_path / "packs").rglob("newest.json")).write_text("{")
    assert shelf.newest("4B") is None
    assert shelf.standing().newest == {}


@pytest.mark.parametrize("ward", ["../../etc", "..", ".", "", "a/b", "é" * 400, "\x00"])
def test_no_wards_code_leads_out_of_the_shelf(
    shelf: PackShelf, ward: str, tmp_path: Path
) -> None:
    shelf.put(built(ward), PDF)
    assert shelf.newest(ward) == (built(ward), PDF)
    folders = [path for path in (tmp_path / "packs").iterdir() if path.is_dir()]
    assert [path.name for path in folders] == [folder_name(ward)]


def test_packs_of_the_release_before_are_no_packs_and_stay_by_the_age_of_their_files(
    shelf: PackShelf, tmp_path: Path
) -> None:
    shelf.put(built(), PDF, ("<p>1</p>",))
    ward = tmp_path / "packs" / folder_name("4B")
    (ward / f"{1:012}.note.json").unlink()
    assert shelf.newest("4B") is None
    assert shelf.openable().newest == {}
    now = time.time_ns() // 1_000
    shelf.put(msgspec.structs.replace(built(generation=2), at=now), PDF, ("<p>2</p>",))
    assert (ward / f"{1:012}.pdf.age").exists()


def test_a_new_signing_key_leaves_every_pack_on_the_shelf(
    shelf: PackShelf, tmp_path: Path
) -> None:
    ring = load_key_ring(tmp_path / "keys")
    for generation in (1, 2):
        shelf.put(built(generation=generation), PDF, ("<p>1</p>",))
    old, _ = ring.verifying_key(), ring.next_signing_key()
    new = ring.sign_with_next()
    assert shelf.newest("4B") is None
    sign_again(tmp_path / "packs", old, new)
    assert shelf.newest("4B") == (built(generation=2), PDF)
    assert [note.built.generation for note in shelf.generations("4B")] == [2, 1]
