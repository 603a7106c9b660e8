"""What followers signed of this box's ledgers: how far each had copied them, with which heads.

One file a follower, `copies/witness/NAME.json`. A follower's signature says that it held these
heads: a ledger here that ends before, or has another head there, was put back or rewritten.
"""

from __future__ import annotations

import logging
from pathlib import Path

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from wardkeep.adapters.files import make_private_folder, write_private
from wardkeep.ledger import checkpoint
from wardkeep.ledger.checkpoint import Head
from wardkeep.ledger.encoding import UNDECODABLE

_LOG = logging.getLogger(__name__)


class FollowerWitness(msgspec.Struct, frozen=True, kw_only=True):
    """A checkpoint over the heads of the copies, signed by the follower `name` (Ed25519)."""

    name: str
    signer: bytes
    body: bytes
    signature: bytes


_decoder = msgspec.json.Decoder(FollowerWitness)


def keep_witness(folder: Path, witness: FollowerWitness) -> bool:
    """Keep a follower's newest word; False, and nothing is kept, where it is not signed."""
    if not _heads(witness):
        return False
    make_private_folder(folder)
    write_private(folder / f"{witness.name}.json", msgspec.json.encode(witness))
    return True


def witnessed(folder: Path) -> dict[str, tuple[int, tuple[Head, ...]]]:
    """Return by follower when it last signed (UTC microseconds) and the heads that it held.

    What cannot be read or is not signed is left out and told in the log.
    """
    found = {}
    for path in sorted(folder.glob("*.json")):
        try:
            witness = _decoder.decode(path.read_bytes())
        except (OSError, msgspec.DecodeError) as fault:
            _LOG.error("%s cannot be read: %s", path.name, fault)
            continue
        if heads := _heads(witness):
            found[witness.name] = (checkpoint.decode(witness.body).at, heads)
        else:
            _LOG.error("%s is not signed by the follower", path.name)
    return found


def _heads(witness: FollowerWitness) -> tuple[Head, ...]:
    try:
        key = Ed25519PublicKey.from_public_bytes(witness.signer)
        if not checkpoint.is_signed(key, witness.body, witness.signature):
            return ()
        said = checkpoint.decode(witness.body)
    except (ValueError, *UNDECODABLE):
        return ()
    return (said.head, *said.others)
