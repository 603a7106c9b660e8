"""Carries heads between the ledgers, once a second and at both ends of a writer's life."""

from __future__ import annotations

import logging
from contextlib import closing
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
from wardkeep.ledger.encoding import UNDECODABLE, LookEntry, OperationsEvent
from wardkeep.ledger.errors import KeyMissingError, LedgerFaultError
from wardkeep.ledger.witness import PART, HeadsWitnessed, from_event, to_event

_LOG = logging.getLogger(__name__)


def given_out(clinical: Path, operations: Path, ring: KeyRing) -> dict[str, Head]:
    """Return by ledger the newest head that another ledger holds of it.

    What cannot be read is left out and told in the log: the other ledgers still witness.
    """
    heads: dict[str, Head] = {}
    for head in (*_in_newest_event(operations, ring), *_in_newest_checkpoint(clinical, ring)):
        known = heads.get(head.ledger)
        if head.sequence > (known.sequence if known else 0):
            heads[head.ledger] = head
    return heads


def _in_newest_event(operations: Path, ring: KeyRing) -> tuple[Head, ...]:
    reader = read_operations(operations, ring)
    try:
        newest = reader.newest(PART)
        said = from_event(newest) if newest else None
    except (KeyMissingError, LedgerFaultError, *UNDECODABLE) as fault:
        _LOG.error("the operations ledger cannot be asked for heads: %s", fault)
        return ()
    finally:
        reader.close()
    return said.heads if isinstance(said, HeadsWitnessed) else ()


def _in_newest_checkpoint(clinical: Path, ring: KeyRing) -> tuple[Head, ...]:
    query = "select body from checkpoint order by sequence desc limit 1"
    for path in reversed(files_of(clinical)):
        try:
            key = ring.open_key(key_path(path))
            with closing(encrypted_database.open_for_reading(path, key)) as connection:
                body = connection.execute(query).get
            if isinstance(body, bytes):
                return checkpoint.decode(body).others
        except (apsw.Error, KeyMissingError, LedgerFaultError, *UNDECODABLE) as fault:
            _LOG.error("%s cannot be asked for heads: %s", path.name, fault)
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
