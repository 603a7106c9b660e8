import os
from pathlib import Path

import pytest
from tests.adapters.ledgers import SATURDAY, Ledgers, message

from wardkeep.adapters import trailing_index
from wardkeep.adapters.trailing_index import unfiled
from wardkeep.kernel.times import DAY
from wardkeep.ledger.arrival import Verdict
from wardkeep.ledger.errors import StoreFailedError


@pytest.fixture
def ledgers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Ledgers:
    monkeypatch.setattr(trailing_index, "FILE_EVERY", 5)
    return Ledgers(tmp_path)


def waiting(ledgers: Ledgers) -> list[int]:
    connection = ledgers.clinical._ledger._file.connection
    return [sequence for *_, sequence in unfiled(connection)]


def verdicts(ledgers: Ledgers, numbers: range, at: int = SATURDAY) -> set[Verdict]:
    return {ledgers.clinical.append([message(n, at)])[0].verdict for n in numbers}


def test_every_message_is_known_again_whether_the_index_has_it_or_not(
    ledgers: Ledgers,
) -> None:
    assert verdicts(ledgers, range(12)) == {Verdict.NEW}
    assert waiting(ledgers) == [11, 12]
    assert verdicts(ledgers, range(12)) == {Verdict.REPEATED}


def test_what_was_not_in_the_index_at_a_power_cut_is_known_again(ledgers: Ledgers) -> None:
    verdicts(ledgers, range(12))
    again = Ledgers(ledgers.folder, ledgers.ring)  # nothing was closed
    assert verdicts(again, range(12)) == {Verdict.REPEATED}
    again.clinical._days._reader.join()
    assert verdicts(again, range(12)) == {Verdict.REPEATED}
    assert verdicts(again, range(12, 20)) == {Verdict.NEW}
    assert waiting(again) == []


def test_yesterdays_last_messages_are_known_today(ledgers: Ledgers) -> None:
    verdicts(ledgers, range(12))
    assert verdicts(ledgers, range(12), SATURDAY + DAY) == {Verdict.REPEATED}
    again = Ledgers(ledgers.folder, ledgers.ring)
    assert verdicts(again, range(12), SATURDAY + DAY) == {Verdict.REPEATED}


def test_a_reused_identifier_is_flagged_before_and_after_it_is_in_the_index(
    ledgers: Ledgers,
) -> None:
    verdicts(ledgers, range(6))
    for number in range(6):
        for body in (b"MSH|other", b"MSH|third"):
            [answer] = ledgers.clinical.append([message(number, body=body)])
            assert answer.verdict is Verdict.ID_REUSED


def test_a_disk_that_is_full_while_filing_loses_no_message_and_no_repeat(
    ledgers: Ledgers,
) -> None:
    verdicts(ledgers, range(4))
    connection = ledgers.clinical._ledger._file.connection
    connection.pragma("max_page_count", connection.pragma("page_count"))
    with pytest.raises(StoreFailedError):
        ledgers.clinical.append([message(n, body=os.urandom(9_000)) for n in range(4, 12)])
    connection.pragma("max_page_count", 1_000_000)
    assert waiting(ledgers) == [1, 2, 3, 4]
    assert verdicts(ledgers, range(4)) == {Verdict.REPEATED}
    assert verdicts(ledgers, range(4, 12)) == {Verdict.NEW}
    assert waiting(ledgers) == [11, 12]
    assert verdicts(ledgers, range(12)) == {Verdict.REPEATED}
