"""Writes events of a part to the operations ledger, with or without a running server."""

from __future__ import annotations

import base64
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import msgspec

from wardkeep.adapters.clock import now
from wardkeep.adapters.files import make_private_folder
from wardkeep.adapters.heads_seen import given_out
from wardkeep.adapters.key_ring import KeyRing
from wardkeep.adapters.operations_store import OPERATIONS, EventStore, open_operations
from wardkeep.adapters.writer_lock import WriterLock
from wardkeep.app.control import call, is_running
from wardkeep.app.first import is_copy
from wardkeep.app.folder import HospitalFolder
from wardkeep.app.own_ledgers import is_own
from wardkeep.app.settings import load_site
from wardkeep.ledger.encoding import OperationsEvent


class _Tagged(msgspec.Struct, frozen=True):
    type: str
    by: str = ""


def record(folder: HospitalFolder, ring: KeyRing, part: str, bodies: Sequence[bytes]) -> None:
    """Append events (JSON with their type) of a part, all or none.

    On a second box they go into its own ledger, if they are what a box decides for itself.
    Raises StoreFailedError, StoreLockedError, RefusedByServerError.
    """
    if is_running(folder.control_socket):
        coded = [base64.b64encode(body).decode() for body in bodies]
        call(folder.control_socket, "operations.append", {"part": part, "bodies": coded})
        return
    entries = [_entry(part, body) for body in bodies]
    own = is_copy(folder) and all(is_own(part, entry.name) for entry in entries)
    with opened_operations(folder, ring, own=own) as store:
        store.append(entries)


@contextmanager
def opened_operations(
    folder: HospitalFolder, ring: KeyRing, *, own: bool = False
) -> Iterator[EventStore[OperationsEvent]]:
    """Open the operations ledger to write while no server runs; raises StoreLockedError.

    `own`: that of a second box itself, beside the copy.
    """
    with WriterLock(folder.writer_lock):
        cipher = load_site(folder).cipher
        if own:
            make_private_folder(folder.own_operations)
            store = open_operations(folder.own_operations, ring, cipher)
        else:
            heads = given_out(folder.ledgers, ring)
            store = open_operations(folder.operations, ring, cipher, heads.get(OPERATIONS))
        try:
            yield store
        finally:
            store.close()


def _entry(part: str, body: bytes) -> OperationsEvent:
    tagged = msgspec.json.decode(body, type=_Tagged)
    name, _, version = tagged.type.partition(".v")
    return OperationsEvent(part, name, int(version), now(), tagged.by, body)
