"""The process that prints: follows the orders in the ledger, keeps the alarms of printers.

A process of its own: a printer that is slow, broken or hostile holds up neither the feeds nor
the screens nor the making of packs.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Mapping

from wardkeep.adapters.clock import now
from wardkeep.adapters.pack_shelf import PackShelf
from wardkeep.adapters.print_desk import PrintDesk
from wardkeep.adapters.shelf_paper import ShelfPaper
from wardkeep.alarm.state import Name
from wardkeep.app.alarms import clear_alarm, last_known, raise_alarm
from wardkeep.app.child import Stop, run_child, say_ready
from wardkeep.app.folder import HospitalFolder
from wardkeep.app.print_ledger import PrintLedger, recorder
from wardkeep.app.site_keys import open_keys
from wardkeep.hospital.site import Site
from wardkeep.kernel.errors import WardkeepError
from wardkeep.pack.prints import Prints, PrintState

# A sheet takes a second or two: what is asked more often is not known sooner.
_PAUSE_SECONDS = 0.3
CODES = frozenset({"printer-dead", "print-stuck"})


async def _print(folder: HospitalFolder, site: Site, stop: Stop) -> None:
    ring = open_keys(folder)
    ledger = PrintLedger(folder, ring)
    shelf = PackShelf(folder.packs, ring)
    desk = PrintDesk(
        site.printers, site.printing, ShelfPaper(shelf, site), recorder(folder, ring), now
    )
    alarms = PrintAlarms(folder)
    say_ready()
    while not stop.is_set():
        try:
            for fault in desk.step(ledger.prints):
                print(str(fault), file=sys.stderr, flush=True)  # noqa: T201  # the log
            alarms.tell(found(ledger.prints(), desk.troubles()))
        except (WardkeepError, OSError) as fault:
            # The loop outlives a busy store or writer; the ledger says the same at the next.
            print(f"wardkeep: {fault}", file=sys.stderr, flush=True)  # noqa: T201  # the log
        try:
            async with asyncio.timeout(_PAUSE_SECONDS):
                await stop.wait()
        except TimeoutError:
            continue
    await asyncio.to_thread(desk.close)
    ledger.close()


def found(prints: Prints, troubles: Mapping[str, str]) -> dict[Name, str]:
    """Return the alarms that stand: printers that are dead, wards whose paper is stuck."""
    alarms = {Name("printer-dead", name): told for name, told in troubles.items()}
    for each in prints.values():
        if each.state is PrintState.STUCK and each.stuck is not None:
            told = f"{each.ordered.printer}: {each.stuck.why}, order {each.ordered.order}"
            alarms[Name("print-stuck", each.ordered.ward)] = told
    return alarms


class PrintAlarms:
    """Keeps exactly the alarms standing that were found, and no other of CODES."""

    def __init__(self, folder: HospitalFolder) -> None:
        self._folder = folder
        known = [a for a in last_known(folder) if a.code in CODES]
        self._told = {alarm.name: alarm.detail for alarm in known}

    def tell(self, alarms: dict[Name, str]) -> None:
        """Raise and clear what changed; what no writer took is tried again at the next call."""
        for name, told in alarms.items():
            if self._told.get(name) != told and raise_alarm(self._folder, *name, told):
                self._told[name] = told
        for name in self._told.keys() - alarms.keys():
            if clear_alarm(self._folder, *name):
                del self._told[name]


if __name__ == "__main__":
    sys.exit(run_child(_print))
