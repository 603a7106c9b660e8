"""What the pages need to tell, and to record, whether a ward has its pack."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from wardkeep.pack.errors import UnknownReceiptError
from wardkeep.pack.events import PackBuilt, ReceiptEvent
from wardkeep.pack.receipt_code import KnownPack
from wardkeep.pack.receipts import NO_RECEIPTS, Receipts
from wardkeep.web.errors import OperationFailedError


class ReceiptBook(Protocol):
    """Who took packs, which are in hand, and the packs that somebody may hold."""

    def receipts(self) -> Receipts | None:
        """Return what is known of all wards; None while it cannot be read."""
        ...

    def newest(self) -> Mapping[str, PackBuilt]:
        """Return the newest pack of each ward, as it stands on the shelf."""
        ...

    def packs(self, ward: str) -> Sequence[KnownPack]:
        """Return the packs of a ward that somebody may hold, newest first.

        Raises OperationFailedError while what is known cannot be read.
        """
        ...

    def of_code(self, typed: str) -> KnownPack:
        """Return the pack of a code.

        Raises ReceiptCodeMistypedError, UnknownReceiptError, OperationFailedError as `packs`.
        """
        ...

    def record(self, events: Sequence[ReceiptEvent]) -> None:
        """Record what was taken or said; raises OperationFailedError."""
        ...


class NoReceipts:
    """A server that knows no packs."""

    def receipts(self) -> Receipts:
        """Return nothing."""
        return NO_RECEIPTS

    def newest(self) -> Mapping[str, PackBuilt]:
        """Return nothing."""
        return {}

    def packs(self, ward: str) -> Sequence[KnownPack]:  # noqa: ARG002  # the port's
        """Return nothing."""
        return ()

    def of_code(self, typed: str) -> KnownPack:
        """Know no code; raises UnknownReceiptError."""
        raise UnknownReceiptError(f"no pack is known here: {len(typed)} letters were typed")

    def record(self, events: Sequence[ReceiptEvent]) -> None:
        """Record nothing; raises OperationFailedError."""
        raise OperationFailedError(f"{len(events)} events were not recorded")
