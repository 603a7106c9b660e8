"""The public halves of pack keys that another box made: enough to seal to, not to open.

A box that follows gets them from the first, so that the envelopes on the wards open what it
seals once it is the first itself. They lie in DIR/pack-keys/public.json under this box's own
signature: whoever can write there, but has no key of it, cannot have packs sealed to himself.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Mapping
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

_FILE = "public.json"
_DOMAIN = b"wardkeep public pack keys 1\x00"
MOST = 10_000
"""Holders of keys that are taken from a first: ten times what a group of sites has wards."""
_LONGEST_HOLDER = 200


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
    try:
        kept = _decoder.decode((folder / _FILE).read_bytes())
        own.verify(kept.signature, _said(kept.keys))
    except FileNotFoundError:
        return {}
    except (OSError, msgspec.DecodeError, UnicodeDecodeError, InvalidSignature) as fault:
        told = f"{folder.name}/{_FILE} is damaged, or not signed by this box"
        raise KeyMissingError(told) from fault
    return kept.keys


def keep(folder: Path, told: Iterable[tuple[str, str]], key: Ed25519PrivateKey) -> None:
    """Add what the first told to what is kept; its newest word about a holder counts.

    What is no public key of age is passed over. `folder` is DIR/pack-keys. Raises OSError.
    """
    try:
        known = public_keys(folder, key.public_key())
    except KeyMissingError:
        known = {}
    keys = {**known, **{holder: text for holder, text in told if _is_key(holder, text)}}
    if keys != known and len(keys) <= MOST:
        _write(folder, keys, key)


def sign_again(folder: Path, old: Ed25519PublicKey, new: Ed25519PrivateKey) -> None:
    """Sign what `old` signed with this box's new key; done twice it does no harm.

    Raises OSError.
    """
    with contextlib.suppress(KeyMissingError):
        if keys := public_keys(folder, old):
            _write(folder, keys, new)


def _write(folder: Path, keys: Mapping[str, str], key: Ed25519PrivateKey) -> None:
    make_private_folder(folder)
    kept = _Kept(dict(keys), key.sign(_said(keys)))
    write_private(folder / _FILE, msgspec.json.encode(kept))


def _is_key(holder: str, text: str) -> bool:
    try:
        pyrage.x25519.Recipient.from_str(text)
    except pyrage.RecipientError:
        return False
    return 0 < len(holder) <= _LONGEST_HOLDER


def _said(keys: Mapping[str, str]) -> bytes:
    return _DOMAIN + _encoder.encode(keys)
