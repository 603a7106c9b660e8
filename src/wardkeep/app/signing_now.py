"""Who signs a box's ward packs now, and which envelopes open them: what a promotion tells."""

from __future__ import annotations

import contextlib
from collections.abc import Collection

import msgspec

from wardkeep.adapters.minisign import fingerprint
from wardkeep.adapters.pack_keys import PackKeys
from wardkeep.adapters.public_pack_keys import adopt, other_keys
from wardkeep.app.errors import UnknownNumberError
from wardkeep.app.folder import HospitalFolder
from wardkeep.app.site_keys import open_keys
from wardkeep.ledger.errors import KeyMissingError


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


def adopt_keys(folder: HospitalFolder, holders: Collection[str]) -> None:
    """Seal from now on to the keys that the first named at last for these holders.

    Raises UnknownNumberError where it named no other, KeyMissingError; nothing is changed then.
    """
    key = open_keys(folder).signing_key()
    if missing := adopt(folder.pack_keys, holders, key):
        raise UnknownNumberError(f"the first named no other key of {', '.join(missing)}")
