from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

import msgspec
import pytest
from tests.adapters.cups import PrintRoom, pages, print_room

from wardkeep.adapters.errors import PrinterRefusedError, PrinterSilentError
from wardkeep.adapters.ipp_printer import IppPrinter
from wardkeep.hospital.printing import Printer


@pytest.fixture(scope="module")
def room() -> Iterator[PrintRoom]:
    with print_room() as each:
        each.start_printer()
        each.start_cups()
        yield each


@pytest.fixture(params=["direct", "encrypted", "queued"])
def printer(request: pytest.FixtureRequest, room: PrintRoom) -> Printer:
    found = getattr(room, request.param)
    assert isinstance(found, Printer)
    return found


def test_a_job_is_printed_and_its_sheets_are_counted(room: PrintRoom, printer: Printer) -> None:
    name = f"ORDER-{printer.name}"
    with closing(IppPrinter(printer, room.printing)) as device:
        assert "one-sided" in device.facts().sides
        number = device.send(name, pages(4)).number
        room.await_that(lambda: _is_over(device, number))
        job = device.job(number)
        assert job is not None
        assert (job.name, job.is_complete, job.sheets) == (name, True, 4)
    # CUPS tells the printer the job's name too, with more around it.
    assert any(name in path.name for path in (room.folder / "tray").glob("*.pdf"))


def test_a_job_is_found_again_by_its_name(room: PrintRoom, printer: Printer) -> None:
    name = f"AGAIN-{printer.name}"
    with closing(IppPrinter(printer, room.printing)) as device:
        assert device.find(name) is None
        number = device.send(name, pages(1)).number
        found = device.find(name)
        assert found is not None
        assert found.number == number
        room.await_that(lambda: _is_over(device, number))


def test_no_page_stays_in_the_spool_of_cups(room: PrintRoom) -> None:
    with closing(IppPrinter(room.queued, room.printing)) as device:
        number = device.send("SPOOL", pages(2)).number
        room.await_that(lambda: _is_over(device, number))
        assert device.forget(number)
        room.await_that(lambda: not room.spooled())
        assert device.job(number) is None


def test_a_job_that_is_given_up_leaves_the_spool_before_it_is_printed(room: PrintRoom) -> None:
    room.jam(0)
    with closing(IppPrinter(room.queued, room.printing)) as device:
        number = device.send("JAMMED", pages(2)).number
        room.await_that(lambda: bool(room.spooled()))
        assert device.forget(number)
        room.jam(None)
        room.await_that(lambda: not room.spooled())


def test_nothing_is_sent_to_a_printer_with_another_certificate(room: PrintRoom) -> None:
    stranger = msgspec.structs.replace(room.encrypted, certificate=None)
    with (
        closing(IppPrinter(stranger, room.printing)) as device,
        pytest.raises(PrinterSilentError),
    ):
        device.send("STRANGER", pages(1))
    assert room.sheets("STRANGER") == 0


def test_a_printer_that_is_switched_off_is_silent(room: PrintRoom) -> None:
    nowhere = Printer(name="off", uri="ipp://localhost:9/ipp/print", wards=("4B",))
    with (
        closing(IppPrinter(nowhere, room.printing)) as device,
        pytest.raises(PrinterSilentError, match="off: ConnectError"),
    ):
        device.facts()


def test_a_queue_that_cups_does_not_know_is_refused(room: PrintRoom) -> None:
    nobody = Printer(name="nobody", uri="cups:nobody", wards=("4B",))
    with (
        closing(IppPrinter(nobody, room.printing)) as device,
        pytest.raises(PrinterRefusedError),
    ):
        device.send("NOBODY", pages(1))


def _is_over(device: IppPrinter, number: int) -> bool:
    job = device.job(number)
    return job is not None and job.is_over
