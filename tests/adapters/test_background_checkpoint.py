import os
import threading
from pathlib import Path

import apsw
import pytest
from tests.adapters.ledgers import Ledgers, message

from wardkeep.adapters import background_checkpoint
from wardkeep.adapters.background_checkpoint import BackgroundCheckpoint
from wardkeep.adapters.clinical_store import ClinicalLedger
from wardkeep.ledger.errors import StoreFailedError

PAGE = 4_096


@pytest.fixture
def ledgers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Ledgers:
    monkeypatch.setattr(background_checkpoint, "CHECKPOINT_PAGES", 50)
    return Ledgers(tmp_path)


def carrier(ledgers: Ledgers) -> BackgroundCheckpoint:
    file = ledgers.clinical._ledger._file
    assert file is not None
    assert file._carrier is not None
    return file._carrier


def append(ledgers: Ledgers, numbers: range) -> None:
    for number in numbers:
        ledgers.clinical.append([message(number, body=os.urandom(3_000))])
        thread = carrier(ledgers)._thread
        if thread is not None:
            thread.join()


def log_size(ledgers: Ledgers) -> int:
    return (ledgers.folder / "clinical" / "2022-05-14.db-wal").stat().st_size


def test_the_log_is_carried_beside_the_writer_and_begins_anew(ledgers: Ledgers) -> None:
    append(ledgers, range(400))  # 400 pages and more, eight logs
    assert log_size(ledgers) < 150 * PAGE
    assert (ledgers.folder / "clinical" / "2022-05-14.db").stat().st_size > 300 * PAGE
    reader = ClinicalLedger(ledgers.folder / "clinical", ledgers.ring)
    assert [e.sequence for e in reader.after(0, 1_000)] == list(range(1, 401))
    reader.close()


def test_a_reader_in_the_middle_keeps_the_log_and_loses_nothing(ledgers: Ledgers) -> None:
    append(ledgers, range(10))
    file = ledgers.clinical._ledger._file
    assert file is not None
    reading = carrier(ledgers)._open_again()
    reading.execute("begin")
    assert reading.execute("select count(*) from entry").get == 10
    append(ledgers, range(10, 200))
    assert reading.execute("select count(*) from entry").get == 10
    reading.close()
    append(ledgers, range(200, 400))
    assert file.connection.execute("select count(*) from entry").get == 400
    before = log_size(ledgers)
    append(ledgers, range(400, 600))
    assert log_size(ledgers) == before, "the log begins anew within its old size"


def test_where_no_second_connection_is_to_be_had_the_log_grows_and_the_writer_carries(
    ledgers: Ledgers, caplog: pytest.LogCaptureFixture
) -> None:
    append(ledgers, range(1))

    def no_handles() -> apsw.Connection:
        raise StoreFailedError("too many open files")

    carrier(ledgers)._open_again = no_handles
    append(ledgers, range(1, 300))
    assert "too many open files" in caplog.text
    assert log_size(ledgers) < 150 * PAGE


def test_where_no_thread_is_to_be_had_the_commit_carries_and_counts(
    ledgers: Ledgers, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_thread(_: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(threading.Thread, "start", no_thread)
    append(ledgers, range(1, 300))
    assert log_size(ledgers) < 150 * PAGE


def test_closing_ends_a_checkpoint_in_the_middle(ledgers: Ledgers) -> None:
    append(ledgers, range(10))
    ledgers.clinical.append([message(n, body=os.urandom(9_000)) for n in range(10, 500)])
    ledgers.close()
    again = Ledgers(ledgers.folder, ledgers.ring)
    assert again.clinical.last.sequence == 500
