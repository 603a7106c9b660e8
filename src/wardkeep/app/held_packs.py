"""Which packs are held, and what a person decides of them, for the command line and the web."""

from __future__ import annotations

import base64
from collections.abc import Callable, Sequence

from wardkeep.adapters.clock import now
from wardkeep.adapters.pack_shelf import held_in
from wardkeep.app.control import call
from wardkeep.app.folder import HospitalFolder
from wardkeep.pack.decide import keep, release
from wardkeep.pack.events import PART, Decision, encode
from wardkeep.pack.state import Hold, Shelf

Decide = Callable[[Shelf, str, str, str, int], Sequence[Decision]]
DECISIONS: dict[str, Decide] = {"release": release, "keep": keep}
"""What may be decided: that it is true, or that the pack stays held."""


def held_packs(folder: HospitalFolder) -> list[Hold]:
    """Return what is held, the longest held first."""
    return sorted(
        held_in(folder.packs).values(), key=lambda hold: (hold.held.at, hold.held.ward)
    )


def decide(folder: HospitalFolder, decision: str, ward: str, by: str, why: str) -> None:
    """Have a decision of DECISIONS recorded; the packs follow it within a second or two.

    Raises NotHeldError, NoReasonError, NotRunningError.
    """
    held = {hold.held.ward: hold for hold in held_packs(folder)}
    for event in DECISIONS[decision](Shelf(held=held), ward, by, why, now()):
        body = base64.b64encode(encode(event)[1]).decode()
        call(folder.control_socket, "operations.append", {"part": PART, "body": body})
