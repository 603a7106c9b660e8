"""Keys of other boxes whose checkpoints this site's ledgers hold: pinned, each signed by us.

A ledger that was copied, or went on at a second box, was signed by more than one box in its
life. The list lies in `keys/signers.json`; an entry without this site's own signature is not
believed, so that nobody adds one to a folder whose keys are closed.
"""

from __future__ import annotations

import logging
from pathlib import Path

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)

from wardkeep.adapters.files import write_private

_LOG = logging.getLogger(__name__)
_FILE = "signers.json"
_DOMAIN = b"wardkeep signer 1\x00"


class Signer(msgspec.Struct, frozen=True):
    """A box that signs: its Ed25519 public key (32 bytes) and how people call it."""

    name: str
    key: bytes
    signature: bytes
    """This site's, over the name and the key."""


_decoder = msgspec.json.Decoder(tuple[Signer, ...])


def trust(keys: Path, own: Ed25519PrivateKey, name: str, key: bytes) -> None:
    """Pin the key (32 bytes) of another box; the newest word about a key counts."""
    signer = Signer(name, key, own.sign(_DOMAIN + key + name.encode()))
    others = [each for each in _read(keys) if each.key != key]
    write_private(keys / _FILE, msgspec.json.encode([*others, signer]))


def trusted(keys: Path, own: Ed25519PublicKey) -> tuple[Ed25519PublicKey, ...]:
    """Return the site's own key and all that it pinned."""
    pinned = [own]
    found = _read(keys)
    ours = {signer.key for signer in found if _is_by(signer, own)}
    for signer in found:
        # Twice where the site's own key was handed over: signed by the old one and the new.
        if _is_by(signer, own):
            pinned.append(Ed25519PublicKey.from_public_bytes(signer.key))
        elif signer.key not in ours:
            _LOG.error("%s: the key of %s is not signed by this site", _FILE, signer.name)
    return tuple(pinned)


def pin_again(keys: Path, own: Ed25519PublicKey, new: Ed25519PrivateKey) -> None:
    """Sign what `own` pinned with the site's new key as well; done twice it does no harm."""
    known = [each for each in _read(keys) if _is_by(each, own)]
    if known:
        # Both signatures lie there: which of the keys signs is decided only later.
        added = [Signer(each.name, each.key, new.sign(_said_of(each))) for each in known]
        write_private(keys / _FILE, msgspec.json.encode([*known, *added]))


def _is_by(signer: Signer, key: Ed25519PublicKey) -> bool:
    try:
        key.verify(signer.signature, _said_of(signer))
    except InvalidSignature:
        return False
    return True


def _said_of(signer: Signer) -> bytes:
    return _DOMAIN + signer.key + signer.name.encode()


def _read(keys: Path) -> tuple[Signer, ...]:
    try:
        return _decoder.decode((keys / _FILE).read_bytes())
    except FileNotFoundError:
        return ()
    except (OSError, msgspec.DecodeError) as fault:
        _LOG.error("%s cannot be read: %s", _FILE, fault)
        return ()
