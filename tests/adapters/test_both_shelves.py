"""A list is taken from the lists' shelf, a ward's pack from the wards', never crosswise."""

from pathlib import Path

from tests.adapters.delivered import LIST, PDF, Delivered

from wardkeep.adapters.both_shelves import BothShelves
from wardkeep.adapters.clock import now


def test_a_ward_that_calls_itself_a_list_takes_no_list_s_place(tmp_path: Path) -> None:
    made = Delivered(tmp_path / "site", now())
    forged = made.shelf.put
    both = BothShelves(made.shelf, made.lists)
    before = both.newest(LIST)
    built = made.lists.standing().newest[LIST]
    # A forged feed names a ward so, and its pack is made and signed like any other.
    forged(built, b"forged", ("forged",))
    assert both.newest(LIST) == before is not None
    assert both.newest(LIST) == (built, PDF + b"list+kitchen 2")
    assert both.forbidden() == [LIST]
    assert both.standing().newest[LIST] == built


def test_whoever_copies_between_the_shelves_changes_nothing(tmp_path: Path) -> None:
    made = Delivered(tmp_path / "site", now())
    both = BothShelves(made.shelf, made.lists)
    (tmp_path / "site" / "packs" / "ward-4B").rename(tmp_path / "site" / "lists" / "ward-4B")
    assert "4B" not in both.standing().newest
    assert both.newest("4B") is None
