from __future__ import annotations

from collections.abc import Sequence

from wardkeep.access.look import Look
from wardkeep.kernel.times import MINUTE
from wardkeep.web.errors import OperationFailedError
from wardkeep.web.looks import REPEAT, LookRecorder


class Book:
    def __init__(self) -> None:
        self.taken: list[Look] = []
        self.fails = False

    def record(self, looks: Sequence[Look]) -> None:
        if self.fails:
            raise OperationFailedError("full")
        self.taken += looks


def look(at: int, record: str = "1", page: str = "ward board") -> Look:
    return Look(at=at, who="anna", record=record, page=page)


def test_a_board_that_refreshes_is_one_look_in_ten_minutes_for_each_session() -> None:
    book = Book()
    recorder = LookRecorder(book)
    for minute in range(25):
        recorder.looked("screen", [look(minute * MINUTE)])
    assert [each.at for each in book.taken] == [0, REPEAT, 2 * REPEAT]
    recorder.looked("another screen", [look(24 * MINUTE)])
    assert len(book.taken) == 4


def test_a_patient_who_newly_lies_on_the_board_is_a_look_at_once() -> None:
    book = Book()
    recorder = LookRecorder(book)
    recorder.looked("screen", [look(0, "1")])
    recorder.looked("screen", [look(1, "1"), look(1, "2")])
    assert [each.record for each in book.taken] == ["1", "2"]


def test_what_could_not_be_written_is_written_later_in_its_order_and_never_twice() -> None:
    book = Book()
    recorder = LookRecorder(book)
    book.fails = True
    recorder.looked("screen", [look(0, "1")])
    recorder.looked("screen", [look(1, "2")])
    assert recorder.waiting == 2
    book.fails = False
    recorder.retry()
    recorder.retry()
    assert [each.record for each in book.taken] == ["1", "2"]
    assert recorder.waiting == 0


def test_a_clock_that_steps_back_hides_no_look() -> None:
    book = Book()
    recorder = LookRecorder(book)
    recorder.looked("screen", [look(100 * MINUTE)])
    recorder.looked("screen", [look(50 * MINUTE)])
    assert len(book.taken) == 2
