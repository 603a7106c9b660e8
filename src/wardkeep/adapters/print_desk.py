"""All printers of a site: hands each its open orders, and says what is wrong with which.

A printer that is silent holds up no other: each has a thread of its own, and no second step
begins before the first has ended and the ledger was read again.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor

from wardkeep.adapters.ipp_printer import IppPrinter
from wardkeep.adapters.print_lane import Paper, PrintLane
from wardkeep.hospital.printing import Printer, Printing
from wardkeep.kernel.errors import WardkeepError
from wardkeep.pack.events import PrintEvent
from wardkeep.pack.prints import Print, Prints
from wardkeep.paper.sheet_code import sheet_number


class PrintDesk:
    """The lanes of all printers; `step` is called again and again by one thread."""

    def __init__(
        self,
        printers: Sequence[Printer],
        printing: Printing,
        paper: Callable[[Print], Paper | None],
        record: Callable[[Sequence[PrintEvent]], object],
        clock: Callable[[], int],
    ) -> None:
        self._devices = {each.name: IppPrinter(each, printing) for each in printers}
        self._lanes = {
            name: PrintLane(device, printing, paper, record, clock)
            for name, device in self._devices.items()
        }
        self._threads = ThreadPoolExecutor(max(1, len(self._lanes)), "printer")
        self._steps: dict[str, Future[None]] = {}

    def step(self, read: Callable[[], Prints]) -> list[WardkeepError | OSError]:
        """Let every printer that is free take its next step, by what the ledger says now.

        Returns what went wrong in the last ones, as where the ledger took no outcome.
        """
        ended = {name: step for name, step in self._steps.items() if step.done()}
        faults: list[WardkeepError | OSError] = []
        for name, step in ended.items():
            del self._steps[name]
            fault = step.exception()
            if isinstance(fault, WardkeepError | OSError):
                faults.append(fault)
            elif fault is not None:
                raise fault
        prints = read()
        for name in self._lanes.keys() - self._steps.keys():
            mine = [p for p in prints.values() if p.is_open and p.ordered.printer == name]
            self._steps[name] = self._threads.submit(self._lanes[name].step, mine)
        return faults

    def troubles(self) -> Mapping[str, str]:
        """Return what is wrong with which printer, in its own words."""
        return {name: lane.trouble for name, lane in self._lanes.items() if lane.trouble}

    def close(self) -> None:
        """End the threads after what they do now, and the connections."""
        self._threads.shutdown(wait=True, cancel_futures=True)
        for device in self._devices.values():
            device.close()


def new_number() -> str:
    """Return a random number for an order: all that a printer is told of it."""
    return sheet_number(secrets.randbits(40))
