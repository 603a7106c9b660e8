"""Carries out the orders of one printer, in the order in which they were given.

The ledger is the outbox: an order that was not begun is sent; one that was begun and has no job
is looked for at the printer by its name, and shown to a person where the printer knows of none.
Every step is short; it is called again and again with what the ledger then says.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

import msgspec

from wardkeep.adapters.errors import (
    PrinterBusyError,
    PrinterLostError,
    PrinterRefusedError,
    PrinterSilentError,
)
from wardkeep.hospital.printing import Printing
from wardkeep.kernel.times import SECOND
from wardkeep.pack import print_decide
from wardkeep.pack.events import PrintAccepted, PrintBegun, PrintEvent, PrintGivenUp
from wardkeep.pack.print_decide import Progress
from wardkeep.pack.prints import Print
from wardkeep.wire.errors import IppAnswerError
from wardkeep.wire.ipp.jobs import Job, PrinterFacts, PrinterState

AT_ONCE = 2
"""Jobs at a printer: the next is there when the last sheet is out, and few lie in a spool."""
_LOOKS_EVERY = 60 * SECOND
_TRIES_EVERY = 10 * SECOND

NO_PACK = "no-pack"
"""Why an order is given up that has nothing to print."""


class Paper(msgspec.Struct, frozen=True, kw_only=True):
    """The pages of one order: a PDF, and the pack that they are of."""

    pdf: bytes
    pages: int
    generation: int
    digest: str
    built: int = 0
    as_of: int | None = None


class Device(Protocol):
    """A printer (adapters.ipp_printer), with the errors told there."""

    def facts(self) -> PrinterFacts:
        """Return what the printer says of itself."""
        ...

    def send(self, name: str, pdf: bytes) -> Job:
        """Have a PDF printed."""
        ...

    def job(self, number: int) -> Job | None:
        """Return what the printer says of a job."""
        ...

    def find(self, name: str) -> Job | None:
        """Return the job of a name."""
        ...

    def forget(self, number: int) -> bool:
        """End a job and take its files off the spool."""
        ...


class PrintLane:
    """One printer and what is under way at it; one thread at a time."""

    def __init__(
        self,
        device: Device,
        printing: Printing,
        paper: Callable[[Print], Paper | None],
        record: Callable[[Sequence[PrintEvent]], object],
        clock: Callable[[], int],
    ) -> None:
        """`paper` returns the pages of an order, None where its ward has no pack.

        `record` puts events into the operations ledger and raises where it does not take them.
        """
        self._device, self._printing = device, printing
        self._paper, self._record, self._clock = paper, record, clock
        self._progress: dict[str, Progress] = {}
        self._looked_at = self._tried_at = self._busy_at = 0
        self._at_once = AT_ONCE
        self.trouble = ""
        """What is wrong with the printer, in its own words; "" where nothing is."""

    def step(self, mine: Sequence[Print]) -> None:
        """Look at every job, send what may be sent; `mine` are the open orders, oldest first.

        Raises what `record` raises: then the ledger says the same at the next step.
        """
        try:
            self._look(mine)
            for each in mine:
                self._follow(each)
            under_way = sum(_holds_the_printer(each) for each in mine)
            for each in self._startable(mine)[: max(0, self._at_once - under_way)]:
                self._start(each)
        except PrinterBusyError:
            # Some printers hold one job and no more; it is tried again when that is done.
            self._at_once, self._busy_at = 1, self._clock()
        except PrinterSilentError as fault:
            self._silent(mine, str(fault))
        except (PrinterRefusedError, IppAnswerError) as fault:
            self.trouble = str(fault)

    def _look(self, mine: Sequence[Print]) -> None:
        """Ask the printer how it is, once a minute and before anything is sent."""
        now = self._clock()
        if 0 <= now - self._looked_at < _LOOKS_EVERY and not self._startable(mine):
            return
        facts = self._device.facts()
        stopped = facts.state == PrinterState.STOPPED or not facts.accepts
        self.trouble = ", ".join(facts.reasons) or "stopped" if stopped else ""
        self._looked_at = now

    def _startable(self, mine: Sequence[Print]) -> list[Print]:
        now, held_off = self._clock(), max(self._tried_at if self.trouble else 0, self._busy_at)
        if 0 <= now - held_off < _TRIES_EVERY:
            return []
        return [each for each in mine if print_decide.is_startable(each)]

    def _follow(self, each: Print) -> None:
        if each.accepted is None:
            if each.begun is not None and not print_decide.is_startable(each):
                self._search(each)
            return
        number, now = each.ordered.order, self._clock()
        job = self._device.job(each.accepted.job)
        if job is None:
            self._record_all(print_decide.lost(each, print_decide.UNKNOWN, now))
            return
        progress = print_decide.seen(self._progress.get(number), job, now)
        self._progress[number] = progress
        found = print_decide.judge(each, job, progress, self._printing, now)
        self._record_all(found)
        if job.is_over:
            self._progress.pop(number, None)
            self._device.forget(job.number)

    def _search(self, each: Print) -> None:
        """Look for an order that was begun and has no job: its process ended in between."""
        now = self._clock()
        if each.stuck is not None and 0 <= now - self._tried_at < _TRIES_EVERY:
            return
        self._tried_at = now
        job = self._device.find(each.ordered.order)
        if job is None:
            self._record_all(print_decide.lost(each, print_decide.UNKNOWN, now))
        else:
            self._accepted(each, job)

    def _start(self, each: Print) -> None:
        now, number = self._clock(), each.ordered.order
        if given_up := print_decide.too_old(each, self._printing, now):
            self._record_all(given_up)
            return
        paper = self._paper(each)
        if paper is None:
            self._record_all([PrintGivenUp(order=number, at=now, by="wardkeep", why=NO_PACK)])
            return
        begun = PrintBegun(
            order=number,
            at=now,
            generation=paper.generation,
            digest=paper.digest,
            pages=paper.pages,
            built=paper.built,
            as_of=paper.as_of,
        )
        self._record_all([begun])
        try:
            job = self._device.send(number, paper.pdf)
        except PrinterSilentError as fault:
            self._record_all(print_decide.lost(each, print_decide.SILENT, now, str(fault)))
            raise
        except PrinterRefusedError as fault:
            self._record_all(print_decide.lost(each, print_decide.REFUSED, now, str(fault)))
        except PrinterLostError:
            return  # it is looked for at the next step
        else:
            self._accepted(each, job)

    def _accepted(self, each: Print, job: Job) -> None:
        now, number = self._clock(), each.ordered.order
        self._progress[number] = Progress(0, now)
        self._record_all([PrintAccepted(order=number, at=now, job=job.number)])

    def _silent(self, mine: Sequence[Print], why: str) -> None:
        """Take note that nothing answers; what was not sent for too long is given up."""
        now = self._clock()
        self.trouble, self._tried_at, self._looked_at = why, now, now
        for each in mine:
            if print_decide.is_startable(each):
                self._record_all(print_decide.too_old(each, self._printing, now))
            elif each.accepted is None:
                self._record_all(print_decide.lost(each, print_decide.UNKNOWN, now, why))
            else:
                self._record_all(self._stalled(each, now, why))

    def _stalled(self, each: Print, now: int, why: str) -> Sequence[PrintEvent]:
        progress = self._progress.setdefault(each.ordered.order, Progress(0, now))
        if print_decide.is_stalled(progress, self._printing, now):
            return print_decide.lost(each, print_decide.STALLED, now, why)
        return ()

    def _record_all(self, events: Sequence[PrintEvent]) -> None:
        if events:
            self._record(events)


def _holds_the_printer(each: Print) -> bool:
    """Tell whether a job keeps those behind it waiting, be it that no sheet comes any more."""
    stalled = each.stuck is not None and each.stuck.why == print_decide.STALLED
    return each.accepted is not None and (each.stuck is None or stalled)
