"""One short text for a whole map: equal where maps say the same, else not."""

from __future__ import annotations

import hashlib

import msgspec

from wardkeep.hospital.map.whole import HospitalMap

_encoder = msgspec.json.Encoder(order="deterministic")


def fingerprint(whole: HospitalMap) -> str:
    """Return the SHA-256 (FIPS 180-4) of all items in the order of their names, as hex.

    When a source was read does not count: a re-import that changes nothing leaves it as it is.
    """
    found = hashlib.sha256()
    for reference in sorted(whole.items):
        found.update(_encoder.encode(whole.items[reference]))
        found.update(b"\n")
    return found.hexdigest()
