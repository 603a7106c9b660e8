"""What is told of the keys is about this box's keys, whatever it copied."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.adapters.ledgers import SATURDAY, Ledgers, message
from tests.app.test_promotion import FIRST, SITE

from wardkeep.adapters.errors import CopiedLedgerError
from wardkeep.adapters.ledger_folder import copy_mark
from wardkeep.app.custody import custody_of
from wardkeep.app.first import write_first
from wardkeep.app.folder import HospitalFolder
from wardkeep.app.key_moving import move
from wardkeep.app.promotion import Decision, decide_promotion, finish_promotion
from wardkeep.app.recording import record
from wardkeep.app.site_keys import open_keys
from wardkeep.custody import decide, events
from wardkeep.hospital.site import Keys
from wardkeep.ledger.encoding import OperationsEvent

SHEETS = decide.replace_recovery(3, 2, (), confirmed=True, at=SATURDAY, by="os:an")


@pytest.fixture
def box(tmp_path: Path) -> HospitalFolder:
    """A second box that copied the word of a ceremony at the first."""
    ledgers = Ledgers(tmp_path)
    ledgers.clinical.append([message(1)])
    body = events.encode(SHEETS)
    ledgers.operations.append(
        [OperationsEvent(events.PART, "RecoveryReplaced", 1, SATURDAY, "os:an", body)]
    )
    ledgers.close()
    folder = HospitalFolder(tmp_path)
    folder.settings.write_text('name = "Saint Elisabeth"\n')
    folder.following.mkdir()
    folder.run.mkdir()
    write_first(folder, FIRST)
    for ledger in ("clinical", "operations", "access"):
        copy_mark(tmp_path / ledger).touch()
    return folder


def promote(folder: HospitalFolder) -> None:
    ring = open_keys(folder)
    decide_promotion(folder, ring, None, Decision("box 1 burnt", "os:anna", SATURDAY + 9))
    finish_promotion(folder, SITE, ring)


def test_sheets_of_the_box_before_are_not_told_as_those_of_the_box_that_took_over(
    box: HospitalFolder,
) -> None:
    assert custody_of(box).own.recovery == SHEETS
    promote(box)
    told = custody_of(box)
    assert told.own.recovery is None
    assert told.taken_over == SATURDAY + 9
    assert told.before is not None
    assert told.before.recovery == SHEETS
    record(box, open_keys(box), events.PART, [events.encode(SHEETS)])
    assert custody_of(box).own.recovery == SHEETS


def test_a_second_box_moves_its_own_key_and_takes_the_word_of_it_along(
    box: HospitalFolder, tmp_path: Path
) -> None:
    stick = tmp_path / "stick"
    stick.mkdir()
    move(box, Keys(source="usb", usb=str(stick / "key")), "os:an")
    assert not (box.keys / "server.key").exists()
    with pytest.raises(CopiedLedgerError):
        record(box, open_keys(box), events.PART, [events.encode(SHEETS)])
    promote(box)
    assert custody_of(box).own.source == "usb"
