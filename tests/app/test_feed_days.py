from __future__ import annotations

from pathlib import Path

from wardkeep.adapters.rations import Taken
from wardkeep.app import feed_days
from wardkeep.app.folder import lay_out
from wardkeep.kernel.times import DAY


def test_what_was_taken_is_known_for_its_day_only(tmp_path: Path) -> None:
    folder = lay_out(tmp_path / "hospital", "")
    assert feed_days.read(folder, 5 * DAY) == Taken(5)
    feed_days.write(folder, Taken(5, {"adt": 7}))
    assert feed_days.read(folder, 6 * DAY - 1) == Taken(5, {"adt": 7})
    assert feed_days.read(folder, 6 * DAY) == Taken(6)
    (folder.run / "feed-days.json").write_bytes(b"{")
    assert feed_days.read(folder, 5 * DAY) == Taken(5)
