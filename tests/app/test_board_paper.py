"""What a board paper says of the box on which it was drawn."""

from __future__ import annotations

from pathlib import Path

from wardkeep.app.board_paper import _map_copy
from wardkeep.app.first import First, Following, MapCopied, write_first, write_following
from wardkeep.app.folder import lay_out
from wardkeep.foresight.board.paper import MapCopy
from wardkeep.kernel.times import HOUR

FIRST = First(name="box-1", code="H", host="box1", port=1, pin="", follower="box-2", since=1)


def test_a_paper_knows_that_its_map_is_a_copy_and_as_of_when(tmp_path: Path) -> None:
    folder = lay_out(tmp_path / "second", 'name = "Saint Elisabeth"\n')
    assert _map_copy(folder) is None
    folder.following.mkdir()
    write_first(folder, FIRST)
    assert _map_copy(folder) == MapCopy(as_of=None)
    stood = Following(first=FIRST, at=1, as_of=1, answered=1, silent_since=0, ledgers={})
    write_following(folder, stood)
    assert _map_copy(folder) == MapCopy(as_of=None)
    copied = Following(
        first=FIRST,
        at=1,
        as_of=1,
        answered=1,
        silent_since=0,
        ledgers={},
        map=MapCopied(as_of=3 * HOUR),
    )
    write_following(folder, copied)
    assert _map_copy(folder) == MapCopy(as_of="1970-01-01T03:00:00Z")
