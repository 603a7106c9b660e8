"""Browsers that IT marked as ward PCs: badge and PIN may be used in them.

The cookie opens nothing: it holds a random number of the browser and a digest that only this
server can make. Whoever copies it from a ward PC may try badges and PINs elsewhere, five times
an account.
"""

from __future__ import annotations

import hashlib
import hmac

_TAG = 32
_LONGEST = 128


def ward_pc_cookie(number: str, secret: bytes) -> str:
    """Return the value of the cookie that marks the browser of this random number."""
    return f"{number}.{_tag(number, secret)}"


def marked_number(cookie: str, secret: bytes) -> str:
    """Return the number of a browser that was marked, "" for any other."""
    if not cookie.isascii() or len(cookie) > _LONGEST:
        return ""
    number, _, tag = cookie.partition(".")
    return number if hmac.compare_digest(_tag(number, secret), tag) else ""


def _tag(number: str, secret: bytes) -> str:
    return hmac.new(secret, f"ward PC\0{number}".encode(), hashlib.sha256).hexdigest()[:_TAG]
