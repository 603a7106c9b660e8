"""What a second box writes itself while it follows: looks on its screens, followers, packs.

They lie beside the copies, which only the first writes. The first is told the looks when it
answers; when this box becomes the first, both go on in its ledgers.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence

import msgspec

from wardkeep.adapters.files import make_private_folder, write_private
from wardkeep.adapters.key_ring import KeyRing
from wardkeep.adapters.ledger_folder import files_of, set_aside
from wardkeep.adapters.ledger_reader import LedgerReader
from wardkeep.adapters.operations_store import (
    ACCESS,
    OPERATIONS,
    open_access,
    open_operations,
)
from wardkeep.app.first import LEDGERS
from wardkeep.app.folder import HospitalFolder
from wardkeep.app.store_alarms import StoreAlarms
from wardkeep.copies import events as copies
from wardkeep.custody import events as custody
from wardkeep.hospital.site import Site
from wardkeep.ledger.encoding import LookEntry, OperationsEvent, decode_look, decode_operations
from wardkeep.pack import events as pack
from wardkeep.wire.copying import Looks

_LOOKS_AT_ONCE = 1_000
_OWN_PARTS = frozenset({copies.PART, pack.PART})
_OWN_EVENTS = frozenset({(custody.PART, custody.ServerKeyMoved.__name__)})


class OwnLedgers:
    """Opened to append; the caller holds the writer's lock. Any thread may use it."""

    def __init__(self, folder: HospitalFolder, site: Site, ring: KeyRing) -> None:
        for each in (folder.own_operations, folder.own_access):
            make_private_folder(each)
        self._folder = folder
        self._operations = open_operations(folder.own_operations, ring, site.cipher)
        self._access = open_access(folder.own_access, ring, site.cipher)
        self._reader = LedgerReader(folder.own_access, ring)
        self._told = _told(folder)
        self._guard = threading.Lock()
        self.alarms = StoreAlarms()

    def decide(self, events: Sequence[OperationsEvent]) -> int:
        """Append events; return the last sequence. Raises StoreFailedError."""
        with self._guard, self.alarms.watching(OPERATIONS):
            return self._operations.append(events)

    def look(self, looks: Sequence[LookEntry]) -> int:
        """Append looks; return the last sequence. Raises StoreFailedError."""
        with self._guard, self.alarms.watching(ACCESS):
            return self._access.append(looks)

    def lost(self) -> dict[str, int]:
        """Return nothing: what a copy lacks the first still has, or verify names it."""
        return {}

    def damaged(self) -> dict[str, list[str]]:
        """Return by ledger the files of the copies that the first left because of damage."""
        found = {
            ledger: [path.name for path in set_aside(self._folder.path / ledger)]
            for ledger in LEDGERS
        }
        return {ledger: names for ledger, names in found.items() if names}

    def untold(self) -> Looks | None:
        """Return the next looks that the first was not told, None if there are none."""
        with self._guard:
            last = self._access.last.sequence
        if last <= self._told:
            return None
        rows = self._reader.after(self._told, _LOOKS_AT_ONCE)
        looks = [decode_look(s, p) for s, p in rows if p]
        told = tuple((look.at, look.who, look.record, look.page, look.why) for look in looks)
        return Looks(rows[-1][0], told) if rows else None

    def told(self, upto: int) -> None:
        """Take note that the first was told; a crash before it tells it a look twice."""
        self._told = upto
        content = msgspec.json.encode(upto)
        write_private(self._folder.following / "looks.json", content)

    @property
    def waiting(self) -> int:
        """How many looks the first was not told."""
        return max(0, self._access.last.sequence - self._told)

    def close(self) -> None:
        """Close both."""
        self._reader.close()
        self._operations.close()
        self._access.close()


def is_own(part: str, name: str) -> bool:
    """Tell whether a second box decides such an event for itself, as where its key lies."""
    return part in _OWN_PARTS or (part, name) in _OWN_EVENTS


def kept_events(folder: HospitalFolder, ring: KeyRing) -> list[OperationsEvent]:
    """Return every event that a second box wrote while it followed."""
    if not files_of(folder.own_operations):
        return []
    reader = LedgerReader(folder.own_operations, ring)
    events, cursor = [], 0
    while rows := reader.after(cursor, 10_000):
        events += [decode_operations(s, p) for s, p in rows if p]
        cursor = rows[-1][0]
    reader.close()
    return events


def _told(folder: HospitalFolder) -> int:
    try:
        return msgspec.json.decode((folder.following / "looks.json").read_bytes(), type=int)
    except (OSError, msgspec.DecodeError):
        return 0
