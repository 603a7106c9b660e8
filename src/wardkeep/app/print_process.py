"""The process that prints and proves: follows the orders, draws a ward a night, keeps alarms.

A process of its own: a printer that is slow, broken or hostile holds up neither the feeds nor
the screens nor the making of packs.
"""

from __future__ import annotations

import asyncio
import sys
from collections import Counter
from collections.abc import Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from zoneinfo import ZoneInfo

from wardkeep.adapters.both_shelves import BothShelves
from wardkeep.adapters.clock import now
from wardkeep.adapters.errors import NothingToProveError
from wardkeep.adapters.key_ring import KeyRing
from wardkeep.adapters.pack_shelf import PackShelf
from wardkeep.adapters.print_desk import PrintDesk
from wardkeep.adapters.shelf_paper import ShelfPaper
from wardkeep.adapters.stored_charts import StoredCharts
from wardkeep.alarm.state import Name
from wardkeep.app.alarms import clear_alarm, last_known, raise_alarm
from wardkeep.app.child import Stop, run_child, say_ready
from wardkeep.app.first import is_copy
from wardkeep.app.folder import HospitalFolder
from wardkeep.app.pack_ledger import PackLedger, printing_ledger, recorder
from wardkeep.app.printing import Printery
from wardkeep.app.proving_packs import Prover, is_due
from wardkeep.app.site_keys import open_keys
from wardkeep.chart.ports import FAR_BEHIND
from wardkeep.hospital.site import Site
from wardkeep.kernel.errors import WardkeepError
from wardkeep.kernel.times import MINUTE
from wardkeep.pack.events import ListProved, ProofMade
from wardkeep.pack.lists_proved import ListsProved, of_site
from wardkeep.pack.print_decide import SCHEDULE, is_scheduled
from wardkeep.pack.prints import Prints, PrintState
from wardkeep.pack.readiness import is_proof_old, wrong_targets
from wardkeep.pack.target_looks import Looks

# A sheet takes a second or two: what is asked more often is not known sooner.
_PAUSE_SECONDS = 0.3
CODES = frozenset(
    {"printer-dead", "print-stuck", "proof-wrong", "proof-old", "delivered-wrong"}
)
# A proof that could not be made, as while charts are behind, is tried again then.
_PROVES_EVERY = 5 * MINUTE


async def _print(folder: HospitalFolder, site: Site, stop: Stop) -> None:
    ring = open_keys(folder)
    ledger = printing_ledger(folder, ring)
    shelves = BothShelves(PackShelf(folder.packs, ring), PackShelf(folder.lists, ring))
    desk = PrintDesk(
        site.printers, site.printing, ShelfPaper(shelves, site), recorder(folder, ring), now
    )
    alarms, nights, begun = PrintAlarms(folder), Nights(folder, site, ring), now()
    hours = Hours(folder, site, begun)
    say_ready()
    while not stop.is_set():
        try:
            for fault in desk.step(ledger.prints):
                print(str(fault), file=sys.stderr, flush=True)  # noqa: T201  # the log
            nights.look(ledger)
            hours.look(ledger)
            stuck = found(ledger.prints(), desk.troubles())
            proofs = of_proofs(site, ledger.proofs(), begun, now())
            lists = of_lists(site, ledger.lists())
            alarms.tell(stuck | proofs | lists | of_targets(site, ledger.targets()))
        except (WardkeepError, OSError) as fault:
            # The loop outlives a busy store or writer; the ledger says the same at the next.
            print(f"wardkeep: {fault}", file=sys.stderr, flush=True)  # noqa: T201  # the log
        try:
            async with asyncio.timeout(_PAUSE_SECONDS):
                await stop.wait()
        except TimeoutError:
            continue
    await asyncio.to_thread(desk.close)
    nights.close()
    hours.close()
    ledger.close()


def found(prints: Prints, troubles: Mapping[str, str]) -> dict[Name, str]:
    """Return the alarms that stand: printers that are dead, wards whose paper is stuck."""
    alarms = {Name("printer-dead", name): told for name, told in troubles.items()}
    for each in prints.values():
        if each.state is PrintState.STUCK and each.stuck is not None:
            told = f"{each.ordered.printer}: {each.stuck.why}, order {each.ordered.order}"
            alarms[Name("print-stuck", each.ordered.ward)] = told
    return alarms


def of_proofs(
    site: Site, proofs: Mapping[str, ProofMade], begun: int, at: int
) -> dict[Name, str]:
    """Return the alarms of proofs: facts that were not right on paper, or none made lately."""
    alarms = dict[Name, str]()
    for ward, proof in proofs.items():
        if proof.right < proof.checks:
            alarms[Name("proof-wrong", ward)] = _not_right(proof)
    if site.proof.at and is_proof_old(proofs, begun, at):
        alarms[Name("proof-old")] = "no ward was proved for two days"
    return alarms


def of_lists(site: Site, lists: ListsProved) -> dict[Name, str]:
    """Return the alarms of lists of the house of which not all was right, by their codes."""
    return {
        Name("proof-wrong", each.code): _not_right(each)
        for each in of_site(lists, site)
        if each.right < each.checks
    }


def _not_right(proof: ProofMade | ListProved) -> str:
    kinds = ", ".join(f"{kind} {count}" for kind, count in sorted(proof.wrong.items()))
    return f"{proof.checks - proof.right} of {proof.checks} facts: {kinds}"


def of_targets(site: Site, targets: Looks) -> dict[Name, str]:
    """Return the alarms of targets whose files are not those that were delivered there."""
    alarms = {}
    for checked in wrong_targets(targets, site):
        kinds = Counter(checked.wrong.values())
        told = ", ".join(f"{kind} {count}" for kind, count in sorted(kinds.items()))
        alarms[Name("delivered-wrong", checked.target)] = f"of {checked.wards} wards: {told}"
    return alarms


class Hours:
    """Orders every ward's paper at the hours of `[printing] at`; a second box leaves it."""

    def __init__(self, folder: HospitalFolder, site: Site, begun: int) -> None:
        self._folder, self._site, self._begun = folder, site, begun
        self._printery = Printery(folder, site)
        self._zone = ZoneInfo(site.rules.timezone)

    def look(self, ledger: PackLedger) -> None:
        """Order what is due; raises NotRunningError and what else the ledger raises."""
        printing = self._site.printing
        if not printing.at or not self._site.printers or is_copy(self._folder):
            return
        if is_scheduled(printing, self._zone, ledger.prints(), self._begun, now()):
            self._printery.order_all(self._printery.plan(), SCHEDULE)

    def close(self) -> None:
        """Close the ledger."""
        self._printery.close()


class Nights:
    """Makes the proof of each night in a thread of its own, so that printing goes on."""

    def __init__(self, folder: HospitalFolder, site: Site, ring: KeyRing) -> None:
        self._folder, self._site, self._ring = folder, site, ring
        self._thread = ThreadPoolExecutor(1, "proof")
        self._proving: Future[None] | None = None
        self._looked_at = 0

    def look(self, ledger: PackLedger) -> None:
        """Begin the proof that is due; raises what the last one came to."""
        at = now()
        if self._proving is not None and self._proving.done():
            ended, self._proving = self._proving, None
            ended.result()
        if self._proving is not None or 0 <= at - self._looked_at < _PROVES_EVERY:
            return
        last = max(ledger.proofs().values(), key=lambda proof: proof.at, default=None)
        if not any(self._folder.packs.glob("*/newest.json")):
            return
        if is_due(self._site, last, at):
            self._looked_at = at
            self._proving = self._thread.submit(self._prove)
        elif wrong_targets(ledger.targets(), self._site):
            # A target that was found wrong gets new packs by itself: said once it has them.
            self._looked_at = at
            self._proving = self._thread.submit(self._look)

    def _look(self) -> None:
        place = self._folder
        charts = StoredCharts(place.chart_database, place.clinical, self._ring, self._site)
        ledger = printing_ledger(place, self._ring)
        try:
            Prover(place, self._site, self._ring, charts).look(ledger)
        finally:
            ledger.close()
            charts.close()

    def _prove(self) -> None:
        place = self._folder
        charts = StoredCharts(place.chart_database, place.clinical, self._ring, self._site)
        ledger = printing_ledger(place, self._ring)
        try:
            if charts.waiting() <= FAR_BEHIND:
                Prover(place, self._site, self._ring, charts).prove(ledger)
        except NothingToProveError as fault:
            print(f"wardkeep: {fault}", file=sys.stderr, flush=True)  # noqa: T201  # the log
        finally:
            ledger.close()
            charts.close()

    def close(self) -> None:
        """Wait for a proof that is being made."""
        self._thread.shutdown(wait=True, cancel_futures=True)


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
