"""The public halves of pack keys that another box made: enough to seal to, not to open.

A box that follows gets them from the first, so that the envelopes on the wards open what it
seals once it is the first itself. They lie in DIR/pack-keys/public.json under this box's own
signature: whoever can write there, but has no key of it, cannot have packs sealed to himself.
"""

from __future__ import annotations

import contextlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import Path

import msgspec
import pyrage
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)

from wardkeep.adapters.files import make_private_folder, write_private
from wardkeep.ledger.errors import KeyMissingError

_FILE, _OTHERS = "public.json", "public-other.json"
# One may not be put in the place of the other.
_DOMAINS = {
    _FILE: b"wardkeep public pack keys 1\x00",
    _OTHERS: b"wardkeep other pack keys 1\x00",
}
MOST = 10_000
"""Holders of keys that are taken from a first: ten times what a group of sites has wards."""
_LONGEST_HOLDER = 200
_MOST_NAMED = 5


class _Kept(msgspec.Struct, frozen=True):
    keys: dict[str, str]
    """age recipients ("age1...") by holder (adapters.pack_keys)."""
    signature: bytes


_decoder = msgspec.json.Decoder(_Kept)
_encoder = msgspec.json.Encoder(order="sorted")


def public_keys(folder: Path, own: Ed25519PublicKey) -> Mapping[str, str]:
    """Return the public keys by holder that this box signed.

    Raises KeyMissingError where the list is another's: a key made in its place would leave the
    envelopes on the wards opening nothing.
    """
    return _read(folder, _FILE, own)


def other_keys(folder: Path, own: Ed25519PublicKey) -> Mapping[str, str]:
    """Return the keys that the first named for holders of whom another is known and kept.

    Nothing is sealed to them unless a person adopts them. Raises KeyMissingError.
    """
    return _read(folder, _OTHERS, own)


def keep(folder: Path, told: Iterable[tuple[str, str]], key: Ed25519PrivateKey) -> str:
    """Add the keys of holders that are new; return what was not taken, empty where all was.

    A key that is known is never replaced: a first that an attacker has could else have all
    that this box seals one day sealed to himself. What is no public key of age is passed over.
    `folder` is DIR/pack-keys. Raises OSError.
    """
    own = key.public_key()
    try:
        known, others = public_keys(folder, own), other_keys(folder, own)
    except KeyMissingError as fault:
        return f"{fault}: no key is taken from the first"
    sound = {holder: text for holder, text in told if _is_key(holder, text)}
    keys = {**sound, **known}
    if keys != known and len(keys) <= MOST:
        _write(folder, _FILE, keys, key)
    named = {**others, **sound}
    differing = {h: text for h, text in named.items() if h in known and known[h] != text}
    if differing != others:
        _write(folder, _OTHERS, differing, key)
    return _differ(sorted(differing)) if differing else ""


class Named(msgspec.Struct, frozen=True):
    """Keys by holder: those that are sealed to, and others that the first named at last."""

    known: Mapping[str, str]
    others: Mapping[str, str]


def named(folder: Path, own: Ed25519PublicKey) -> Named:
    """Return what another box named, as this one signed it; raises KeyMissingError."""
    return Named(public_keys(folder, own), other_keys(folder, own))


def adopt(folder: Path, told: Named, holders: Collection[str], key: Ed25519PrivateKey) -> None:
    """Put the keys of `holders` that were named otherwise in the place of the known ones.

    `told` is what `named` returned: what somebody compared and recorded is what is used, also
    where the first named another one since, which then waits to be adopted itself. Raises
    KeyError for a holder of whom it names no other, before anything is changed, KeyMissingError
    and OSError.
    """
    used = {holder: told.others[holder] for holder in holders}
    # Not what was known when `told` was read: the first may have named new holders meanwhile.
    now = named(folder, key.public_key())
    _write(folder, _FILE, {**now.known, **used}, key)
    left = {holder: text for holder, text in now.others.items() if used.get(holder) != text}
    _write(folder, _OTHERS, left, key)


def sign_again(folder: Path, old: Ed25519PublicKey, new: Ed25519PrivateKey) -> None:
    """Sign what `old` signed with this box's new key; done twice it does no harm.

    Raises OSError.
    """
    for file in (_FILE, _OTHERS):
        with contextlib.suppress(KeyMissingError):
            if keys := _read(folder, file, old):
                _write(folder, file, keys, new)


def _differ(holders: Sequence[str]) -> str:
    some = ", ".join(holders[:_MOST_NAMED])
    more = len(holders) - _MOST_NAMED
    return f"the first names other keys of {some}" + (f" and {more} more" if more > 0 else "")


def _read(folder: Path, file: str, own: Ed25519PublicKey) -> Mapping[str, str]:
    try:
        kept = _decoder.decode((folder / file).read_bytes())
        own.verify(kept.signature, _said(file, kept.keys))
    except FileNotFoundError:
        return {}
    except (OSError, msgspec.DecodeError, UnicodeDecodeError, InvalidSignature) as fault:
        told = f"{folder.name}/{file} is damaged, or not signed by this box"
        raise KeyMissingError(told) from fault
    return kept.keys


def _write(folder: Path, file: str, keys: Mapping[str, str], key: Ed25519PrivateKey) -> None:
    make_private_folder(folder)
    kept = _Kept(dict(keys), key.sign(_said(file, keys)))
    write_private(folder / file, msgspec.json.encode(kept))


def _is_key(holder: str, text: str) -> bool:
    try:
        pyrage.x25519.Recipient.from_str(text)
    except pyrage.RecipientError:
        return False
    return 0 < len(holder) <= _LONGEST_HOLDER


def _said(file: str, keys: Mapping[str, str]) -> bytes:
    return _DOMAINS[file] + _encoder.encode(keys)
