from __future__ import annotations

from pathlib import Path

import pytest
from tests.adapters.ledgers import SATURDAY
from tests.foresight.board.papers import BEFORE, forecast
from tests.web.estates import small
from tests.web.forecasts import of

from wardkeep.adapters.errors import MapUnreadableError
from wardkeep.adapters.forecast_store import ForecastStore
from wardkeep.app.folder import HospitalFolder, open_folder
from wardkeep.app.founding import found
from wardkeep.app.settings_text import default_settings_toml
from wardkeep.app.site_keys import open_keys
from wardkeep.foresight.errors import KeptForecastError
from wardkeep.foresight.kept import encode as encode_sums
from wardkeep.foresight.last_forecast import LastForecast
from wardkeep.foresight.page.whole import encode
from wardkeep.web.folder_forecast import FolderForecast


@pytest.fixture
def folder(tmp_path: Path) -> HospitalFolder:
    found(tmp_path / "hospital", default_settings_toml("Site", 2575, 8443), "aegis", SATURDAY)
    return open_folder(tmp_path / "hospital")


def test_the_forecast_is_kept_decoded_until_another_is_drawn(folder: HospitalFolder) -> None:
    ring = open_keys(folder)
    desk, store = FolderForecast(folder, ring), ForecastStore(folder.foresight, ring, "whole")
    assert desk.last() is None
    one, other = of(small(), forecast("mail to a")), of(small(), forecast("mail to b"))
    store.write(encode(one))
    first = desk.last()
    assert first == one
    assert desk.last() is first
    store.write(encode(other))
    assert desk.last() == other


def test_of_a_folder_of_an_earlier_release_it_is_known_when_the_last_was_drawn(
    folder: HospitalFolder,
) -> None:
    ring = open_keys(folder)
    ForecastStore(folder.foresight, ring).write(encode_sums((BEFORE,)))
    told = FolderForecast(folder, ring).last()
    assert told == LastForecast(BEFORE.made, BEFORE.fingerprint)


def test_a_damaged_file_is_told_at_each_ask(folder: HospitalFolder) -> None:
    ring = open_keys(folder)
    desk, store = FolderForecast(folder, ring), ForecastStore(folder.foresight, ring, "whole")
    store.write(b"\xc1")
    for _ in range(2):
        with pytest.raises(KeptForecastError):
            desk.last()
    (folder.foresight / "whole.age").write_bytes(b"damaged")
    with pytest.raises(MapUnreadableError):
        desk.last()


def test_it_is_read_where_nothing_is_that_forecasts_are_computed_with(project: Path) -> None:
    import subprocess
    import sys

    told = (
        "import sys, wardkeep.web.process, wardkeep.web.application;"
        "sys.exit(bool({'numpy', 'numba'} & sys.modules.keys()))"
    )
    assert (
        subprocess.run([sys.executable, "-c", told], cwd=project, check=False).returncode == 0
    )
