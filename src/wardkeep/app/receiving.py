"""Takes what a ward says of its paper: which pack is in hand, by generation or by code."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import msgspec

from wardkeep.adapters.clock import now
from wardkeep.adapters.key_ring import KeyRing
from wardkeep.adapters.pack_shelf import PackShelf
from wardkeep.app.folder import HospitalFolder
from wardkeep.app.pack_ledger import delivery_ledger, recorder
from wardkeep.pack.errors import UnknownReceiptError
from wardkeep.pack.events import PackAccepted
from wardkeep.pack.house_lists import looks_like_list
from wardkeep.pack.receipt_code import KnownPack, pack_of
from wardkeep.pack.receipts import (
    Receipts,
    Said,
    acceptance,
    fold,
    is_newest,
    is_superseded,
    known_packs,
    of_generation,
    said_before,
)

_LACKS = (
    "Nothing was recorded. Of the operations ledger {lacks}: the pack may be known there alone."
    " `wardkeep verify DIR` names the fault."
)


def known_of(shelf: PackShelf, receipts: Receipts, ward: str) -> tuple[KnownPack, ...]:
    """Return the packs of a ward that somebody may hold, newest first."""
    return known_packs(receipts, ward, [note.built for note in shelf.generations(ward)])


def known_wards(shelf: PackShelf, receipts: Receipts) -> list[str]:
    """Return the wards that have a pack, or had one in the ledger's time; no lists."""
    found = {*shelf.standing().newest, *receipts.papers, *receipts.built}
    return sorted(ward for ward in found if not looks_like_list(ward))


class Taken(msgspec.Struct, frozen=True):
    """What was said, as it is recorded, and what counts as in hand of the ward after it.

    They differ where the code of an older pack came after a newer one was said to be in hand.
    """

    said: PackAccepted
    counts: PackAccepted


class Reception:
    """One hospital folder, with or without a running server."""

    def __init__(self, folder: HospitalFolder, ring: KeyRing) -> None:
        self._shelf = PackShelf(folder.packs, ring)
        self._ledger = delivery_ledger(folder, ring)
        self._record = recorder(folder, ring)

    def wards(self) -> Sequence[str]:
        """Return the wards of which a pack is known; raises StoreFailedError, OSError."""
        return known_wards(self._shelf, self._ledger.receipts())

    def of_generation(self, ward: str, generation: int | None) -> KnownPack:
        """Return a ward's pack, the newest without a generation; raises UnknownReceiptError."""
        packs = known_of(self._shelf, self._ledger.receipts(), ward)
        with self._telling_what_lacks():
            return of_generation(packs, ward, generation)

    def of_code(self, typed: str) -> KnownPack:
        """Return the pack of a code; raises as pack.receipt_code.pack_of."""
        receipts = self._ledger.receipts()
        wards = known_wards(self._shelf, receipts)
        known = (each for w in wards for each in known_of(self._shelf, receipts, w))
        with self._telling_what_lacks():
            return pack_of(typed, known)

    @contextmanager
    def _telling_what_lacks(self) -> Iterator[None]:
        """Say of a pack that is not known where it may be known all the same."""
        try:
            yield
        except UnknownReceiptError as fault:
            if lacks := self._ledger.lacks():
                fault.advice = _LACKS.format(lacks=lacks)
            raise

    def accept(self, pack: KnownPack, said: Said) -> Taken:
        """Record that a pack is in hand, once; return what is recorded, and what counts.

        Raises RefusedByServerError, StoreFailedError, StoreLockedError.
        """
        receipts = self._ledger.receipts()
        event = acceptance(pack, said, now())
        former = said_before(receipts, event)
        new = [] if former else [event]
        self._record(new)
        counts = fold(new, receipts).wards[pack.ward].accepted
        return Taken(former or event, counts or event)

    def is_newest(self, said: PackAccepted) -> bool:
        """Tell whether what was said to be in hand stands on the shelf as the newest."""
        return is_newest(said, self._shelf.standing().newest.get(said.ward))

    def is_superseded(self, said: PackAccepted) -> bool:
        """Tell whether a newer pack than what was said stands on the shelf."""
        return is_superseded(said, self._shelf.standing().newest.get(said.ward))

    def close(self) -> None:
        """Close the ledger."""
        self._ledger.close()
