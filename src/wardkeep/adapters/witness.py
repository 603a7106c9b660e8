"""Carries heads between the ledgers, once a second and at both ends of a writer's life."""

from __future__ import annotations

from wardkeep.adapters.clinical_store import ClinicalStore
from wardkeep.adapters.operations_store import EventStore
from wardkeep.ledger.checkpoint import Head
from wardkeep.ledger.encoding import LookEntry, OperationsEvent
from wardkeep.ledger.witness import HeadsWitnessed, to_event


class Witness:
    """Knows what was witnessed last, so that a quiet hospital writes nothing."""

    def __init__(
        self,
        clinical: ClinicalStore,
        operations: EventStore[OperationsEvent],
        access: EventStore[LookEntry],
    ) -> None:
        self._clinical, self._operations, self._access = clinical, operations, access
        # Nothing yet: what the last life of the writer wrote in its last second is witnessed
        # now.
        self._seen: tuple[Head, Head] | None = None
        self._kept: Head | None = None

    def witness(self, now: int) -> None:
        """Write the clinical and access heads into operations, and theirs into clinical."""
        heads = (self._clinical.last, self._access.last)
        if heads != self._seen:
            self._clinical.seal(now)
            self._operations.append([to_event(HeadsWitnessed(now, heads))])
            self._seen = heads
        others = (self._operations.last, self._access.last)
        self._clinical.witnesses = others
        self._access.witnesses = (self._clinical.last, self._operations.last)
        if self._operations.last != self._kept:
            # At once: in a quiet hospital the next message may be hours away.
            if not self._clinical.seal_again(now):
                self._access.seal_again(now)
            self._kept = self._operations.last
