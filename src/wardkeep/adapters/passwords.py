"""Hashes passwords with argon2id, and draws the secrets that the web needs."""

from __future__ import annotations

import secrets

from argon2 import PasswordHasher, Type
from argon2.exceptions import InvalidHashError, VerificationError

from wardkeep.access.one_time_code import RANDOM_BITS, one_time_code
from wardkeep.paper.sheet_code import ALPHABET

# OWASP Password Storage Cheat Sheet (2024), Argon2id: at least 19 MiB, 2 iterations, 1 lane.
# About 15 ms and 19 MiB per attempt, so that a change of shift does not stall a small machine.
_HASHER = PasswordHasher(
    time_cost=2, memory_cost=19 * 1024, parallelism=1, hash_len=32, salt_len=16, type=Type.ID
)
# 32 bytes: an identifier that cannot be guessed (OWASP Session Management: at least 64 bits).
_TOKEN_BYTES = 32
_SHEET_LETTERS = 4


def hash_password(password: str) -> str:
    """Return the argon2id string of a password, parameters and fresh salt included."""
    return _HASHER.hash(password)


# Somebody who tries names must not learn from the time taken which of them exist.
_NOBODY = hash_password(secrets.token_urlsafe(_TOKEN_BYTES))


def password_fits(password_hash: str | None, password: str) -> bool:
    """Say whether the password made the hash; takes as long where there is none (None)."""
    try:
        return _HASHER.verify(password_hash or _NOBODY, password)
    except (VerificationError, InvalidHashError):
        return False


def new_code() -> str:
    """Return a fresh one-time code, as it is printed."""
    return one_time_code(secrets.randbits(RANDOM_BITS))


def new_sheet() -> str:
    """Return a fresh name for a sheet of codes: four letters, told apart by hand and eye."""
    return "".join(secrets.choice(ALPHABET) for _ in range(_SHEET_LETTERS))


def new_token() -> str:
    """Return 32 random bytes as text fit for a cookie or a form."""
    return secrets.token_urlsafe(_TOKEN_BYTES)


def new_secret(size: int) -> bytes:
    """Return `size` random bytes."""
    return secrets.token_bytes(size)
