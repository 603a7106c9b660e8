"""Who copies, told on the command line."""

import json
from pathlib import Path

from tests.stories.site_server import wardkeep

from wardkeep.app.folder import HospitalFolder
from wardkeep.app.follower_book import FollowerBook
from wardkeep.copies.events import FollowerPaired


def test_a_box_that_was_only_invited_holds_nothing_yet_and_the_line_ends_there(
    tmp_path: Path,
) -> None:
    hospital = tmp_path / "hospital"
    wardkeep("init", hospital)
    with (hospital / "wardkeep.toml").open("a") as settings:
        settings.write("\n[copies]\n")
    wardkeep("followers", "invite", hospital, "box-2")
    assert wardkeep("followers", "list", hospital).rstrip("\n").endswith("held nothing yet")


def test_who_gets_the_map_is_decided_a_box_at_a_time_and_told(tmp_path: Path) -> None:
    hospital = tmp_path / "hospital"
    wardkeep("init", hospital)
    with (hospital / "wardkeep.toml").open("a") as settings:
        settings.write("\n[copies]\n")
    said = wardkeep("followers", "invite", hospital, "ELI")
    assert "It does not get the map of the hospital." in said
    said = wardkeep("followers", "invite", hospital, "box-2", "--with-map")
    assert "It gets the map of the hospital too" in said
    listed = json.loads(wardkeep("followers", "list", hospital, "--json"))
    assert {each["name"]: each["with_map"] for each in listed} == {"ELI": False, "box-2": True}
    said = wardkeep("followers", "give-map", hospital, "box-2", "--withdraw")
    assert "What it has it still has" in said
    assert json.loads(wardkeep("followers", "give-map", hospital, "ELI", "--json")) == {
        "name": "ELI",
        "with_map": True,
    }
    listed_words = wardkeep("followers", "list", hospital)
    assert "invited, with the map" in listed_words
    assert "invited, without the map" in listed_words
    wardkeep("followers", "give-map", hospital, "box-3", status=6)


def test_an_import_says_that_no_second_box_will_have_the_map_until_one_gets_it(
    tmp_path: Path,
) -> None:
    hospital, table = tmp_path / "hospital", tmp_path / "servers.csv"
    table.write_text("id\nlis1\n")
    wardkeep("init", hospital)
    with (hospital / "wardkeep.toml").open("a") as settings:
        settings.write("\n[copies]\n")
    assert "NO BOX COPIES" not in wardkeep("map", "import", hospital, table)
    wardkeep("followers", "invite", hospital, "box-2")
    book = FollowerBook(HospitalFolder(hospital))
    book.append(FollowerPaired(name="box-2", certificate="00", signer="", at=1, by="box-2"))
    said = wardkeep("map", "import", hospital, table)
    assert "NO BOX COPIES THE MAP: box-2 get none of it." in said
    wardkeep("followers", "give-map", hospital, "box-2")
    assert "NO BOX COPIES" not in wardkeep("map", "import", hospital, table)
