from __future__ import annotations

from datetime import UTC, datetime

import pytest

from wardkeep.hospital.printing import Printer, Printing
from wardkeep.kernel.times import DAY, MINUTE
from wardkeep.kernel.wall_clock import micros
from wardkeep.pack.errors import NoReasonError, NotOpenError, UnknownPrinterError
from wardkeep.pack.events import (
    PackPrinted,
    PrintAccepted,
    PrintBegun,
    PrintGivenUp,
    PrintOrdered,
    PrintStuck,
)
from wardkeep.pack.print_decide import (
    ENDED,
    MISCOUNTED,
    NOT_COUNTED,
    SCHEDULE,
    SILENT,
    STALLED,
    UNKNOWN,
    Progress,
    confirm,
    give_up,
    is_scheduled,
    is_startable,
    judge,
    lost,
    printer_of,
    seen,
    too_old,
)
from wardkeep.pack.prints import Print, fold
from wardkeep.wire.ipp.jobs import Job, JobState

RULES = Printing(at=("06:00", "18:00"))
NOW = 1_000 * DAY
ORDERED = PrintOrdered(order="A", ward="4B", printer="p", at=NOW, by="maes")
BEGUN = PrintBegun(order="A", at=NOW, generation=1, digest="d", pages=10)
ACCEPTED = PrintAccepted(order="A", at=NOW, job=3)
UNDER_WAY = Print(ordered=ORDERED, begun=BEGUN, accepted=ACCEPTED)


def job(state: JobState = JobState.COMPLETED, sheets: int | None = 10) -> Job:
    return Job(number=3, state=state, sheets=sheets)


@pytest.mark.parametrize(
    ("told", "why"),
    [
        (job(sheets=9), MISCOUNTED),
        (job(sheets=20), MISCOUNTED),
        (job(sheets=0), MISCOUNTED),
        (job(sheets=None), NOT_COUNTED),
        (job(JobState.ABORTED), ENDED),
        (job(JobState.CANCELED), ENDED),
    ],
)
def test_paper_that_was_not_counted_sheet_for_sheet_is_not_printed(told: Job, why: str) -> None:
    [event] = judge(UNDER_WAY, told, Progress(0, NOW), RULES, NOW)
    assert isinstance(event, PrintStuck)
    assert event.why == why


def test_paper_whose_every_sheet_was_counted_is_printed() -> None:
    progress = seen(seen(None, job(JobState.PROCESSING, 0), NOW), job(), NOW + MINUTE)
    [event] = judge(UNDER_WAY, job(), progress, RULES, NOW + MINUTE)
    assert isinstance(event, PackPrinted)
    assert (event.sheets, event.first, event.by) == (10, NOW + MINUTE, "")


def test_a_job_is_stuck_once_no_sheet_has_come_for_long_and_told_once() -> None:
    at_work = job(JobState.PROCESSING, 4)
    progress = seen(None, at_work, NOW)
    assert judge(UNDER_WAY, at_work, progress, RULES, NOW + 4 * MINUTE) == []
    [event] = judge(UNDER_WAY, at_work, progress, RULES, NOW + 5 * MINUTE)
    assert isinstance(event, PrintStuck)
    assert (event.why, event.sheets) == (STALLED, 4)
    stuck = Print(ordered=ORDERED, begun=BEGUN, accepted=ACCEPTED, stuck=event)
    assert judge(stuck, at_work, progress, RULES, NOW + 6 * MINUTE) == []
    on = seen(progress, job(JobState.PROCESSING, 5), NOW + 7 * MINUTE)
    assert isinstance(judge(stuck, at_work, on, RULES, NOW + 7 * MINUTE)[0], PrintAccepted)


def test_only_what_surely_never_reached_the_printer_is_sent_again() -> None:
    assert is_startable(Print(ordered=ORDERED))
    assert not is_startable(Print(ordered=ORDERED, begun=BEGUN))
    silent = lost(Print(ordered=ORDERED, begun=BEGUN), SILENT, NOW)[0]
    unknown = lost(Print(ordered=ORDERED, begun=BEGUN), UNKNOWN, NOW)[0]
    assert isinstance(silent, PrintStuck)
    assert isinstance(unknown, PrintStuck)
    assert is_startable(Print(ordered=ORDERED, begun=BEGUN, stuck=silent))
    assert not is_startable(Print(ordered=ORDERED, begun=BEGUN, stuck=unknown))
    assert not is_startable(
        Print(ordered=ORDERED, begun=BEGUN, accepted=ACCEPTED, stuck=silent)
    )


def test_an_order_that_waited_too_long_is_given_up_for_newer_paper() -> None:
    waiting = Print(ordered=ORDERED)
    assert too_old(waiting, RULES, NOW + 29 * MINUTE) == []
    assert isinstance(too_old(waiting, RULES, NOW + 30 * MINUTE)[0], PrintGivenUp)


def test_a_person_says_with_a_reason_what_lies_in_the_tray() -> None:
    prints = fold([ORDERED, BEGUN, ACCEPTED])
    [said] = confirm(prints, "A", "maes", "counted 10", NOW)
    assert isinstance(said, PackPrinted)
    assert (said.sheets, said.by, said.why) == (10, "maes", "counted 10")
    [given_up] = give_up(prints, "A", "maes", "jam", NOW)
    assert isinstance(given_up, PrintGivenUp)
    with pytest.raises(NoReasonError):
        confirm(prints, "A", "maes", " \n ", NOW)
    with pytest.raises(NotOpenError):
        give_up(prints, "B", "maes", "jam", NOW)
    with pytest.raises(NotOpenError):
        give_up(fold([said], prints), "A", "maes", "jam", NOW)


def test_a_ward_has_its_own_printer_else_its_rooms_else_none() -> None:
    own = Printer(name="own", uri="cups:own", wards=("4B",))
    room = Printer(name="room", uri="cups:room", room=True, site="N")
    assert printer_of("4B", "N", [room, own]).name == "own"
    assert printer_of("4C", "N", [own, room]).name == "room"
    assert printer_of("4C", "N", [own, room], "own").name == "own"
    with pytest.raises(UnknownPrinterError, match="own, room"):
        printer_of("4C", "S", [own, room])
    with pytest.raises(UnknownPrinterError, match="nobody"):
        printer_of("4B", "N", [own, room], "nobody")


def at(clock: str) -> int:
    return micros(datetime.fromisoformat(f"2026-03-07 {clock}").replace(tzinfo=UTC))


@pytest.mark.parametrize(
    ("clock", "done", "due"),
    [
        ("05:59", "", False),
        ("06:00", "", True),
        ("06:29", "", True),
        ("06:30", "", False),
        ("06:10", "06:00", False),
        ("18:01", "06:00", True),
        ("12:00", "", False),
    ],
)
def test_every_ward_is_printed_once_at_the_sites_hours(
    clock: str, done: str, due: bool
) -> None:
    by_hours = PrintOrdered(
        order="S", ward="4B", printer="p", at=at(done or "00:01"), by=SCHEDULE
    )
    prints = fold([by_hours])
    assert is_scheduled(RULES, UTC, prints, at("00:00"), at(clock)) is due


def test_a_server_that_comes_up_later_prints_no_earlier_hours_paper() -> None:
    assert not is_scheduled(RULES, UTC, {}, at("06:05"), at("06:10"))
    assert not is_scheduled(Printing(), UTC, {}, at("00:00"), at("06:00"))
