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
    for signer in _read(keys):
        try:
            own.verify(signer.signature, _DOMAIN + signer.key + signer.name.encode())
            pinned.append(Ed25519PublicKey.from_public_bytes(signer.key))
        except (InvalidSignature, ValueError):
            _LOG.error("%s: the key of %s is not signed by this site", _FILE, signer.name)
    return tuple(pinned)


def _read(keys: Path) -> tuple[Signer, ...]:
    try:
        return _decoder.decode((keys / _FILE).read_bytes())
    except FileNotFoundError:
        return ()
    except (OSError, msgspec.DecodeError) as fault:
        _LOG.error("%s cannot be read: %s", _FILE, fault)
        return ()
