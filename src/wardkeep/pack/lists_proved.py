"""What is known of the lists of the whole house after all proofs. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import msgspec

from wardkeep.hospital.site import Site
from wardkeep.kernel.times import DAY
from wardkeep.pack.events import ListProved, ProofMade
from wardkeep.pack.house_lists import code_of
from wardkeep.pack.whole_house import PackKind

GROWS_OLD = 2 * DAY
"""As a ward's (pack.readiness): a site that proves each night has missed one by then."""

ListsProved = Mapping[str, ListProved]
"""The newest proof of each list, by its code."""


class ListsTold(msgspec.Struct, frozen=True, kw_only=True):
    """Of `made` lists of a site `compared` were lately: `right` of `checks` facts were.

    `wrong` are the codes of those of which not all was at their last proof, however old;
    `at` the newest proof; `delivered` how many were read, or found the same, at a target.
    """

    made: int = 0
    compared: int = 0
    checks: int = 0
    right: int = 0
    wrong: tuple[str, ...] = ()
    delivered: int = 0
    at: int | None = None

    @property
    def percent(self) -> float | None:
        """The share that was right, in tenths, never rounded up; None: not measured."""
        return 1000 * self.right // self.checks / 10 if self.checks else None


def fold(proofs: Iterable[ProofMade], known: ListsProved | None = None) -> ListsProved:
    """Return what is known after all `proofs`, in their order.

    What could not be compared takes back no fault that was found before.
    """
    found = dict(known or {})
    for each in (one for proof in proofs for one in proof.lists):
        former = found.get(each.code)
        if not each.why or former is None or former.why:
            found[each.code] = each
    return found


def of_site(known: ListsProved, site: Site) -> list[ListProved]:
    """Return what is known of the lists that a site makes, in the order of its settings."""
    codes = (code_of(PackKind(kind)) for kind in site.lists.kinds)
    return [known[code] for code in codes if code in known]


def told(known: ListsProved, site: Site, now: int) -> ListsTold:
    """Return what the overview says of lists; `now` in UTC microseconds."""
    all_known = of_site(known, site)
    found = [e for e in all_known if not e.why and now - e.at <= GROWS_OLD]
    return ListsTold(
        made=len(site.lists.kinds),
        compared=len(found),
        checks=sum(each.checks for each in found),
        right=sum(each.right for each in found),
        # As the alarm: a fault does not grow old, only a proof that finds all right ends it.
        wrong=tuple(each.code for each in all_known if each.right < each.checks),
        delivered=sum(bool(each.place) for each in found),
        at=max((each.at for each in found), default=None),
    )
