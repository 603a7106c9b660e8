from __future__ import annotations

from pathlib import Path

import pytest
from tests.adapters.ledgers import SATURDAY
from tests.sample.test_estate import whole

from wardkeep.adapters.map_store import MapStore
from wardkeep.app.drawing_attacks import Asked
from wardkeep.app.errors import MapFileError
from wardkeep.app.folder import open_folder
from wardkeep.app.foreseeing import foresee, read_measures
from wardkeep.app.founding import found
from wardkeep.app.map_import import Asked as AskedImport
from wardkeep.app.map_import import carry_out, plan
from wardkeep.app.map_sample import write_sample, write_small_sample
from wardkeep.app.settings_text import default_settings_toml
from wardkeep.app.site_keys import open_keys
from wardkeep.foresight.measures import with_measure
from wardkeep.foresight.parameters import ASSUMED
from wardkeep.hospital.map.whole import KINDS


def test_the_sample_is_written_into_a_new_folder_only(tmp_path: Path) -> None:
    written_files = write_sample(tmp_path / "map")
    assert {path.stem for path in written_files if path.suffix == ".csv"} == set(KINDS)
    for write in (write_sample, write_small_sample):
        with pytest.raises(MapFileError, match="already holds something"):
            write(tmp_path / "map")


def test_the_three_files_of_the_small_house_are_understood_whole_and_give_a_forecast(
    tmp_path: Path,
) -> None:
    """What a newcomer starts from: nothing refused, nothing unknown, and a laboratory's day."""
    found(tmp_path / "hospital", default_settings_toml("Site", 2575, 8443), "aegis", SATURDAY)
    folder = open_folder(tmp_path / "hospital")
    ring = open_keys(folder)
    *files, measures = write_small_sample(tmp_path / "map")
    assert [each.name for each in files] == ["servers.csv", "workstations.csv", "care.xlsx"]
    planned = plan(MapStore(folder.map, ring), files, AskedImport(by="os:an"))
    assert [each.read.not_used for each in planned] == [()] * len(planned)
    assert not any(each.read.refused for each in planned)
    carry_out(folder, ring, planned, "os:an")
    whole_map = MapStore(folder.map, ring).whole()
    missing = [
        (reference, name)
        for reference, named in whole_map.named_from.items()
        for _, name in named
        if reference not in whole_map.items
    ]
    assert missing == []
    asked = Asked(replicas=200, seed=1)
    made = foresee(whole_map, read_measures(measures), asked, lambda *_: None)
    assert len(made.effects) == 20
    assert sum(each.euros_a_patient_hour is not None for each in made.effects) >= 8
    told = made.forecasts
    assert told[0].entry == "mail to office-pcs"
    assert told[0].detonates > 0.1
    [laboratory] = [each for each in told[0].services if each.role == "laboratory"]
    assert laboratory.full_again.p50 > 0


def test_each_of_the_measures_that_come_along_changes_something_of_the_sample_group() -> None:
    shipped = Path(__file__).parents[2] / "src" / "wardkeep" / "sample" / "measures.toml"
    for measure in read_measures(shipped):
        changed, assumed, count = with_measure(whole(), ASSUMED, measure)
        assert count or assumed != ASSUMED, measure.id
        assert changed.items != whole().items or assumed != ASSUMED, measure.id
