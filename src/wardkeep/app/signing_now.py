"""Who signs a box's ward packs now, and which envelopes open them: what a promotion tells."""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Collection

import msgspec

from wardkeep.adapters.clock import now
from wardkeep.adapters.minisign import fingerprint
from wardkeep.adapters.pack_keys import PackKeys
from wardkeep.adapters.public_pack_keys import adopt, named, other_keys
from wardkeep.app.errors import UnknownNumberError
from wardkeep.app.folder import HospitalFolder
from wardkeep.app.recording import record
from wardkeep.app.site_keys import open_keys
from wardkeep.ledger.errors import KeyMissingError
from wardkeep.pack.events import PART, PackKeyAdopted, encode


class SigningNow(msgspec.Struct, frozen=True):
    """The fingerprint that packs show, and the holders whose keys open them.

    `otherwise`: those of them for whom the box before named another key at last, not used.
    """

    fingerprint: str
    envelopes: tuple[str, ...]
    otherwise: tuple[str, ...] = ()


def told_of_packs(folder: HospitalFolder) -> SigningNow:
    """Return what wards must know of a box that became the first; raises KeyMissingError."""
    ring = open_keys(folder)
    keys = PackKeys(folder.pack_keys, ring)
    own = ring.verifying_key()
    otherwise: tuple[str, ...] = ()
    with contextlib.suppress(KeyMissingError):  # what is damaged is not used, and an alarm
        otherwise = tuple(sorted(other_keys(folder.pack_keys, own)))
    return SigningNow(fingerprint(own), tuple(sorted(keys.public())), otherwise)


def adopt_keys(
    folder: HospitalFolder, holders: Collection[str], by: str
) -> list[PackKeyAdopted]:
    """Seal from now on to the keys that the first named at last for these holders.

    What was adopted is recorded in the operations ledger, on a second box in its own, before
    any key is used. Raises UnknownNumberError where the first named no other, KeyMissingError,
    StoreFailedError, StoreLockedError, RefusedByServerError; nothing is changed then.
    """
    ring = open_keys(folder)
    own, at = ring.verifying_key(), now()
    told = named(folder.pack_keys, own)
    if missing := sorted(set(holders) - told.others.keys()):
        raise UnknownNumberError(f"the first named no other key of {', '.join(missing)}")
    events = [
        PackKeyAdopted(
            holder=holder,
            at=at,
            by=by,
            before=_fingerprint(told.known.get(holder)),
            after=_fingerprint(told.others[holder]),
        )
        for holder in sorted(set(holders))
    ]
    # Recorded first: a key that is used and stands in no ledger is what nobody may find.
    record(folder, ring, PART, [encode(event)[1] for event in events])
    adopt(folder.pack_keys, told, holders, ring.signing_key())
    return events


class HolderKey(msgspec.Struct, frozen=True):
    """The SHA-256 in hex of a holder's public key of packs, "" where there is none.

    `otherwise` is that of the key which the first named at last and nobody adopted.
    """

    used: str
    otherwise: str = ""


def keys_of_packs(folder: HospitalFolder) -> dict[str, HolderKey]:
    """Return the keys that packs are sealed to here, by holder; raises KeyMissingError."""
    ring = open_keys(folder)
    others = named(folder.pack_keys, ring.verifying_key()).others
    used = PackKeys(folder.pack_keys, ring).public()
    return {
        holder: HolderKey(_fingerprint(used.get(holder)), _fingerprint(others.get(holder)))
        for holder in sorted({*used, *others})
    }


def _fingerprint(public: str | None) -> str:
    return "" if public is None else hashlib.sha256(public.encode()).hexdigest()
