from pathlib import Path

from tests.adapters.ledgers import SATURDAY, Ledgers, message

from wardkeep.adapters.clinical_days import ClinicalDays
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
    days.add([mark], [])
    days._reader.join()
    days.known(message(1), SENDER, mark_of(SENDER, b"any"))
    assert days._seen is not None
    assert days._seen.days(mark)
    days.close()
