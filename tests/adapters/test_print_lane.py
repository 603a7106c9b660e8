"""One printer's orders, against a real printer; the ledger is a list, the clock is moved."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pytest
from tests.adapters.cups import PrintRoom, pages, print_room

from wardkeep.adapters.ipp_printer import IppPrinter
from wardkeep.adapters.print_lane import AT_ONCE, Paper, PrintLane
from wardkeep.hospital.printing import Printer
from wardkeep.kernel.times import MINUTE, SECOND
from wardkeep.pack.events import (
    PackPrinted,
    PrintAccepted,
    PrintBegun,
    PrintEvent,
    PrintGivenUp,
    PrintOrdered,
    PrintStuck,
)
from wardkeep.pack.prints import Print, PrintState, fold
from wardkeep.wire.ipp.jobs import Job

PAGES = 3


@pytest.fixture(scope="module")
def switched_on() -> Iterator[PrintRoom]:
    with print_room() as each:
        each.start_printer()
        each.start_cups()
        yield each


@pytest.fixture
def room(switched_on: PrintRoom) -> Iterator[PrintRoom]:
    yield switched_on
    for name in ("jam", "break", "mute"):
        (switched_on.folder / name).unlink(missing_ok=True)


class Bench:
    """A lane at a printer of the room, with the ledger that it writes to."""

    def __init__(self, room: PrintRoom, printer: Printer | None = None) -> None:
        self.room, self.now = room, 1_000 * MINUTE
        self.ledger: list[PrintEvent] = []
        self.device = IppPrinter(printer or room.direct, room.printing)
        self.lane = self.new_lane()

    def new_lane(self) -> PrintLane:
        """The lane of a process that has just started: it remembers nothing."""
        return PrintLane(
            self.device, self.room.printing, self._paper, self._record, lambda: self.now
        )

    def order(self, *numbers: str) -> None:
        for number in numbers:
            self.ledger.append(
                PrintOrdered(order=number, ward="4B", printer="p", at=self.now, by="maes")
            )

    def step(self) -> dict[str, Print]:
        # Slower than the clock: a printer that is slow on a loaded machine has not stalled.
        self.now += SECOND // 10
        prints = fold(self.ledger)
        self.lane.step([each for each in prints.values() if each.is_open])
        return fold(self.ledger)

    def until(self, number: str, state: PrintState) -> Print:
        self.room.await_that(lambda: self.step()[number].state is state)
        return fold(self.ledger)[number]

    def of(self, number: str) -> list[str]:
        return [type(each).__name__ for each in self.ledger if each.order == number]

    def _paper(self, each: Print) -> Paper | None:
        if each.ordered.ward != "4B":
            return None
        return Paper(pdf=pages(PAGES), pages=PAGES, generation=7, digest="d")

    def _record(self, events: Sequence[PrintEvent]) -> None:
        self.ledger += events


@pytest.fixture
def bench(room: PrintRoom) -> Iterator[Bench]:
    made = Bench(room)
    yield made
    made.device.close()


def test_a_ward_is_printed_once_every_sheet_is_counted(bench: Bench) -> None:
    bench.order("ONE")
    done = bench.until("ONE", PrintState.PRINTED)
    assert done.printed is not None
    assert done.printed.sheets == PAGES == bench.room.sheets("ONE")
    assert bench.of("ONE") == ["PrintOrdered", "PrintBegun", "PrintAccepted", "PackPrinted"]


@pytest.mark.parametrize("way", ["direct", "queued"])
def test_wards_come_out_in_the_order_given_and_few_wait_in_the_printer(
    room: PrintRoom, way: str
) -> None:
    bench = Bench(room, getattr(room, way))
    room.jam(0)
    numbers = [f"{way}{n}" for n in range(4)]
    bench.order(*numbers)

    def begun() -> set[str]:
        return {each.order for each in bench.ledger if isinstance(each, PrintBegun)}

    room.await_that(lambda: (bench.step(), len(begun()) >= AT_ONCE)[1])
    for _ in range(3):
        bench.step()
    assert begun() == set(numbers[:AT_ONCE])
    room.jam(None)
    bench.until(numbers[-1], PrintState.PRINTED)
    bench.device.close()
    printed = [each.order for each in bench.ledger if isinstance(each, PackPrinted)]
    assert printed == numbers


def test_a_jam_is_noticed_shown_with_what_came_out_and_forgotten_once_it_is_cleared(
    bench: Bench,
) -> None:
    bench.room.jam(2)
    bench.order("JAM", "BEHIND")
    bench.room.await_that(lambda: (bench.step(), bench.room.sheets("JAM") == 2)[1])
    bench.step()
    bench.now += 6 * MINUTE
    stuck = bench.until("JAM", PrintState.STUCK).stuck
    assert stuck is not None
    assert (stuck.why, stuck.sheets) == ("stalled", 2)
    bench.room.jam(None)
    assert bench.until("JAM", PrintState.PRINTED).printed is not None
    bench.until("BEHIND", PrintState.PRINTED)


def test_half_a_ward_is_never_called_printed(bench: Bench) -> None:
    bench.room.break_after(1)
    bench.order("HALF")
    stuck = bench.until("HALF", PrintState.STUCK).stuck
    assert stuck is not None
    assert (stuck.why, stuck.sheets) == ("ended", 1)
    for _ in range(3):
        bench.step()
    assert bench.of("HALF").count("PrintBegun") == 1


def test_a_printer_that_counts_no_sheets_leaves_it_to_a_person(bench: Bench) -> None:
    bench.room.mute()
    bench.order("MUTE")
    stuck = bench.until("MUTE", PrintState.STUCK).stuck
    assert stuck is not None
    assert stuck.why in {"not-counted", "miscounted"}


def test_an_order_that_was_cut_off_while_it_was_sent_is_found_at_the_printer(
    bench: Bench,
) -> None:
    bench.order("CUT")
    bench.ledger.append(
        PrintBegun(order="CUT", at=bench.now, generation=7, digest="d", pages=PAGES)
    )
    bench.device.send("CUT", pages(PAGES))
    bench.lane = bench.new_lane()
    assert bench.until("CUT", PrintState.PRINTED).accepted is not None
    assert bench.of("CUT").count("PrintBegun") == 1


def test_an_order_that_the_printer_knows_nothing_of_is_shown_and_not_sent_again(
    bench: Bench,
) -> None:
    bench.order("GONE")
    bench.ledger.append(
        PrintBegun(order="GONE", at=bench.now, generation=7, digest="d", pages=PAGES)
    )
    stuck = bench.until("GONE", PrintState.STUCK).stuck
    assert stuck is not None
    assert stuck.why == "unknown"
    for _ in range(5):
        bench.now += MINUTE
        bench.step()
    assert bench.room.sheets("GONE") == 0
    assert bench.of("GONE") == ["PrintOrdered", "PrintBegun", "PrintStuck"]


def test_a_ward_without_a_pack_is_given_up_and_says_why(bench: Bench) -> None:
    bench.ledger.append(
        PrintOrdered(order="NONE", ward="9Z", printer="p", at=bench.now, by="maes")
    )
    given_up = bench.until("NONE", PrintState.GIVEN_UP).given_up
    assert given_up is not None
    assert given_up.why == "no-pack"


def test_a_printer_that_is_off_is_told_tried_again_and_the_order_kept(room: PrintRoom) -> None:
    with print_room() as off:
        bench = Bench(off)
        bench.order("OFF")
        bench.step()
        assert "ConnectError" in bench.lane.trouble
        assert bench.of("OFF") == ["PrintOrdered"]
        off.start_printer()
        bench.now += MINUTE
        assert bench.until("OFF", PrintState.PRINTED).printed is not None
        assert bench.lane.trouble == ""
        bench.device.close()


def test_an_order_that_no_printer_took_for_half_an_hour_is_given_up(room: PrintRoom) -> None:
    with print_room() as off:
        bench = Bench(off)
        bench.order("LATE")
        bench.step()
        bench.now += 31 * MINUTE
        bench.step()
        assert isinstance(bench.ledger[-1], PrintGivenUp)
        bench.device.close()


def test_what_cups_has_printed_leaves_its_spool(room: PrintRoom) -> None:
    bench = Bench(room, room.queued)
    bench.order("SPOOL")
    bench.until("SPOOL", PrintState.PRINTED)
    room.await_that(lambda: not room.spooled())
    bench.device.close()


def test_a_spooler_that_counts_more_than_was_sent_is_not_believed(bench: Bench) -> None:
    class Spooler:
        """Says of every job that it is complete, twice over."""

        def __getattr__(self, name: str) -> object:
            return getattr(bench.device, name)

        def job(self, number: int) -> Job:
            return Job(number=number, state=9, sheets=2 * PAGES)

    bench.order("TWICE")
    bench.lane._device = Spooler()  # type: ignore[assignment]  # what CUPS did when it retried
    stuck = bench.until("TWICE", PrintState.STUCK).stuck
    assert stuck is not None
    assert (stuck.why, stuck.sheets) == ("miscounted", 2 * PAGES)


def test_a_ledger_that_takes_nothing_lets_nothing_be_printed(bench: Bench) -> None:
    def refuse(_: Sequence[PrintEvent]) -> None:
        raise OSError("the disk is full")

    bench.order("FULL")
    bench.lane._record = refuse
    for _ in range(3):
        with pytest.raises(OSError, match="full"):
            bench.step()
    assert bench.room.sheets("FULL") == 0
    assert bench.device.find("FULL") is None


def test_events_name_the_job_that_the_printer_gave(bench: Bench) -> None:
    bench.order("JOB")
    bench.until("JOB", PrintState.PRINTED)
    accepted = [e for e in bench.ledger if isinstance(e, PrintAccepted)]
    assert accepted[0].job > 0
    assert not any(isinstance(e, PrintStuck) for e in bench.ledger)
