"""What is kept of a forecast, and where."""

from __future__ import annotations

from pathlib import Path
from typing import cast

from tests.cli.test_assess import hospital  # noqa: F401  a fixture

from wardkeep.adapters.forecast_store import ForecastStore
from wardkeep.adapters.key_ring import make_key_ring
from wardkeep.adapters.map_store import MapStore
from wardkeep.app.drawing_attacks import Asked
from wardkeep.app.first import First, write_first
from wardkeep.app.folder import lay_out, open_folder
from wardkeep.app.foreseeing import Foreseen
from wardkeep.app.kept_forecasts import Kept, _keep, foresee_and_keep
from wardkeep.app.site_keys import open_keys
from wardkeep.foresight.kept import About
from wardkeep.foresight.kept import decode as sums_of
from wardkeep.foresight.page.whole import decode
from wardkeep.hospital.map.fingerprint import changed, item_marks
from wardkeep.hospital.map.whole import HospitalMap

WAY = "mail to pc-HR"
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
    is_whole, why_not = _keep(folder, ring, kept, ())
    assert not is_whole
    assert "kept at the first" in why_not
    assert not folder.foresight.exists()


def test_the_last_forecast_is_kept_whole_and_its_sums_beside_it(
    hospital: Path,  # noqa: F811
) -> None:
    folder = open_folder(hospital)
    ring = open_keys(folder)
    asked = Asked(replicas=60, seed=3, entries=(WAY,))
    found = foresee_and_keep(folder, ring, asked, lambda _done, _all: None)
    whole = decode(ForecastStore(folder.foresight, ring, "whole").read())
    (sums, *_) = sums_of(ForecastStore(folder.foresight, ring).read())
    assert found.why_not == ""
    assert whole is not None
    assert (whole.made, whole.fingerprint) == (sums.made, sums.fingerprint)
    assert (whole.replicas, whole.seed, whole.worst) == (60, 3, WAY)
    (way,) = whole.ways
    assert way.taken is not None
    assert way.taken.late == found.found.forecasts[0].late
    marks = item_marks(MapStore(folder.map, ring).whole())
    assert changed(whole.items, marks) == (0, 0, 0)
    assert len((folder.foresight / "whole.age").read_bytes()) < 100_000


def test_one_that_was_broken_off_leaves_the_last_as_it_was(
    hospital: Path,  # noqa: F811
) -> None:
    folder = open_folder(hospital)
    ring = open_keys(folder)
    before = ForecastStore(folder.foresight, ring, "whole").read()

    def broken_off(_done: int, _all: int) -> None:
        raise KeyboardInterrupt

    asked = Asked(replicas=500, seed=4, entries=(WAY,), keep=True)
    found = foresee_and_keep(folder, ring, asked, broken_off)
    assert found.why_not == "it was broken off"
    assert ForecastStore(folder.foresight, ring, "whole").read() == before
