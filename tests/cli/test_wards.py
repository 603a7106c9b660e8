"""The wards with their patients, told on the command line."""

import json
import shutil
from pathlib import Path

import pytest
from tests.stories.site_server import message, wardkeep

from wardkeep.adapters.clock import now
from wardkeep.adapters.key_ring import load_key_ring
from wardkeep.adapters.operations_store import open_operations
from wardkeep.cli.main import main
from wardkeep.ledger.loss import Loss, LossAccepted, LossKind, to_event


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


def test_wards_whose_entries_were_lost_and_accepted_are_not_told_as_if_they_were_whole(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    hospital, fill = tmp_path / "hospital", tmp_path / "fill.hl7"
    wardkeep("init", hospital)
    fill.write_bytes(message(1))
    wardkeep("load", hospital, fill)
    gone = Loss(
        ledger="clinical", kind=LossKind.TAIL_REMOVED, first=2, last=9, file="2026-05-17.db"
    )
    operations = open_operations(hospital / "operations", load_key_ring(hospital / "keys"))
    operations.append([to_event(LossAccepted(now(), "os:it", "no copy is left", (gone,)))])
    operations.close()
    assert main(["wards", str(hospital), "--json"]) == 0
    said = capsys.readouterr()
    assert "NOT WHOLE, ENTRIES LOST: clinical: 8 entries, 2 to 9" in said.err
    assert "accepted by os:it" in said.err
    (ward,) = json.loads(said.out)
    assert len(ward["entries_lost"]) == 1
