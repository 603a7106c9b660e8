from pathlib import Path

from tests.adapters.ledgers import SATURDAY, Ledgers, message

from wardkeep.adapters import encrypted_database
from wardkeep.adapters.chained_file import key_path
from wardkeep.adapters.clinical_days import ClinicalDays
from wardkeep.adapters.key_ring import load_key_ring
from wardkeep.adapters.ledger_folder import files_of
from wardkeep.kernel.times import DAY
from wardkeep.ledger.repeats import mark_of, sender_of

SENDER = sender_of("adt", b"ADT", b"H")


def days_of(tmp_path: Path) -> ClinicalDays:
    ledgers = Ledgers(tmp_path)
    for day in range(3):
        ledgers.clinical.append([message(day, SATURDAY + day * DAY)])
    ledgers.close()
    return ClinicalDays(files_of(tmp_path / "clinical"), ledgers.ring, 7)


def test_a_message_is_found_in_any_day_before_and_after_the_marks_are_read(
    tmp_path: Path,
) -> None:
    days = days_of(tmp_path)
    for _ in range(2):
        for number in range(3):
            arrival = message(number)
            known = days.known(arrival, SENDER, mark_of(SENDER, arrival.control))
            assert known is not None
            assert known.first is not None
            assert known.first.sequence == number + 1
        days._reader.join()
    days.close()


def test_an_identifier_that_was_used_for_other_bytes_is_known_as_used(tmp_path: Path) -> None:
    days = days_of(tmp_path)
    arrival = message(1, body=b"MSH|other")
    known = days.known(arrival, SENDER, mark_of(SENDER, arrival.control))
    assert known is not None
    assert (known.first, known.reused) == (None, True)
    days.close()


def test_a_message_nobody_has_sent_is_not_known(tmp_path: Path) -> None:
    days = days_of(tmp_path)
    days._reader.join()
    arrival = message(99)
    assert days.known(arrival, SENDER, mark_of(SENDER, arrival.control)) is None
    days.close()


def test_what_came_while_the_marks_were_read_is_not_forgotten(tmp_path: Path) -> None:
    days = days_of(tmp_path)
    mark = mark_of(SENDER, b"meanwhile")
    days.mark([mark])
    days._reader.join()
    days.known(message(1), SENDER, mark_of(SENDER, b"any"))
    assert days._seen is not None
    assert days._seen.days(mark)
    days.close()


def test_the_marks_of_a_day_beyond_the_horizon_are_emptied_for_the_new_one(
    tmp_path: Path,
) -> None:
    ledgers = Ledgers(tmp_path)
    ledgers.clinical.append([message(1)])
    ledgers.clinical._days._reader.join()
    first = mark_of(SENDER, message(1).control)
    for day in range(1, 9):
        ledgers.clinical.append([message(100 + day, SATURDAY + day * DAY)])
    seen = ledgers.clinical._days._seen
    assert seen is not None
    assert seen.days(first) == 0
    ledgers.close(SATURDAY + 8 * DAY)


def test_a_day_whose_marks_cannot_be_read_does_not_keep_those_of_the_others(
    tmp_path: Path,
) -> None:
    days = days_of(tmp_path)
    days._reader.join()
    days.close()
    ring = load_key_ring(tmp_path / "keys")
    damaged = files_of(tmp_path / "clinical")[0]
    connection = encrypted_database.open_for_writing(damaged, ring.open_key(key_path(damaged)))
    connection.execute("drop table seen")
    connection.close()
    days = ClinicalDays(files_of(tmp_path / "clinical"), ring, 7)
    days._reader.join()
    assert days.known(message(2), SENDER, mark_of(SENDER, message(2).control)) is not None
    assert days._seen is not None
    assert days._meanwhile == []
    days.close()
