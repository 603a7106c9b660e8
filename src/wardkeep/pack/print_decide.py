"""When paper counts as printed, when a job is stuck, and what a person may say of it.

Rules kept here:
- Printed is what the printer calls completed and has counted sheet for sheet, or what a person
  says lies in the tray. A spooler counts what it sent on: more sheets than pages means that it
  sent a job twice, fewer that a part of a ward is missing. Both are for a person to look at.
- What was begun and has neither job nor outcome is never sent again by itself: it may lie in a
  tray. What was not begun, or surely never reached the printer, is tried until it is too old.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import tzinfo
from typing import Protocol

import msgspec

from wardkeep.hospital.printing import Printer, Printing
from wardkeep.kernel.times import MINUTE
from wardkeep.kernel.wall_clock import local, micros
from wardkeep.pack.errors import NoReasonError, NotOpenError, UnknownPrinterError
from wardkeep.pack.events import (
    PackPrinted,
    PrintAccepted,
    PrintEvent,
    PrintGivenUp,
    PrintStuck,
)
from wardkeep.pack.print_order import places_of
from wardkeep.pack.prints import Print, Prints, PrintState

_LONGEST_WHY = 500

SCHEDULE = "wardkeep"
"""Who ordered what the site's hours ask for."""

UNKNOWN = "unknown"
"""It was being sent when something broke: nobody knows whether it came out."""
SILENT = "silent"
"""The printer does not answer."""
STALLED = "stalled"
"""No sheet came out for too long."""
MISCOUNTED = "miscounted"
"""It is over, and the sheets counted are not the pages sent."""
NOT_COUNTED = "not-counted"
"""It is over, and the printer counts no sheets: somebody must look into the tray."""
ENDED = "ended"
"""The printer, or somebody at it, ended the job before its last page."""
REFUSED = "refused"
"""The printer does not take it, as where it cannot print on one side."""
STUCK = (UNKNOWN, SILENT, STALLED, MISCOUNTED, NOT_COUNTED, ENDED, REFUSED)


class JobSeen(Protocol):
    """What a printer says of a job (wire.ipp.jobs.Job)."""

    @property
    def sheets(self) -> int | None:
        """Sheets counted so far, None where it does not count."""
        ...

    @property
    def is_over(self) -> bool:
        """Whether the printer will do nothing more of it."""
        ...

    @property
    def is_complete(self) -> bool:
        """Whether the printer says that it did all of it."""
        ...

    @property
    def told(self) -> str:
        """The printer's reasons, as it words them."""
        ...


class Progress(msgspec.Struct, frozen=True):
    """How far a job was seen to be, and since when; `first`: when its first sheet was out."""

    sheets: int
    since: int
    first: int | None = None


def printer_of(ward: str, site: str, printers: Collection[Printer], named: str = "") -> Printer:
    """Return the printer for a ward: the one named, its own, else that of its print room.

    Raises UnknownPrinterError where there is none.
    """
    if named:
        found = [printer for printer in printers if printer.name == named]
    else:
        found = places_of(ward, site, printers)
    if not found:
        known = ", ".join(printer.name for printer in printers) or "none"
        asked = f"no printer is called {named!r}" if named else f"ward {ward!r} has no printer"
        raise UnknownPrinterError(f"{asked}; there are: {known}")
    return found[0]


def is_startable(each: Print) -> bool:
    """Tell whether an order may be sent: nothing of it ever was, or surely did not arrive."""
    never_arrived = (
        each.accepted is None and each.stuck is not None and each.stuck.why == SILENT
    )
    return each.state is PrintState.ORDERED or (each.is_open and never_arrived)


def is_scheduled(
    printing: Printing, zone: tzinfo, prints: Prints, begun: int, now: int
) -> bool:
    """Tell whether every ward is to be printed now, by the site's hours.

    Once an hour of `printing.at`, and not where it has long passed: a server that comes up at
    noon prints no night's paper. `begun` is when this server did.
    """
    here = local(now, zone)
    for clock in printing.at:
        hour, minute = (int(part) for part in clock.split(":"))
        due = micros(here.replace(hour=hour, minute=minute, second=0, microsecond=0))
        late = now - due
        done = any(p.ordered.by == SCHEDULE and p.ordered.at >= due for p in prints.values())
        if 0 <= late < printing.try_for_minutes * MINUTE and due >= begun and not done:
            return True
    return False


def too_old(each: Print, printing: Printing, now: int) -> list[PrintEvent]:
    """Give up what could not be sent for too long; the ward asks for newer paper then."""
    if now - each.ordered.at < printing.try_for_minutes * MINUTE:
        return []
    return [PrintGivenUp(order=each.ordered.order, at=now, by="wardkeep", why=SILENT)]


def seen(progress: Progress | None, job: JobSeen, now: int) -> Progress:
    """Return how far a job is after it was looked at."""
    sheets = job.sheets or 0
    if progress is None:
        return Progress(sheets, now, now if sheets else None)
    if sheets == progress.sheets:
        return progress
    return Progress(sheets, now, progress.first or now)


def judge(
    each: Print, job: JobSeen, progress: Progress, printing: Printing, now: int
) -> list[PrintEvent]:
    """Return what a look at an order's job comes to: printed, stuck, or nothing new."""
    pages = each.begun.pages if each.begun else 0
    if not job.is_over:
        if is_stalled(progress, printing, now):
            return _stuck(each, STALLED, job, now)
        return _goes_on(each, now)
    if not job.is_complete:
        return _stuck(each, ENDED, job, now)
    if job.sheets is None:
        return _stuck(each, NOT_COUNTED, job, now)
    if job.sheets != pages:
        return _stuck(each, MISCOUNTED, job, now)
    number, first = each.ordered.order, progress.first
    return [PackPrinted(order=number, at=now, sheets=job.sheets, first=first)]


def is_stalled(progress: Progress, printing: Printing, now: int) -> bool:
    """Tell whether no sheet was seen to come out for too long."""
    return now - progress.since >= printing.stuck_after_minutes * MINUTE


def _goes_on(each: Print, now: int) -> list[PrintEvent]:
    """Say of an order that was stuck that its sheets come again."""
    if each.stuck is None or each.accepted is None:
        return []
    return [PrintAccepted(order=each.ordered.order, at=now, job=each.accepted.job)]


def _stuck(each: Print, why: str, job: JobSeen, now: int) -> list[PrintEvent]:
    if each.stuck is not None and each.stuck.why == why:
        return []
    return [
        PrintStuck(
            order=each.ordered.order, at=now, why=why, sheets=job.sheets, told=job.told[:200]
        )
    ]


def lost(each: Print, why: str, now: int, told: str = "") -> list[PrintEvent]:
    """Show an order to a person, once: its printer is silent, or nobody knows of it."""
    if each.stuck is not None and each.stuck.why == why:
        return []
    return [PrintStuck(order=each.ordered.order, at=now, why=why, told=told[:200])]


def confirm(prints: Prints, number: str, by: str, why: str, now: int) -> list[PrintEvent]:
    """Say that all sheets of an order lie there; raises NotOpenError, NoReasonError."""
    each = _open(prints, number)
    pages = each.begun.pages if each.begun else 0
    return [PackPrinted(order=number, at=now, sheets=pages, by=by, why=_reason(why))]


def give_up(prints: Prints, number: str, by: str, why: str, now: int) -> list[PrintEvent]:
    """Say that nothing more is to be done for an order; raises as `confirm`."""
    _open(prints, number)
    return [PrintGivenUp(order=number, at=now, by=by, why=_reason(why))]


def _open(prints: Prints, number: str) -> Print:
    each = prints.get(number)
    if each is None or not each.is_open:
        raise NotOpenError(f"no open order has the number {number!r}")
    return each


def _reason(why: str) -> str:
    told = " ".join(why.split())
    if not told:
        raise NoReasonError("a reason is needed")
    return told[:_LONGEST_WHY]
