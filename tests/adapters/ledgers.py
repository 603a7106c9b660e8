"""A site's keys and ledgers in a folder of the test's own."""

from __future__ import annotations

from pathlib import Path

from wardkeep.adapters.clinical_store import ClinicalStore
from wardkeep.adapters.heads_seen import LedgerPlaces
from wardkeep.adapters.key_ring import KeyRing, make_key_ring
from wardkeep.adapters.operations_store import EventStore, open_access, open_operations
from wardkeep.adapters.witness import Witness
from wardkeep.kernel.times import DAY
from wardkeep.ledger.arrival import Arrival, Kind
from wardkeep.ledger.encoding import LookEntry, OperationsEvent

SATURDAY = 1_652_499_000_000_000
"""2022-05-14T03:30Z."""
MIDNIGHT = SATURDAY - SATURDAY % DAY + DAY


def places(folder: Path) -> LedgerPlaces:
    """Where the ledgers of a folder and their witnesses lie."""
    return LedgerPlaces(
        clinical=folder / "clinical",
        operations=folder / "operations",
        access=folder / "access",
        packs=folder / "packs",
        witness=folder / "witness",
    )


def message(
    number: int, at: int = SATURDAY, *, body: bytes = b"", feed: str = "adt"
) -> Arrival:
    control = b"M%06d" % number
    return Arrival(feed, at, Kind.HL7, b"ADT", b"H", control, body or b"MSH|" + control)


class Ledgers:
    """All three ledgers of a site, opened to write."""

    def __init__(self, folder: Path, ring: KeyRing | None = None) -> None:
        self.folder = folder
        for name in ("keys", "clinical", "operations", "access"):
            (folder / name).mkdir(parents=True, exist_ok=True)
        self.words = ""
        if ring is None:
            ring, self.words = make_key_ring(folder / "keys")
        self.ring = ring
        self.clinical = ClinicalStore(folder / "clinical", ring)
        self.operations: EventStore[OperationsEvent] = open_operations(
            folder / "operations", ring
        )
        self.access: EventStore[LookEntry] = open_access(folder / "access", ring)
        self.witness = Witness(self.clinical, self.operations, self.access)

    def close(self, at: int = SATURDAY) -> None:
        self.witness.witness(at)
        self.clinical.close(at)
        self.operations.close()
        self.access.close()
