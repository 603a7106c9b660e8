"""Deals the recovery secret into sheets; the chance is the system's."""

from __future__ import annotations

from shamir_mnemonic import generate_mnemonics


def deal(secret: bytes, needed: int, sheets: int) -> list[str]:
    """Return the words of each sheet; any `needed` of them give the secret back (SLIP-0039)."""
    [words] = generate_mnemonics(1, [(needed, sheets)], secret)
    return [str(each) for each in words]
