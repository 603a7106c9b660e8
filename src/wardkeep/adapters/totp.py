"""Time-based one-time passwords (RFC 6238) as every authenticator app makes them."""

from __future__ import annotations

import base64
import secrets

import segno
from cryptography.hazmat.primitives.constant_time import bytes_eq
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP

from wardkeep.kernel.times import SECOND

# RFC 4226 4 R6 asks 160 bits; apps read SHA-1, six digits and 30 s and ignore other wishes.
_SECRET_BYTES = 20
_DIGITS = 6
_STEP_SECONDS = 30
# RFC 6238 5.2: one step back for the network; one forward for a telephone whose clock is ahead.
_DRIFT = (0, -1, 1)


def new_secret() -> str:
    """Return a fresh secret in base32, without padding: 32 letters."""
    return base64.b32encode(secrets.token_bytes(_SECRET_BYTES)).decode()


def totp_fits(secret: str, typed: str, now: int, last_step: int) -> int | None:
    """Return the time step of the code that was typed at `now` (UTC microseconds), or None.

    A code of `last_step` or before is refused: it was used already (RFC 6238 5.2).
    """
    digits = "".join(typed.split())
    if not (digits.isascii() and digits.isdigit() and len(digits) == _DIGITS):
        return None
    current = now // SECOND // _STEP_SECONDS
    found = None
    for step in (current + drift for drift in _DRIFT):
        if bytes_eq(_code(secret, step), digits.encode()) and step > last_step:
            found = step
    return found


def totp_now(secret: str, now: int) -> str:
    """Return the code that an app with this secret shows at `now` (UTC microseconds)."""
    return _code(secret, now // SECOND // _STEP_SECONDS).decode()


def totp_picture(secret: str, account: str, site: str) -> str:
    """Return the QR symbol that an app reads the secret from, as an SVG element."""
    uri = _totp(secret).get_provisioning_uri(account, site)
    made = segno.make(uri, error="m", micro=False)
    return made.svg_inline(scale=5, border=4, dark="#000", light="#fff")


def _code(secret: str, step: int) -> bytes:
    return _totp(secret).generate(step * _STEP_SECONDS)


def _totp(secret: str) -> TOTP:
    return TOTP(base64.b32decode(secret), _DIGITS, SHA1(), _STEP_SECONDS)  # noqa: S303  # RFC 6238
