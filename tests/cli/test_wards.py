"""The wards with their patients, told on the command line."""

import json
import shutil
from pathlib import Path

from tests.stories.site_server import message, wardkeep


def test_a_ward_is_listed_with_its_patients_and_how_far_doses_are_charted(
    tmp_path: Path,
) -> None:
    hospital, fill = tmp_path / "hospital", tmp_path / "fill.hl7"
    wardkeep("init", hospital)
    assert json.loads(wardkeep("wards", hospital, "--json")) == []
    fill.write_bytes(message(1) + message(2, record="4712"))
    wardkeep("load", hospital, fill)
    (ward,) = json.loads(wardkeep("wards", hospital, "--json"))
    assert (ward["ward"], ward["patients"]) == ("A2", 2)
    assert "no dose recorded" in wardkeep("wards", hospital)


def test_a_folder_that_was_copied_without_run_is_read_and_called_sound(
    hospital: Path, tmp_path: Path
) -> None:
    copy = shutil.copytree(hospital, tmp_path / "copy", ignore=shutil.ignore_patterns("run"))
    assert "is missing" not in wardkeep("check", copy)
    assert wardkeep("wards", copy) == wardkeep("wards", hospital)
