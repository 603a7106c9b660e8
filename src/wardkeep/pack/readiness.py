"""What would be on paper if the systems went away now: the first line of the overview.

Rules kept here:
- Every figure is measured, or said to be NOT MEASURED. A ward counts as on paper where its pack
  is not overdue, a printer can print it, and at no target its file was found missing, put back
  or altered.
- Minutes are those of all pages of all wards at the speed that the last jobs of their printers
  showed; one printer of them without a job that counts, and they are not measured.
- Medication is what the last proof found, in a ward drawn by chance, within the last two days.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from math import ceil

import msgspec

from wardkeep.hospital.site import Site
from wardkeep.kernel.times import DAY, MINUTE
from wardkeep.pack.decide import GROWS_OLD
from wardkeep.pack.events import DeliveriesChecked, PackBuilt, ProofMade
from wardkeep.pack.lists_proved import ListsTold
from wardkeep.pack.print_order import WardPaper, measured_speed, places_of, plan, speeds_of
from wardkeep.pack.prints import Prints
from wardkeep.pack.target_looks import Looks

PROOF_GROWS_OLD = 2 * DAY
"""A site that proves a ward each night has missed one by then."""
# An unchanged ward has new paper each hour (pack.decide); half an hour later nobody makes any.
_OVERDUE = GROWS_OLD + 30 * MINUTE


class Readiness(msgspec.Struct, frozen=True, kw_only=True):
    """What holds at `at` (UTC microseconds).

    `on_paper` of `wards` can be printed, all of them in `minutes` (None: not measured); of
    `medication` facts `right` stood on a ward's paper at `proved` (None: never, or too old).
    """

    at: int
    wards: int
    on_paper: int
    minutes: float | None = None
    medication: int = 0
    right: int = 0
    proved: int | None = None
    place: str = ""
    means: str = ""
    """Of that proof: the target whose file was read, empty for the shelf's; events.MEANS."""
    lists: ListsTold = ListsTold()
    """Of the lists of the whole house, which no other figure counts."""

    @property
    def whole_minutes(self) -> int:
        """The minutes, rounded up: nobody is told less than it takes."""
        return ceil(self.minutes or 0)

    @property
    def percent(self) -> float | None:
        """The share of medication that was right, in tenths; None: not measured."""
        if self.proved is None or not self.medication:
            return None
        return 1000 * self.right // self.medication / 10


def readiness(
    wards: Collection[str],
    newest: Mapping[str, PackBuilt],
    site: Site,
    prints: Prints,
    proofs: Mapping[str, ProofMade],
    now: int,
) -> Readiness:
    """Return what would be on paper if the systems went away at `now`."""
    ready = [
        built for ward, built in newest.items() if ward in wards and _is_ready(built, site, now)
    ]
    last = max(proofs.values(), key=lambda proof: proof.at, default=None)
    if last is not None and now - last.at > PROOF_GROWS_OLD:
        last = None
    return Readiness(
        at=now,
        wards=len(wards),
        on_paper=len(ready),
        minutes=_minutes(ready, site, prints),
        medication=last.medication if last else 0,
        right=last.medication_right if last else 0,
        proved=last.at if last else None,
        place=last.place if last else "",
        means=last.means if last else "",
    )


def believed(
    newest: Mapping[str, PackBuilt], targets: Looks, site: Site
) -> dict[str, PackBuilt]:
    """Return the packs of wards of which none of the site's targets was found wrong."""
    wrong = {ward for checked in wrong_targets(targets, site) for ward in checked.wrong}
    return {ward: built for ward, built in newest.items() if ward not in wrong}


def wrong_targets(targets: Looks, site: Site) -> list[DeliveriesChecked]:
    """Return those of the site's targets where a ward's files are not what was brought."""
    known = [targets.get(each.name) for each in site.deliveries]
    return [each for each in known if each is not None and each.wrong]


def _is_ready(built: PackBuilt, site: Site, now: int) -> bool:
    places = places_of(built.ward, _site_of(built.ward, site), site.printers)
    return bool(places) and now - built.at <= _OVERDUE


def _minutes(ready: Sequence[PackBuilt], site: Site, prints: Prints) -> float | None:
    """Return when the last of these wards has its paper, None where a speed is not measured."""
    papers = [
        # Where the ward's sheet ends within its pages changes no time: all of it is printed.
        WardPaper(
            ward=each.ward, site=_site_of(each.ward, site), sheet=1, records=each.pages - 1
        )
        for each in ready
    ]
    found = plan(papers, site.printers, speeds_of(site.printers, prints))
    used = {step.printer for step in found.steps}
    if any(measured_speed(name, prints) is None for name in used):
        return None
    return found.minutes


def _site_of(ward: str, site: Site) -> str:
    return next((each.site for each in site.wards if each.code == ward), "")


def is_proof_old(proofs: Mapping[str, ProofMade], since: int, now: int) -> bool:
    """Tell whether no proof was made for too long; `since` is when they could begin."""
    last = max((proof.at for proof in proofs.values()), default=since)
    return now - max(last, since) > PROOF_GROWS_OLD
