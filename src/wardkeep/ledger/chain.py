"""The hash chain that ties every entry of a ledger to all entries before it.

Rules: a sequence has no gap and never restarts; the head after entry n is
SHA-256(head before it, sequence as 8 bytes big-endian, payload); the head before the first
entry of all is GENESIS (docs/design.md, "Ledger format").
"""

from __future__ import annotations

import hashlib

GENESIS = bytes(32)
_sha256 = hashlib.sha256


def link(head: bytes, sequence: int, payload: bytes) -> bytes:
    """Return the head (32 bytes) after `payload` was appended as entry `sequence`."""
    return _sha256(head + sequence.to_bytes(8, "big") + payload).digest()
