"""Carries heads between the ledgers, once a second and at both ends of a writer's life."""

from __future__ import annotations

from pathlib import Path

import apsw

from wardkeep.adapters import encrypted_database
from wardkeep.adapters.chained_file import key_path
from wardkeep.adapters.clinical_store import ClinicalStore
from wardkeep.adapters.key_ring import KeyRing
from wardkeep.adapters.ledger_folder import files_of
from wardkeep.adapters.operations_store import EventStore, read_operations
from wardkeep.ledger import checkpoint
from wardkeep.ledger.checkpoint import Head
from wardkeep.ledger.encoding import LookEntry, OperationsEvent
from wardkeep.ledger.errors import LedgerFaultError
from wardkeep.ledger.witness import PART, HeadsWitnessed, from_event, to_event


def given_out(clinical: Path, operations: Path, ring: KeyRing) -> dict[str, Head]:
    """Return by ledger the newest head that another ledger holds of it.

    Raises LedgerFaultError or KeyMissingError where the newest files cannot be read.
    """
    heads = {}
    reader = read_operations(operations, ring)
    newest = reader.newest(PART)
    reader.close()
    said = from_event(newest) if newest else None
    if isinstance(said, HeadsWitnessed):
        heads = {head.ledger: head for head in said.heads if head.sequence}
    for head in _in_newest_checkpoint(clinical, ring):
        known = heads.get(head.ledger)
        if head.sequence > (known.sequence if known else 0):
            heads[head.ledger] = head
    return heads


def _in_newest_checkpoint(clinical: Path, ring: KeyRing) -> tuple[Head, ...]:
    for path in reversed(files_of(clinical)):
        connection = encrypted_database.open_for_reading(path, ring.open_key(key_path(path)))
        try:
            body = connection.execute(
                "select body from checkpoint order by sequence desc limit 1"
            ).get
        except apsw.Error as fault:
            raise LedgerFaultError(f"{path.name}: {fault}") from fault
        finally:
            connection.close()
        if isinstance(body, bytes):
            return checkpoint.decode(body).others
    return ()


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
