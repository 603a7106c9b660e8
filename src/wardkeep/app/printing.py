"""Has wards printed for a verb: orders, follows what comes of them, lets a person decide."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Collection, Sequence

import msgspec

from wardkeep.adapters.both_shelves import BothShelves
from wardkeep.adapters.clock import now
from wardkeep.adapters.errors import UnreadablePdfError
from wardkeep.adapters.key_ring import KeyRing
from wardkeep.adapters.pack_shelf import PackShelf
from wardkeep.adapters.print_desk import PrintDesk, new_number
from wardkeep.adapters.shelf_paper import ShelfPaper
from wardkeep.app.consulting import consult, record_looks
from wardkeep.app.control import is_running
from wardkeep.app.folder import HospitalFolder
from wardkeep.app.pack_ledger import printing_ledger, recorder
from wardkeep.app.site_keys import open_keys
from wardkeep.hospital.site import Site
from wardkeep.pack import print_decide
from wardkeep.pack.errors import GlassNeededError
from wardkeep.pack.events import PrintOrdered
from wardkeep.pack.house_lists import looks_like_list, needs_glass
from wardkeep.pack.print_order import Plan, WardPaper, plan, speeds_of
from wardkeep.pack.prints import Print, Prints, PrintState

_PAUSE_SECONDS = 0.1
_WAITING = (PrintState.ORDERED, PrintState.PRINTING)

Tell = Callable[[Print], None]
"""Is given an order each time that it comes to stand otherwise."""


class Printery:
    """The printing of one hospital folder, with or without a running server."""

    def __init__(self, folder: HospitalFolder, site: Site) -> None:
        self._folder, self._site = folder, site
        self._ring: KeyRing = open_keys(folder)
        self._ledger = printing_ledger(folder, self._ring)
        self._record = recorder(folder, self._ring)
        self._shelf = PackShelf(folder.packs, self._ring)
        both = BothShelves(self._shelf, PackShelf(folder.lists, self._ring))
        self._paper = ShelfPaper(both, site)

    def prints(self) -> Prints:
        """Return every order that is open, and the last one of each ward and part."""
        return self._ledger.prints()

    def order(self, ward: str, by: str, printer: str = "") -> list[PrintOrdered]:
        """Order a ward's whole pack; every patient of it is recorded as looked at.

        So is a list's, by its code. Raises UnknownPrinterError, GlassNeededError before
        anything is ordered.
        """
        if needs_glass(ward):
            raise GlassNeededError(
                "the book of known patients is not printed by order",
                advice="`wardkeep card DIR --all --out FILE.pdf --person NAME --why TEXT`"
                " makes it, and records who and why.",
            )
        sites = {each.code: each.site for each in self._site.wards}
        chosen = print_decide.printer_of(
            ward, sites.get(ward, ""), self._site.printers, printer
        )
        order = PrintOrdered(
            order=new_number(), ward=ward, printer=chosen.name, at=now(), by=by
        )
        self._look_at([ward])
        self._record([order])
        return [order]

    def plan(self, *, printer: str = "", room_only: bool = False) -> Plan:
        """Return where and when every ward that has a pack would be printed, from now on.

        A ward whose pack cannot be read is told and left out: the others must have theirs.
        Raises UnknownPrinterError where no printer is called so.
        """
        printers = list(self._site.printers)
        if printer:
            named = print_decide.printer_of("", "", printers, printer)
            # Whoever names a printer has every ward at it, as in a room of its own.
            printers = [msgspec.structs.replace(named, room=True, site="", wards=())]
        measured = (self._measured(ward) for ward in self._wards())
        return plan(
            [paper for paper in measured if paper is not None],
            printers,
            speeds_of(printers, self.prints()),
            room_only=room_only,
        )

    def _measured(self, ward: str) -> WardPaper | None:
        try:
            return self._paper.measure(ward)
        except UnreadablePdfError as fault:
            said = f"wardkeep: ward {ward} is not printed: {fault}. {fault.remedy}"
            print(said, file=sys.stderr, flush=True)  # noqa: T201  # to the terminal or the log
            return None

    def order_all(self, what: Plan, by: str) -> list[PrintOrdered]:
        """Order every step of a plan; every patient is recorded as looked at by `by`.

        What the site's hours ask for is looked at by nobody until it is fetched.
        """
        at, run = now(), new_number()
        ordered = [
            PrintOrdered(
                order=new_number(),
                ward=step.ward,
                printer=step.printer,
                at=at,
                by=by,
                part=step.part,
                run=run,
            )
            for step in what.steps
        ]
        if by != print_decide.SCHEDULE:
            self._look_at({step.ward for step in what.steps})
        if ordered:
            self._record(ordered)
        return ordered

    def confirm(self, number: str, by: str, why: str) -> None:
        """Say that all sheets of an order lie there; raises NotOpenError, NoReasonError."""
        self._record(print_decide.confirm(self.prints(), number, by, why, now()))

    def give_up(self, number: str, by: str, why: str) -> None:
        """Say that nothing more is to be done for an order; raises as `confirm`."""
        self._record(print_decide.give_up(self.prints(), number, by, why, now()))

    def follow(self, numbers: Sequence[str], tell: Tell) -> list[Print]:
        """Return the orders once each is printed, stuck or given up; `tell` hears of each step.

        Where no server runs, the printing itself is done here.
        """
        desk = None if is_running(self._folder.control_socket) else self._desk()
        pause, told = threading.Event(), dict[str, tuple[PrintState, bool]]()
        try:
            while True:
                if desk is not None:
                    desk.step(self._ledger.prints)
                mine = [p for n, p in self._ledger.prints().items() if n in numbers]
                for each in mine:
                    stands = (each.state, each.accepted is not None)
                    if told.get(each.ordered.order) != stands:
                        told[each.ordered.order] = stands
                        tell(each)
                if not any(each.state in _WAITING for each in mine):
                    return mine
                pause.wait(_PAUSE_SECONDS)
        finally:
            if desk is not None:
                desk.close()

    def close(self) -> None:
        """Close the ledger."""
        self._ledger.close()

    def _wards(self) -> list[str]:
        # A ward that is called as a list is would have the list printed in its place.
        return sorted(w for w in self._shelf.standing().newest if not looks_like_list(w))

    def _desk(self) -> PrintDesk:
        return PrintDesk(
            self._site.printers, self._site.printing, self._paper, self._record, now
        )

    def _look_at(self, wards: Collection[str]) -> None:
        charts = consult(self._folder, self._site)
        try:
            listed = any(looks_like_list(ward) for ward in wards)
            shown = [each.ward for each in charts.wards()] if listed else wards
            records = [chart.record for ward in shown for chart in charts.ward(ward)]
        finally:
            charts.close()
        record_looks(self._folder, self._site, records, "verb print")
