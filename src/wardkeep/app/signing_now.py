"""Who signs a box's ward packs now, and which envelopes open them: what a promotion tells."""

from __future__ import annotations

import msgspec

from wardkeep.adapters.minisign import fingerprint
from wardkeep.adapters.pack_keys import PackKeys
from wardkeep.app.folder import HospitalFolder
from wardkeep.app.site_keys import open_keys


class SigningNow(msgspec.Struct, frozen=True):
    """The fingerprint that packs show, and the holders whose envelopes open them."""

    fingerprint: str
    envelopes: tuple[str, ...]


def told_of_packs(folder: HospitalFolder) -> SigningNow:
    """Return what wards must know of a box that became the first; raises KeyMissingError."""
    ring = open_keys(folder)
    keys = PackKeys(folder.pack_keys, ring)
    return SigningNow(fingerprint(ring.verifying_key()), tuple(sorted(keys.public())))
