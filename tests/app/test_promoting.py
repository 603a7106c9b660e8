"""A box that was made the first is never told to begin following another."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.adapters.ledgers import SATURDAY, Ledgers

from wardkeep.adapters.ledger_folder import copy_mark
from wardkeep.app.errors import NotFollowingError
from wardkeep.app.first import First, write_first
from wardkeep.app.folder import DATA_FORMAT, HospitalFolder
from wardkeep.app.promoting import not_a_copy, promote_stopped
from wardkeep.app.promotion import Decision, decide_promotion, finish_promotion
from wardkeep.hospital.site import Site

FIRST = First(name="H", code="H", host="box1", port=1, pin="", follower="box-2", since=1)


@pytest.fixture
def promoted(tmp_path: Path) -> HospitalFolder:
    """A box that was made the first in the night of Saturday."""
    ledgers = Ledgers(tmp_path)
    ledgers.close()
    folder = HospitalFolder(tmp_path)
    folder.settings.write_text('name = "H"\n')
    folder.data_format.write_text(f"{DATA_FORMAT}\n")
    folder.following.mkdir()
    write_first(folder, FIRST)
    for ledger in ("clinical", "operations", "access"):
        copy_mark(tmp_path / ledger).touch()
    decision = Decision("box 1 burnt", "os:anna", SATURDAY)
    decide_promotion(folder, ledgers.ring, None, decision)
    finish_promotion(folder, Site(name="H"), ledgers.ring)
    return folder


def test_a_box_that_was_promoted_says_since_when_it_is_the_first_and_why(
    promoted: HospitalFolder,
) -> None:
    said = not_a_copy(promoted).diagnostics()
    assert "is the first since 2022-05-14T03:30:00Z, by os:anna: box 1 burnt" in said
    assert "invite" not in said
    with pytest.raises(NotFollowingError, match="is the first since"):
        promote_stopped(promoted, "again", "os:anna", force=False)


def test_where_the_ledger_cannot_be_read_it_still_is_the_first(
    promoted: HospitalFolder,
) -> None:
    for path in (promoted.path / "keys").iterdir():
        path.unlink()
    said = not_a_copy(promoted).diagnostics()
    assert "is the first; since when cannot be read" in said
    assert "invite" not in said


def test_a_box_that_never_followed_learns_how_one_begins(tmp_path: Path) -> None:
    said = not_a_copy(HospitalFolder(tmp_path)).diagnostics()
    assert "follows no other box" in said
    assert "wardkeep followers invite" in said
