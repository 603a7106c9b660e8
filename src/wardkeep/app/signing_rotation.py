"""Makes the key that signs checkpoints anew, while the server runs or not.

Rules kept here, so that a kill at any moment leaves a folder that verifies:
1. the next key lies wrapped beside the one that signs;
2. the operations ledger holds the hand-over, signed by both;
3. the next key is renamed into the place of the old one.
Cut off in between, it goes on from where it was with the same next key.
"""

from __future__ import annotations

from wardkeep.adapters import public_pack_keys
from wardkeep.adapters.clock import now
from wardkeep.adapters.key_ring import KeyRing
from wardkeep.adapters.operations_store import EventStore
from wardkeep.adapters.shelf_notes import sign_again
from wardkeep.app.control import call, is_running
from wardkeep.app.folder import HospitalFolder
from wardkeep.app.recording import opened_operations
from wardkeep.ledger import handover
from wardkeep.ledger.encoding import OperationsEvent


def rotate_signing(folder: HospitalFolder, ring: KeyRing, by: str) -> None:
    """Hand the signing over to a new key.

    Raises StoreFailedError, StoreLockedError, RefusedByServerError.
    """
    old = ring.verifying_key()
    if is_running(folder.control_socket):
        call(folder.control_socket, "keys.hand-over", {"by": by})
    else:
        with opened_operations(folder, ring) as operations:
            hand_over(ring, operations, now(), by)
    # Packs of before stay the freeze points that they are. Cut off here, they stay by the time
    # of their files, and the newest of each ward is made anew.
    sign_again(folder.packs, old, ring.signing_key())
    sign_again(folder.lists, old, ring.signing_key())
    public_pack_keys.sign_again(folder.pack_keys, old, ring.signing_key())


def hand_over(ring: KeyRing, operations: EventStore[OperationsEvent], at: int, by: str) -> None:
    """Hand the signing over in an opened ledger, which signs with the old key until told.

    Raises StoreFailedError.
    """
    old, new = ring.signing_key(), ring.next_signing_key()
    # Told twice where it was cut off behind this: a hand-over that repeats says nothing new.
    operations.append([handover.to_event(handover.hand_over(old, new, at, by))])
    ring.sign_with_next()
