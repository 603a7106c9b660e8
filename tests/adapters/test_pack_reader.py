"""Nothing that was altered on its way is taken for what the site signed."""

import random
import shutil
from pathlib import Path

import pytest
from tests.adapters import alterations
from tests.adapters.delivered import LIST, PDF, WARDS, Delivered, sheets_of

from wardkeep.adapters import pack_reader
from wardkeep.adapters.both_shelves import BothShelves
from wardkeep.adapters.clock import now
from wardkeep.adapters.errors import PackFileError, WrongPackKeyError
from wardkeep.adapters.pack_shelf import PackShelf
from wardkeep.app.opening import Asked, judge, notices
from wardkeep.kernel.times import HOUR
from wardkeep.ledger.errors import KeyMissingError
from wardkeep.pack.manifest import Doubt, html_name
from wardkeep.pack.opening_log import Seen

FEW, MANY = 120, 10_000
NAMES = dict.fromkeys(("old_all", "renamed", "list_altered"), "{ward}")


@pytest.fixture(scope="module")
def delivered(tmp_path_factory: pytest.TempPathFactory) -> Delivered:
    return Delivered(tmp_path_factory.mktemp("delivered") / "site", now())


def marks(path: Path, seen: Seen | None) -> str:
    """What a reader of a file would be told: refused, doubts and marks; empty for nothing."""
    try:
        found = pack_reader.examine(path, lambda _: None)
    except PackFileError:
        return "refused"
    asked = Asked(file=path, key="", by="", why="", log=path)
    judged = judge(found, seen, asked)
    said = [doubt.value for doubt in judged.doubts] + notices(found, NAMES)
    said += ["replayed"] * judged.replayed + ["old"] * (judged.old_hours is not None)
    return " ".join(said)


def files(share: Path) -> list[Path]:
    return [*sorted(share.glob("*.html")), *sorted(share.glob("*.pdf.age"))]


def test_what_was_delivered_is_verified_without_a_mark_and_opens(delivered: Delivered) -> None:
    seen = None
    for path in files(delivered.new):
        assert marks(path, seen) == "", path.name
    for ward in WARDS:
        found = pack_reader.examine(delivered.new / html_name(ward))
        key = pack_reader.identity(delivered.key(ward))
        assert tuple(pack_reader.open_sheets(found, key)) == sheets_of(ward, 2)
        crisis = pack_reader.identity(delivered.keys.identity("crisis"))
        assert tuple(pack_reader.open_sheets(found, crisis)) == sheets_of(ward, 2)
        pharmacy = pack_reader.identity(delivered.keys.words("pharmacy"))
        assert tuple(pack_reader.open_sheets(found, pharmacy)) == sheets_of(ward, 2)


def test_the_pdf_of_a_ward_opens_with_its_key_and_no_other(delivered: Delivered) -> None:
    [path] = delivered.new.glob("4B-*.pdf.age")
    found = pack_reader.examine(path)
    assert (
        pack_reader.open_pdf(found, pack_reader.identity(delivered.key("4B"))) == PDF + b"4B 2"
    )
    with pytest.raises(WrongPackKeyError):
        pack_reader.open_pdf(found, pack_reader.identity(delivered.key("5A")))


def altered(delivered: Delivered, folder: Path, number: int) -> list[str]:
    """Alter a share once; return the altered files that nobody would notice."""
    share = shutil.copytree(delivered.new, folder / "share")
    before = {path: path.read_bytes() for path in share.iterdir()}
    touched = alterations.of_share(random.Random(number), share, delivered.old)
    changed = {path for path in touched if before.get(path) != path.read_bytes()}
    found = pack_reader.examine(delivered.new / "4B.html")
    assert found.manifest is not None
    seen = Seen(found.manifest.counter, found.signer)
    unseen = [path.name for path in changed if path.suffix in {".html", ".age"}
              and not marks(path, seen)]  # fmt: skip
    if any(path.suffix not in {".html", ".age"} for path in changed):
        # The list: whatever is opened beside it says so.
        unseen += [path.name for path in files(share) if not marks(path, seen)]
    shutil.rmtree(share)
    return unseen


def test_every_alteration_of_a_share_is_refused_or_marked(
    delivered: Delivered, tmp_path: Path
) -> None:
    assert {n: u for n in range(FEW) if (u := altered(delivered, tmp_path, n))} == {}


@pytest.mark.long
def test_ten_thousand_alterations_of_a_share_are_refused_or_marked(
    delivered: Delivered, tmp_path: Path
) -> None:
    assert {n: u for n in range(MANY) if (u := altered(delivered, tmp_path, n))} == {}


def given_out(delivered: Delivered, folder: Path, number: int) -> list[str]:
    """Alter the shelf once; return the wards of which something else than a pack is given."""
    site = delivered.folder
    packs = shutil.copytree(site / "packs", folder / "packs")
    lists = shutil.copytree(site / "lists", folder / "lists")
    # Every fourth time the lists of the house are altered, not the wards' packs.
    alterations.of_shelf(random.Random(number), packs if number % 4 else lists)
    shelf = BothShelves(PackShelf(packs, delivered.ring), PackShelf(lists, delivered.ring))
    wrong = []
    for ward in (*WARDS, LIST):
        try:
            found = shelf.newest(ward)
        except KeyMissingError:
            continue
        if found is not None and found[1] != PDF + f"{ward} 2".encode():
            wrong.append(ward)
        standing = shelf.standing().newest.get(ward)
        true = delivered.shelf_of(ward)
        earlier = true.generations(ward)[-1].built
        if standing not in (None, true.standing().newest[ward], earlier):
            wrong.append(ward)
    shutil.rmtree(packs)
    shutil.rmtree(lists)
    return wrong


def test_an_altered_shelf_gives_the_wards_newest_pack_or_none(
    delivered: Delivered, tmp_path: Path
) -> None:
    assert {n: w for n in range(FEW) if (w := given_out(delivered, tmp_path, n))} == {}


@pytest.mark.long
def test_ten_thousand_alterations_of_a_shelf_give_the_newest_pack_or_none(
    delivered: Delivered, tmp_path: Path
) -> None:
    assert {n: w for n in range(MANY) if (w := given_out(delivered, tmp_path, n))} == {}


def test_a_damaged_byte_costs_one_sheet_and_not_the_ward(
    delivered: Delivered, tmp_path: Path
) -> None:
    path = tmp_path / "4B.html"
    content = (delivered.new / "4B.html").read_bytes()
    at = content.index(b'id="wardkeep-sheets">') + 900
    path.write_bytes(
        content[:at] + (b"A" if content[at : at + 1] != b"A" else b"B") + content[at + 1 :]
    )
    found = pack_reader.examine(path)
    assert Doubt.NOT_LISTED in found.doubts
    opened = pack_reader.open_sheets(found, pack_reader.identity(delivered.key("4B")))
    assert [sheet is None for sheet in opened].count(True) == 1
    assert set(opened) - {None} < set(sheets_of("4B", 2))


def test_an_old_pack_is_told_by_its_hours(tmp_path: Path) -> None:
    made = Delivered(tmp_path / "site", now(), old_age=7 * HOUR)
    assert "old" in marks(made.old / "4B.html", None)


def test_a_pack_of_another_hospitals_key_is_not_the_one_expected(
    delivered: Delivered, tmp_path: Path
) -> None:
    other = Delivered(tmp_path / "other", now())
    seen = Seen(1, pack_reader.examine(delivered.new / "4B.html").signer)
    assert marks(other.new / "4B.html", None) == ""
    assert marks(other.new / "4B.html", seen) == "signer-changed"


@pytest.mark.parametrize("key", ["", "one two three", "AGE-SECRET-KEY-1XYZ", "Ψ " * 24])
def test_what_is_no_key_is_told_as_such(key: str) -> None:
    with pytest.raises(WrongPackKeyError):
        pack_reader.identity(key)


def test_a_key_in_a_file_or_as_words_is_taken_and_a_missing_file_told(tmp_path: Path) -> None:
    (tmp_path / "key").write_text("AGE-SECRET-KEY-1\n")
    assert pack_reader.key_text(str(tmp_path / "key")) == "AGE-SECRET-KEY-1\n"
    assert pack_reader.key_text("legal winner") == "legal winner"
    with pytest.raises(PackFileError):
        pack_reader.key_text(str(tmp_path / "none"))


def test_what_is_no_pack_at_all_is_refused(tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(b"hello")
    for path in (tmp_path / "x", tmp_path / "none"):
        with pytest.raises(PackFileError):
            pack_reader.examine(path)
