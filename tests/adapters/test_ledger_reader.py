import logging
from pathlib import Path

import pytest
from tests.adapters.ledgers import SATURDAY, Ledgers, message

from wardkeep.adapters.chained_file import key_path
from wardkeep.adapters.clinical_store import ClinicalLedger
from wardkeep.adapters.encrypted_database import open_for_writing
from wardkeep.adapters.ledger_folder import files_of
from wardkeep.kernel.times import DAY
from wardkeep.ledger.arrival import Kind
from wardkeep.ledger.errors import KeyMissingError


@pytest.fixture
def ledgers(tmp_path: Path) -> Ledgers:
    ledgers = Ledgers(tmp_path)
    for day in range(3):
        rows = [message(day * 100 + n, SATURDAY + day * DAY) for n in range(100)]
        ledgers.clinical.append(rows)
    return ledgers


def reading(ledgers: Ledgers) -> ClinicalLedger:
    return ClinicalLedger(ledgers.folder / "clinical", ledgers.ring)


def test_a_cursor_goes_through_all_days_in_any_steps(ledgers: Ledgers) -> None:
    reader, cursor, seen = reading(ledgers), 0, []
    while rows := reader.after(cursor, 37):
        seen += [entry.sequence for entry in rows]
        cursor = seen[-1]
    assert seen == list(range(1, 301))
    reader.close()


def test_a_new_day_is_found_by_who_was_reading_already(ledgers: Ledgers) -> None:
    reader = reading(ledgers)
    assert reader.last_sequence() == 300
    ledgers.clinical.append([message(900, SATURDAY + 3 * DAY)])
    assert [entry.sequence for entry in reader.after(299, 9)] == [300, 301]
    assert reader.last_sequence() == 301
    reader.close()


def test_one_entry_is_read_by_its_sequence(ledgers: Ledgers) -> None:
    reader = reading(ledgers)
    entry = reader.entry(150)
    assert entry is not None
    assert entry.control == b"M000149"
    assert reader.entry(301) is None
    reader.close()


def test_a_day_that_cannot_be_opened_shows_as_a_hole_and_the_next_is_read(
    ledgers: Ledgers, caplog: pytest.LogCaptureFixture
) -> None:
    ledgers.close()
    key_path(files_of(ledgers.folder / "clinical")[1]).unlink()
    reader = reading(ledgers)
    with caplog.at_level(logging.ERROR):
        entries = reader.after(0, 1_000)
    assert [entry.sequence for entry in entries] == [*range(1, 101), *range(200, 301)]
    assert entries[100].kind is Kind.UNREADABLE
    assert "2022-05-15" in caplog.text
    reader.close()


def test_what_a_ledger_begins_with_is_what_was_not_erased_readable_or_not(
    ledgers: Ledgers,
) -> None:
    ledgers.close()
    first, *_ = days = files_of(ledgers.folder / "clinical")
    store = open_for_writing(first, ledgers.ring.open_key(key_path(first)))
    store.execute("update entry set payload = x'00' where sequence = 1")
    store.close()
    reader = reading(ledgers)
    assert reader.after(0, 1)[0].kind is Kind.UNREADABLE
    assert reader.first_sequence() == 1
    reader.close()
    kept = key_path(first).read_bytes()
    key_path(first).write_bytes(b"damaged")
    reader = reading(ledgers)
    assert reader.first_sequence() == 0
    reader.close()
    key_path(first).write_bytes(kept)
    first.unlink()
    reader = reading(ledgers)
    assert (len(days), reader.first_sequence()) == (3, 101)
    reader.close()


def test_a_ledger_without_a_file_begins_with_its_first_entry(tmp_path: Path) -> None:
    reader = reading(Ledgers(tmp_path))
    assert reader.first_sequence() == 1
    reader.close()


def test_where_the_newest_day_cannot_be_opened_nobody_is_told_all_is_well(
    ledgers: Ledgers,
) -> None:
    ledgers.close()
    key_path(files_of(ledgers.folder / "clinical")[2]).unlink()
    with pytest.raises(KeyMissingError):
        reading(ledgers).after(0, 10)


def test_after_a_day_was_erased_reading_begins_with_the_first_kept(ledgers: Ledgers) -> None:
    ledgers.close()
    first = files_of(ledgers.folder / "clinical")[0]
    for path in (first, key_path(first)):
        path.unlink()
    reader = reading(ledgers)
    assert [entry.sequence for entry in reader.after(0, 2)] == [101, 102]
    reader.close()


def test_a_damaged_page_hides_its_entries_only(tmp_path: Path) -> None:
    ledgers = Ledgers(tmp_path)
    ledgers.clinical.append([message(n, body=b"MSH|" + b"x" * 900) for n in range(200)])
    ledgers.close()
    [path] = files_of(tmp_path / "clinical")
    connection = open_for_writing(path, ledgers.ring.open_key(key_path(path)))
    connection.pragma("wal_checkpoint(truncate)")
    connection.close()
    content = bytearray(path.read_bytes())
    content[len(content) // 2 // 4096 * 4096 + 2_000] ^= 1
    path.write_bytes(bytes(content))
    reader = reading(ledgers)
    entries = reader.after(0, 1_000)
    holes = [entry.sequence for entry in entries if entry.kind is Kind.UNREADABLE]
    assert 1 <= len(holes) < 10
    assert [entry.sequence for entry in entries] == list(range(1, 201))
    reader.close()


def test_a_copy_laid_beside_the_files_is_none_of_them(ledgers: Ledgers) -> None:
    (ledgers.folder / "clinical" / "2022-05-14 copy.db").write_bytes(b"whatever")
    (ledgers.folder / "clinical" / "zzz.db").write_bytes(b"whatever")
    reader = reading(ledgers)
    assert reader.last_sequence() == 300
    reader.close()


def test_large_messages_come_a_few_at_a_time_and_none_is_left_out(tmp_path: Path) -> None:
    ledgers = Ledgers(tmp_path)
    ledgers.clinical.append([message(n, body=b"%d" % n + bytes(9_000_000)) for n in range(9)])
    reader = reading(ledgers)
    first = reader.after(0, 1_000)
    assert len(first) == 4
    rest = reader.after(4, 1_000) + reader.after(8, 1_000)
    assert [entry.sequence for entry in first + rest] == list(range(1, 10))
    assert reader.after(9, 1_000) == []
    reader.close()
