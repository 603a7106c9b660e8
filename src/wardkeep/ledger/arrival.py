"""What a listener hands to the clinical ledger and what it answers; ports of the writer."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import Protocol

import msgspec


class Kind(StrEnum):
    """What the bytes of a clinical entry are."""

    HL7 = "hl7"
    CENSUS = "census"
    STRAY = "stray"
    """Bytes that stood outside any MLLP frame; kept, never acknowledged."""
    FHIR = "fhir"
    UNREADABLE = "unreadable entry"
    """Stands where entries cannot be read from the disk (any more); never stored."""
    LEFT_OUT = "numbers left out"
    """Stands for numbers that were left out when another box went on; never stored."""


class Arrival(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """Bytes as they came.

    `application`, `facility` and `control` are MSH-3, MSH-4 and MSH-10, byte for byte.
    """

    feed: str
    received: int
    kind: Kind
    application: bytes
    facility: bytes
    control: bytes
    body: bytes


class Verdict(StrEnum):
    """How an arrival relates to what the ledger holds within the duplicate horizon."""

    NEW = "new"
    REPEATED = "repeated"
    """Same feed, MSH-3, MSH-4, MSH-10 and bytes: not stored again; answer as the first time."""
    ID_REUSED = "id_reused"
    """Same identifiers, other bytes: stored, flagged."""


class Appended(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """What became of an arrival.

    For REPEATED, `sequence` and `received` are the first one's, so that an answer computed
    from them is the stored answer again.
    """

    sequence: int
    received: int
    verdict: Verdict


class Entry(msgspec.Struct, frozen=True, array_like=True):
    """One entry of the clinical ledger. `sequence` has no gap and never restarts by day."""

    sequence: int
    feed: str
    received: int
    kind: Kind
    application: bytes
    facility: bytes
    control: bytes
    body: bytes
    id_reused: bool


class ClinicalWriter(Protocol):
    """The only way into the clinical ledger."""

    def append(self, arrivals: Sequence[Arrival]) -> list[Appended]:
        """Make all arrivals durable in one commit, in order; return one answer each.

        Raises StoreFailedError if any byte may not be durable: then nobody may be answered.
        """
        ...


class ClinicalReader(Protocol):
    """Reads the clinical ledger by cursor, across day files."""

    def after(self, sequence: int, limit: int) -> list[Entry]:
        """Return up to `limit` entries after `sequence` (0: from the first kept), in order.

        At least one if there is any; fewer than `limit` where they are large.
        """
        ...
