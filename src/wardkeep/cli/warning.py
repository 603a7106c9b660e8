"""A warning of a verb: what it did is done, and somebody must still know."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from wardkeep.hospital.site import Copies, Site


def warn(why: str, remedy: str) -> None:
    """Say on standard error what is amiss and what to do; nothing where `why` is empty."""
    if why:
        print(f"wardkeep: warning: {why}.\n  What to do: {remedy}", file=sys.stderr)


def warn_of_slips(site: Site) -> None:
    """Warn where slips bear an address that no ward can open."""
    from wardkeep.app.slips import address_of
    from wardkeep.hospital.reach import WARDS_REMEDY, why_wards_cannot_reach

    if why := why_wards_cannot_reach(site):
        warn(f"the slips say {address_of(site)}, but {why}", f"{WARDS_REMEDY} Print them then.")


def warn_of_invitation(copies: Copies) -> None:
    """Warn where an invitation bears an address that no other box can reach."""
    from wardkeep.hospital.reach import BOXES_REMEDY, why_no_box_can_reach

    warn(why_no_box_can_reach(copies), BOXES_REMEDY)
