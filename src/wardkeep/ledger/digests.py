"""Keyed digests of messages whose day is erased: they prove that bytes are those that came.

A digest is HMAC-SHA-256 (RFC 2104) under a key of the patient whom the message names, or of its
feed where it names nobody. Without the key it proves and tells nothing: erasing the key of a
patient erases what all digests say of him.
"""

from __future__ import annotations

import hmac
from collections.abc import Sequence

_DIGEST = b"wardkeep digest 1\x00"
_PATIENT = b"wardkeep patient 1\x00"
_FEED = b"wardkeep feed 1\x00"
TAG_BYTES = 16
KEY_BYTES = 32


def digest_of(key: bytes, body: bytes) -> bytes:
    """Return the digest (32 bytes) of a message's bytes as they came."""
    return hmac.digest(key, _DIGEST + body, "sha256")


def patient_tag(tags: bytes, number: str) -> bytes:
    """Return what stands for a record number under the store's key of tags (16 bytes)."""
    return hmac.digest(tags, _PATIENT + number.encode(), "sha256")[:TAG_BYTES]


def feed_tag(tags: bytes, feed: str) -> bytes:
    """Return what stands for a feed under the store's key of tags (16 bytes)."""
    return hmac.digest(tags, _FEED + feed.encode(), "sha256")[:TAG_BYTES]


def subject_of(tags: bytes, feed: str, numbers: Sequence[str]) -> bytes:
    """Return the tag whose key digests a message: its first patient's, else its feed's."""
    return patient_tag(tags, numbers[0]) if numbers else feed_tag(tags, feed)
