"""Proves a ward by its paper, and the lists of the house: for the verb, and each night."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from zoneinfo import ZoneInfo

import msgspec

from wardkeep.adapters.both_shelves import BothShelves
from wardkeep.adapters.clock import now
from wardkeep.adapters.delivered_packs import DeliveredPacks, Looked, look
from wardkeep.adapters.delivery_targets import target_of
from wardkeep.adapters.errors import NothingToProveError
from wardkeep.adapters.key_ring import KeyRing
from wardkeep.adapters.list_proof_reader import ListProofReader
from wardkeep.adapters.minisign import fingerprint
from wardkeep.adapters.pack_keys import PackKeys
from wardkeep.adapters.pack_shelf import PackShelf
from wardkeep.adapters.proof_reader import LiveCharts, ProofReader, shuffled
from wardkeep.app.delivering import read_standing, site_folder
from wardkeep.app.folder import HospitalFolder
from wardkeep.app.pack_ledger import PackLedger, recorder
from wardkeep.hospital.site import Site
from wardkeep.kernel.wall_clock import local
from wardkeep.pack.delivery import Standing
from wardkeep.pack.events import ALTERED, DeliveriesChecked, ListProved, ProofMade
from wardkeep.pack.house_lists import code_of
from wardkeep.pack.readiness import Readiness, believed, readiness
from wardkeep.pack.target_looks import after
from wardkeep.pack.whole_house import PackKind

NIGHTLY = "wardkeep"


class Prover:
    """Makes proofs of one hospital folder and records them."""

    def __init__(
        self, folder: HospitalFolder, site: Site, ring: KeyRing, charts: LiveCharts
    ) -> None:
        self._folder, self._site, self._charts = folder, site, charts
        self._signer = fingerprint(ring.verifying_key())
        self._shelf = PackShelf(folder.packs, ring)
        self._lists = PackShelf(folder.lists, ring)
        self._both = BothShelves(self._shelf, self._lists)
        self._keys = PackKeys(folder.pack_keys, ring)
        self._record = recorder(folder, ring)

    def prove(
        self,
        ledger: PackLedger,
        ward: str = "",
        by: str = NIGHTLY,
        tell: Callable[[str], None] = lambda _: None,
    ) -> ProofMade:
        """Prove a ward, else one drawn by chance, and every list; record what came of it.

        First every target is looked at; the file there is read where it is sound, else the
        shelf's. `tell` hears the code of each list before it is read. Raises
        NothingToProveError where no ward can be, UnreadablePdfError, KeyMissingError.
        """
        with self._looking() as looked:
            packs = DeliveredPacks(self._both, self._keys, looked)
            try:
                made = self._prove(packs, ledger, ward, by)
                proved = tuple(self._prove_lists(packs, tell))
                made = msgspec.structs.replace(made, lists=proved)
                self._record([made])
            finally:
                self._tell(ledger, packs, looked, by)
        return made

    def look(self, ledger: PackLedger, by: str = NIGHTLY) -> None:
        """Look at every target, and record what lies there; raises KeyMissingError."""
        with self._looking() as looked:
            packs = DeliveredPacks(self._both, self._keys, looked)
            self._tell(ledger, packs, looked, by)

    def _prove_lists(
        self, packs: DeliveredPacks, tell: Callable[[str], None]
    ) -> Iterator[ListProved]:
        """Prove the lists that the site makes and that were ever made, each on its own."""
        reader = ListProofReader(packs, now)
        made = self._lists.standing().newest
        for kind in self._site.lists.kinds:
            code = code_of(PackKind(kind))
            if code in made:
                tell(code)
                yield reader.prove(code)

    def _tell(
        self, ledger: PackLedger, packs: DeliveredPacks, looked: Sequence[Looked], by: str
    ) -> None:
        former = ledger.targets()
        # What the ward's key did not open is sound to the eye: it is tried until it opens.
        packs.open_again({name: known.wrong for name, known in former.items()})
        told = [_checked(each, packs.closed, by) for each in looked]
        self._record([after(former.get(each.target), each) for each in told])

    def readiness(self, ledger: PackLedger) -> Readiness:
        """Return what would be on paper if the systems went away now."""
        newest = believed(self._shelf.standing().newest, ledger.targets(), self._site)
        wards = {ward.ward for ward in self._charts.wards()}
        return readiness(wards, newest, self._site, ledger.prints(), ledger.proofs(), now())

    @contextmanager
    def _looking(self) -> Iterator[list[Looked]]:
        """Look at every target; what was fetched goes at the end."""
        with TemporaryDirectory(prefix="proof-", dir=self._folder.run) as scratch:
            yield [
                look(
                    each.name,
                    target_of(each, site_folder(self._site)),
                    partial(self._standing, each.name),
                    self._signer,
                    Path(scratch) / str(place),
                )
                for place, each in enumerate(self._site.deliveries)
            ]

    def _standing(self, name: str) -> Standing:
        return read_standing(self._folder).get(name, Standing())

    def _prove(
        self, packs: DeliveredPacks, ledger: PackLedger, ward: str, by: str
    ) -> ProofMade:
        wards = [ward] if ward else shuffled(sorted(self._shelf.standing().newest))
        reader = ProofReader(packs, self._charts, self._site, now)
        fault = NothingToProveError("no ward has a pack yet")
        for each in wards:
            try:
                made = reader.prove(each, by, self.readiness(ledger).minutes)
            except NothingToProveError as why:
                fault = why
                continue
            return msgspec.structs.replace(made, place=packs.place, means=packs.means)
        raise fault


def _checked(looked: Looked, closed: Collection[tuple[str, str]], by: str) -> DeliveriesChecked:
    wrong = {ward: ALTERED for target, ward in closed if target == looked.target}
    return DeliveriesChecked(
        target=looked.target,
        at=now(),
        by=by,
        wards=len(looked.sound) + len(looked.wrong),
        wrong={**looked.wrong, **wrong},
        unread=looked.unread,
    )


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
