from __future__ import annotations

from pathlib import Path

from tests.adapters.ledgers import SATURDAY, Ledgers

from wardkeep.app.bedside_ledger import BedsideLedger
from wardkeep.app.folder import HospitalFolder
from wardkeep.bedside.events import (
    PART,
    BedsideChecked,
    BedsideEvent,
    Cause,
    DifferenceSettled,
    FactKind,
    Finding,
    Found,
    encode,
)
from wardkeep.ledger.encoding import OperationsEvent

FOUND = (Found(kind=FactKind.ALLERGIES, finding=Finding.DIFFERENT, bed="12-1", entry=7),)


def checked(number: str) -> BedsideChecked:
    return BedsideChecked(
        check=number, ward="4B", drawn=SATURDAY, found=FOUND, at=SATURDAY, by="anna"
    )


def entry(event: BedsideEvent) -> OperationsEvent:
    name = type(event).__name__
    return OperationsEvent(PART, name, 1, SATURDAY, event.by, encode(event))


def test_the_checks_follow_the_ledger_among_the_events_of_other_parts(tmp_path: Path) -> None:
    ledgers = Ledgers(tmp_path)
    other = OperationsEvent("pack", "PackKept", 1, SATURDAY, "", b"{}")
    ledgers.operations.append([other, entry(checked("a")), other])
    book = BedsideLedger(HospitalFolder(tmp_path), ledgers.ring)
    assert set(book.checks().checked) == {"a"}
    before = book.checks()
    assert book.checks() is before
    ledgers.operations.append([other])
    assert book.checks() == before
    settled = DifferenceSettled(
        check="a", place=0, cause=Cause.FEED, done="told", at=SATURDAY, by="ines"
    )
    ledgers.operations.append([entry(checked("b")), entry(settled)])
    assert [each.checked.check for each in book.checks().waiting()] == ["b"]
    book.close()
    again = BedsideLedger(HospitalFolder(tmp_path), ledgers.ring)
    assert again.checks() == book._checks
    again.close()
    ledgers.close()


def test_one_event_that_cannot_be_read_is_passed_over_and_counted(tmp_path: Path) -> None:
    ledgers = Ledgers(tmp_path)
    foreign = OperationsEvent(PART, "BedsideChecked", 2, SATURDAY, "", b'{"type":"later"}')
    ledgers.operations.append([entry(checked("a")), foreign, entry(checked("b"))])
    book = BedsideLedger(HospitalFolder(tmp_path), ledgers.ring)
    told = book.checks()
    assert (set(told.checked), told.unread, told.whole) == ({"a", "b"}, 1, False)
    ledgers.operations.append([entry(checked("c"))])
    assert (set(book.checks().checked), book.checks().unread) == ({"a", "b", "c"}, 1)
    book.close()
    ledgers.close()
