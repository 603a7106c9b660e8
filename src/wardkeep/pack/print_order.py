"""In which order a hospital is printed, at which printer, and when the last ward has its paper.

Rules kept here:
- Every ward's sheet first: who lies there, what is due, what is dangerous. Then the patients'
  sheets, the ward with the next dose first, in each ward the patient with the next dose first.
  What has no computed due time comes after what has one.
- A ward is printed at its own printers, else in the print room of its site. What is printed in
  a room gets a cover sheet and a runner's slip in front: no two wards' paper is mixed.
- The next ward goes to the printer that would be done with it first.
- A printer's speed is what its last jobs took, else what the settings say.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from statistics import median

import msgspec

from wardkeep.chart.due import LOOK_AHEAD
from wardkeep.chart.model import OrderState, PatientChart
from wardkeep.hospital.printing import Printer
from wardkeep.hospital.site import Rules, Ward
from wardkeep.kernel.times import MINUTE
from wardkeep.pack.medicines import Round, by_order, due_of
from wardkeep.pack.prints import Print, Prints

COVER_PAGES = 2
"""A cover sheet and a runner's slip, in front of a ward's sheet that is printed in a room."""

FIRST_PARTS, LAST_PARTS = "sheet", "records"
_JOBS_THAT_COUNT = 5
# A job of fewer pages says more of the time to wake up than of the speed.
_PAGES_THAT_COUNT = 4


class WardPaper(msgspec.Struct, frozen=True, kw_only=True):
    """A ward's newest pack: pages of its sheet and of its patients'; its next dose (UTC us)."""

    ward: str
    sheet: int
    records: int
    site: str = ""
    due: int | None = None


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """One part of a ward at one printer; begin and end in minutes from the order on."""

    ward: str
    part: str
    printer: str
    pages: int
    begins: float
    ends: float


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """What is printed where, in the order of the orders; `without`: wards without a printer."""

    steps: tuple[Step, ...]
    without: tuple[str, ...] = ()

    @property
    def minutes(self) -> float | None:
        """Minutes until the last ward has all of its paper, None where nothing is printed."""
        return max((step.ends for step in self.steps), default=None)

    @property
    def sheets_minutes(self) -> float | None:
        """Minutes until the last ward has its ward sheet."""
        ends = (step.ends for step in self.steps if step.part == FIRST_PARTS)
        return max(ends, default=None)


def plan(
    papers: Sequence[WardPaper],
    printers: Sequence[Printer],
    speeds: Mapping[str, float],
    *,
    room_only: bool = False,
) -> Plan:
    """Return the plan; `speeds` in pages a minute by printer, above 0; `room_only`: no network.

    A ward without pages of a part has no step of it.
    """
    ordered = sorted(papers, key=lambda p: (p.due is None, p.due or 0, p.ward))
    places = {p.ward: places_of(p.ward, p.site, printers, room_only=room_only) for p in papers}
    busy, steps = {printer.name: 0.0 for printer in printers}, list[Step]()
    for part in (FIRST_PARTS, LAST_PARTS):
        for paper in ordered:
            pages = paper.sheet if part == FIRST_PARTS else paper.records
            if places[paper.ward] and pages:
                steps.append(_step(paper.ward, part, pages, places[paper.ward], busy, speeds))
    return Plan(
        steps=tuple(steps),
        without=tuple(p.ward for p in ordered if not places[p.ward]),
    )


def places_of(
    ward: str, site: str, printers: Collection[Printer], *, room_only: bool = False
) -> list[Printer]:
    """Return the printers of a ward: its own, else those of its print room."""
    own = [] if room_only else [p for p in printers if ward in p.wards]
    return own or [p for p in printers if p.room and (not p.site or p.site == site)]


def _step(
    ward: str,
    part: str,
    pages: int,
    places: Sequence[Printer],
    busy: dict[str, float],
    speeds: Mapping[str, float],
) -> Step:
    """Put a part to the printer that is done with it first; `busy` says until when each is."""

    def total(printer: Printer) -> int:
        return pages + (COVER_PAGES if printer.room and part == FIRST_PARTS else 0)

    def done(printer: Printer) -> float:
        return busy[printer.name] + total(printer) / speeds[printer.name]

    chosen = min(places, key=done)
    begins, ends = busy[chosen.name], done(chosen)
    busy[chosen.name] = ends
    return Step(
        ward=ward,
        part=part,
        printer=chosen.name,
        pages=total(chosen),
        begins=begins,
        ends=ends,
    )


def speeds_of(printers: Collection[Printer], prints: Prints) -> dict[str, float]:
    """Return pages a minute by printer: as its last jobs took, else as the settings say."""
    return {
        printer.name: measured_speed(printer.name, prints) or float(printer.pages_a_minute)
        for printer in printers
    }


def measured_speed(printer: str, prints: Prints) -> float | None:
    """Return the median speed of a printer's last jobs, in pages a minute; None without any."""
    found = [speed for each in prints.values() if (speed := _speed(each, printer)) is not None]
    return median(found[-_JOBS_THAT_COUNT:]) if found else None


def _speed(each: Print, printer: str) -> float | None:
    if each.ordered.printer != printer or each.accepted is None or each.printed is None:
        return None
    took = each.printed.at - each.accepted.at
    counted_by_printer = not each.printed.by
    if took <= 0 or each.printed.sheets < _PAGES_THAT_COUNT or not counted_by_printer:
        return None
    return each.printed.sheets * MINUTE / took


def next_dose(patient: PatientChart, rules: Rules, ward: Ward | None, now: int) -> int | None:
    """Return when a patient's next dose is due, computed; None where nothing is computed."""
    computed = rules.compute_next_due and (ward is None or ward.next_due)
    of_ward = Round(
        rules=rules, columns=(), end=now + LOOK_AHEAD[0], computed=computed, doses_fed=True
    )
    mine, found = by_order(patient.doses), list[int]()
    for order in patient.orders:
        if order.state.value is OrderState.ACTIVE:
            due = due_of(order, mine.get(order.order, ()), of_ward, now)
            found += due.boxes[:1] or ((due.later,) if due.later is not None else ())
    return min(found, default=None)
