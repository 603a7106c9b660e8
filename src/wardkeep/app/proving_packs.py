"""Proves a ward by its paper: for the verb, and each night for the overview's first line."""

from __future__ import annotations

from datetime import date
from zoneinfo import ZoneInfo

from wardkeep.adapters.clock import now
from wardkeep.adapters.errors import NothingToProveError
from wardkeep.adapters.key_ring import KeyRing
from wardkeep.adapters.pack_shelf import PackShelf
from wardkeep.adapters.proof_reader import LiveCharts, ProofReader, shuffled
from wardkeep.app.folder import HospitalFolder
from wardkeep.app.print_ledger import PrintLedger, recorder
from wardkeep.hospital.site import Site
from wardkeep.kernel.wall_clock import local
from wardkeep.pack.events import ProofMade
from wardkeep.pack.readiness import Readiness, readiness

NIGHTLY = "wardkeep"


class Prover:
    """Makes proofs of one hospital folder and records them."""

    def __init__(
        self, folder: HospitalFolder, site: Site, ring: KeyRing, charts: LiveCharts
    ) -> None:
        self._site, self._charts = site, charts
        self._shelf = PackShelf(folder.packs, ring)
        self._reader = ProofReader(self._shelf, charts, site, now)
        self._record = recorder(folder, ring)

    def prove(self, ledger: PrintLedger, ward: str = "", by: str = NIGHTLY) -> ProofMade:
        """Prove a ward, else one drawn by chance, and record what came of it.

        Raises NothingToProveError where no ward can be, UnreadablePdfError, KeyMissingError.
        """
        wards = [ward] if ward else shuffled(sorted(self._shelf.standing().newest))
        fault = NothingToProveError("no ward has a pack yet")
        for each in wards:
            try:
                made = self._reader.prove(each, by, self.readiness(ledger).minutes)
            except NothingToProveError as why:
                fault = why
                continue
            self._record([made])
            return made
        raise fault

    def readiness(self, ledger: PrintLedger) -> Readiness:
        """Return what would be on paper if the systems went away now."""
        newest = self._shelf.standing().newest
        wards = {ward.ward for ward in self._charts.wards()}
        return readiness(wards, newest, self._site, ledger.prints(), ledger.proofs(), now())


def is_due(site: Site, last: ProofMade | None, at: int) -> bool:
    """Tell whether tonight's proof is to be made: its hour has come and none was made since.

    The first is made as soon as there is paper: nobody waits a night to see whether it works.
    """
    if not site.proof.at:
        return False
    if last is None:
        return True
    zone = ZoneInfo(site.rules.timezone)
    here = local(at, zone)
    due = date(here.year, here.month, here.day)
    hour, minute = (int(part) for part in site.proof.at.split(":"))
    proved = local(last.at, zone)
    if (here.hour, here.minute) < (hour, minute):
        return False
    return proved.date() < due or (proved.hour, proved.minute) < (hour, minute)
