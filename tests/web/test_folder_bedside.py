from __future__ import annotations

from pathlib import Path

import pytest
from tests.adapters.ledgers import Ledgers
from tests.app.test_bedside_ledger import checked, entry

from wardkeep.app.folder import HospitalFolder
from wardkeep.bedside.state import Checks
from wardkeep.web.folder_bedside import FolderBedside


def no_disk() -> Checks:
    raise OSError(5, "the disk is gone")


def test_checks_that_cannot_be_read_are_told_as_last_known_and_said_to_be_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ledgers = Ledgers(tmp_path)
    ledgers.operations.append([entry(checked("a"))])
    book = FolderBedside(HospitalFolder(tmp_path), ledgers.ring, list)
    assert (len(book.waiting()), book.checks().readable) == (1, True)
    monkeypatch.setattr(book._ledger, "checks", no_disk)
    assert (len(book.waiting()), book.checks().readable) == (1, False)
    assert book.checks() is book.checks()
    monkeypatch.undo()
    assert book.checks().readable
    ledgers.close()
