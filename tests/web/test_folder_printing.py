from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from tests.adapters.ledgers import Ledgers

from wardkeep.app.folder import HospitalFolder
from wardkeep.chart.memory import MemoryCharts
from wardkeep.hospital.printing import Printer
from wardkeep.hospital.site import Site, Ward
from wardkeep.kernel.times import SECOND
from wardkeep.ledger.errors import StoreFailedError
from wardkeep.pack.errors import UnknownPrinterError
from wardkeep.pack.events import PrintEvent, PrintOrdered
from wardkeep.web.folder_printing import FolderPrinting

SITE = Site(
    code="GH",
    name="General Hospital",
    wards=(Ward(code="4B"), Ward(code="ICU")),
    printers=(Printer(name="4b", uri="ipp://127.0.0.1/printers/4b", wards=("4B",)),),
)


@pytest.fixture
def ordered() -> list[PrintEvent]:
    return []


@pytest.fixture
def printing(tmp_path: Path, ordered: list[PrintEvent]) -> FolderPrinting:
    ledgers = Ledgers(tmp_path)

    def send(events: Sequence[PrintEvent]) -> None:
        ordered.extend(events)

    return FolderPrinting(
        HospitalFolder(tmp_path), SITE, ledgers.ring, MemoryCharts(SITE), send
    )


def test_a_ward_is_printed_at_its_own_printer_and_one_without_is_refused(
    printing: FolderPrinting, ordered: list[PrintEvent]
) -> None:
    printing.order("4B", "an")
    [order] = ordered
    assert isinstance(order, PrintOrdered)
    assert (order.ward, order.printer, order.by) == ("4B", "4b", "an")
    with pytest.raises(UnknownPrinterError):
        printing.order("ICU", "an")
    assert len(ordered) == 1


def test_what_would_be_on_paper_is_measured_anew_after_ten_seconds_and_not_before(
    printing: FolderPrinting,
) -> None:
    first = printing.readiness(SECOND)
    assert first is not None
    assert printing.readiness(SECOND + 9 * SECOND) is first
    later = printing.readiness(SECOND + 10 * SECOND)
    assert later is not None
    assert later.at == 11 * SECOND


def test_a_ledger_that_cannot_be_read_is_told_as_not_known_and_ends_no_page(
    printing: FolderPrinting, monkeypatch: pytest.MonkeyPatch
) -> None:
    def failing() -> None:
        raise StoreFailedError("the disk is gone")

    for each in ("prints", "targets"):
        monkeypatch.setattr(printing._ledger, each, failing)
    assert printing.prints() == {}
    assert printing.readiness(SECOND) is None
    monkeypatch.undo()
    again = printing.readiness(SECOND)
    assert again is not None
    assert again.at == SECOND
