"""Puts the door of a site together: its senders' tokens, the way to the writer, its figures."""

from __future__ import annotations

import sys

from wardkeep.adapters import clock
from wardkeep.adapters.door_figures import read_figures
from wardkeep.adapters.handover_client import HandoverClient
from wardkeep.adapters.key_ring import KeyRing
from wardkeep.adapters.mllp_room import Room
from wardkeep.adapters.operations_store import OperationsLedger, read_operations
from wardkeep.app.folder import HospitalFolder
from wardkeep.hospital.site import Site
from wardkeep.kernel.errors import WardkeepError
from wardkeep.tokens.events import PART, decode
from wardkeep.tokens.state import Tokens, fold
from wardkeep.web.door.door import Door, DoorDependencies
from wardkeep.web.door.figures import Tally
from wardkeep.web.door.keeping import Keeper
from wardkeep.web.door.senders import Senders


class FoldedTokens:
    """The tokens, folded from the operations ledger as it grows."""

    def __init__(self, operations: OperationsLedger) -> None:
        self._operations = operations
        self._tokens: Tokens = ()
        self._sequence = 0

    def tokens(self) -> Tokens:
        """Return the tokens as they stand; as last known while they cannot be read."""
        try:
            newest = self._operations.last_sequence()
            if newest > self._sequence:
                span = newest - self._sequence
                found = self._operations.after(self._sequence, PART, span)
                self._tokens = fold((decode(e.body) for _, e in found), self._tokens)
                self._sequence = newest
        except (WardkeepError, OSError) as fault:
            print(f"tokens cannot be read: {fault}", file=sys.stderr, flush=True)  # noqa: T201
        return self._tokens


def door_of(folder: HospitalFolder, site: Site, ring: KeyRing) -> Door:
    """Return the door of a site's FHIR senders."""
    operations = read_operations(folder.operations, ring)
    known = FoldedTokens(operations)
    senders = Senders(site.feeds, known.tokens, clock.now)

    return Door(
        DoorDependencies(
            senders=senders,
            handover=HandoverClient(folder.handover_socket),
            tally=Tally(read_figures(folder.door_figures), clock.now),
            room=Room(site.unfinished_bytes_limit),
            keep=Keeper(folder).keep,
            secure=site.web_certificate is not None,
        )
    )
