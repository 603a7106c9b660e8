"""What is kept of a forecast, and where."""

from __future__ import annotations

from pathlib import Path
from typing import cast

from wardkeep.adapters.key_ring import make_key_ring
from wardkeep.app.first import First, write_first
from wardkeep.app.folder import lay_out
from wardkeep.app.foreseeing import Foreseen
from wardkeep.app.kept_forecasts import Kept, _keep
from wardkeep.foresight.kept import About
from wardkeep.hospital.map.whole import HospitalMap

FIRST = First(name="box-1", code="H", host="box1", port=1, pin="", follower="box-2", since=1)


class Complete:
    """A forecast that was drawn to its end."""

    complete = True


def test_a_forecast_drawn_on_a_second_box_is_kept_at_the_first_alone(tmp_path: Path) -> None:
    folder = lay_out(tmp_path / "second", 'name = "Saint Elisabeth"\n')
    ring = make_key_ring(folder.keys)[0]
    folder.following.mkdir()
    write_first(folder, FIRST)
    about = About(made="", map_as_of=None, fingerprint="", version="0.3.0")
    kept = Kept(HospitalMap({}), (), cast(Foreseen, Complete()), about, None, "")
    assert "kept at the first" in _keep(folder, ring, kept, ())
    assert not folder.foresight.exists()
