"""The wards with their patients, told on the command line."""

import json
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
