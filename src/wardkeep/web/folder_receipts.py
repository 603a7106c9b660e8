"""The receipts of a hospital folder as the pages ask for them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from wardkeep.adapters.pack_shelf import PackShelf
from wardkeep.app.pack_ledger import PackLedger
from wardkeep.app.receiving import known_of, known_wards
from wardkeep.kernel.errors import WardkeepError
from wardkeep.pack.errors import UnknownReceiptError
from wardkeep.pack.events import PackBuilt, ReceiptEvent
from wardkeep.pack.receipt_code import KnownPack, pack_of
from wardkeep.pack.receipts import Receipts
from wardkeep.web.errors import OperationFailedError


class FolderReceipts:
    """The receipts of a folder (app.pack_ledger) and its shelf; any thread may ask."""

    def __init__(
        self,
        ledger: PackLedger,
        shelf: PackShelf,
        newest: Callable[[], Mapping[str, PackBuilt]],
        send: Callable[[Sequence[ReceiptEvent]], None],
    ) -> None:
        """`newest` tells the newest pack of each ward; `send` makes events durable."""
        self._ledger, self._shelf = ledger, shelf
        self._newest, self._send = newest, send

    def receipts(self) -> Receipts | None:
        """Return what is known of all wards; None while the ledger cannot be read."""
        try:
            return self._ledger.receipts()
        except (WardkeepError, OSError):
            return None

    def newest(self) -> Mapping[str, PackBuilt]:
        """Return the newest pack of each ward, as it stands on the shelf."""
        return self._newest()

    def packs(self, ward: str) -> Sequence[KnownPack]:
        """Return the packs of a ward that somebody may hold, newest first.

        Raises OperationFailedError while the ledger cannot be read: paper that went from the
        shelf would else count as paper of another server.
        """
        return known_of(self._shelf, self._readable(), ward)

    def of_code(self, typed: str) -> KnownPack:
        """Return the pack of a code.

        Raises ReceiptCodeMistypedError, UnknownReceiptError, and OperationFailedError as
        `packs`, also where a part of the ledger that cannot be read may know it.
        """
        receipts = self._readable()
        wards = known_wards(self._shelf, receipts)
        known = (each for w in wards for each in known_of(self._shelf, receipts, w))
        try:
            return pack_of(typed, known)
        except UnknownReceiptError as fault:
            if lacks := self._ledger.lacks():
                raise OperationFailedError(f"of the operations ledger {lacks}") from fault
            raise

    def _readable(self) -> Receipts:
        receipts = self.receipts()
        if receipts is None:
            raise OperationFailedError("what was printed and taken cannot be read")
        return receipts

    def record(self, events: Sequence[ReceiptEvent]) -> None:
        """Record what was taken or said; raises OperationFailedError."""
        self._send(events)
