"""The heads of the ledgers that are kept outside each: who saw how far a ledger had come.

They lie in the newest event of the operations ledger, in the newest checkpoint of each ledger,
beside the packs on the shelf, and in files of signed checkpoints in `witness/`, where a second
box, or a person with a copy, puts them. What is not signed with the site's key counts nothing;
what cannot be read is told in the log and left out: the others still witness.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path

import apsw
import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from wardkeep.adapters import encrypted_database
from wardkeep.adapters.chained_file import key_path
from wardkeep.adapters.key_ring import KeyRing
from wardkeep.adapters.ledger_folder import files_of
from wardkeep.adapters.operations_store import OPERATIONS, read_operations
from wardkeep.kernel.errors import WardkeepError
from wardkeep.ledger import checkpoint
from wardkeep.ledger.checkpoint import Head
from wardkeep.ledger.encoding import UNDECODABLE
from wardkeep.ledger.loss import Seen
from wardkeep.ledger.witness import PART, HeadsWitnessed, from_event

_LOG = logging.getLogger(__name__)
LEDGERS = ("clinical", "operations", "access")
WITNESS_SUFFIX = ".heads.json"
# A file of a checkpoint per ledger has some 1 kB; a second box may keep one a minute for a day.
_LARGEST_FILE = 16 * 1024 * 1024


class LedgerPlaces(msgspec.Struct, frozen=True, kw_only=True):
    """Where the three ledgers of a site lie, and who keeps their heads outside them."""

    clinical: Path
    operations: Path
    access: Path
    packs: Path
    witness: Path

    def of(self, ledger: str) -> Path:
        """Return the folder of a ledger."""
        return {OPERATIONS: self.operations, "access": self.access}.get(ledger, self.clinical)


class SignedHead(msgspec.Struct, frozen=True, array_like=True):
    """A checkpoint as it stands in a store: body and signature, both as base64 in JSON."""

    body: bytes
    signature: bytes


_encoder = msgspec.json.Encoder()
_decoder = msgspec.json.Decoder(list[SignedHead])


def encode_witness(heads: list[SignedHead]) -> bytes:
    """Return the content of a witness file: a JSON array of [body, signature]."""
    return _encoder.encode(heads)


def given_out(places: LedgerPlaces, ring: KeyRing) -> dict[str, Head]:
    """Return by ledger the newest head that anybody has seen of it."""
    heads: dict[str, Head] = {}
    for seen in heads_seen(places, ring):
        known = heads.get(seen.head.ledger)
        if seen.head.sequence > (known.sequence if known else 0):
            heads[seen.head.ledger] = seen.head
    return heads


def heads_seen(places: LedgerPlaces, ring: KeyRing) -> list[Seen]:
    """Return the newest heads that each witness holds, of ledgers that have entries."""
    found = [*_in_newest_event(places.operations, ring)]
    signed = zip(
        LEDGERS, (newest_signed(places.of(each), ring) for each in LEDGERS), strict=True
    )
    for ledger, some in signed:
        for one in some:
            found += said_by(one, f"{ledger} ledger", ring.verifying_keys())
    return [*filter(_counts, found), *seen_outside(places, ring)]


def seen_outside(places: LedgerPlaces, ring: KeyRing) -> list[Seen]:
    """Return every head that packs and files in `witness/` hold."""
    verifying = ring.verifying_keys()
    said = (said_by(one, by, verifying) for one, by in kept_outside(places))
    return [seen for some in said for seen in some if _counts(seen)]


def signed_heads(places: LedgerPlaces, ring: KeyRing) -> list[SignedHead]:
    """Return the newest checkpoint of each ledger, as whoever keeps heads gets them."""
    return [one for each in LEDGERS for one in newest_signed(places.of(each), ring)]


def newest_said(heads: Sequence[SignedHead], ring: KeyRing) -> dict[str, Head]:
    """Return by ledger the newest head that checkpoints say."""
    verifying = ring.verifying_keys()
    said = [seen.head for one in heads for seen in said_by(one, "a ledger", verifying)]
    return {head.ledger: head for head in sorted(said, key=lambda head: head.sequence)}


def _counts(seen: Seen) -> bool:
    return seen.head.ledger in LEDGERS and seen.head.sequence > 0


def newest_signed(folder: Path, ring: KeyRing) -> list[SignedHead]:
    """Return the newest checkpoint of a ledger, nothing where none can be read."""
    query = "select body, signature from checkpoint order by sequence desc limit 1"
    for path in reversed(files_of(folder)):
        try:
            key = ring.open_key(key_path(path))
            with closing(encrypted_database.open_for_reading(path, key)) as connection:
                row = connection.execute(query).get
        except (apsw.Error, WardkeepError) as fault:
            _LOG.error("%s cannot be asked for heads: %s", path.name, fault)
            continue
        if row:
            return [SignedHead(bytes(row[0]), bytes(row[1]))]
    return []


def kept_outside(places: LedgerPlaces) -> Iterator[tuple[SignedHead, str]]:
    """Yield every checkpoint beside the packs and in `witness/`, and who holds it."""
    for path in sorted(places.packs.glob(f"*/*{WITNESS_SUFFIX}")):
        number = path.name.removesuffix(WITNESS_SUFFIX).lstrip("0")
        for one in _read(path):
            yield one, f"pack {number} in packs/{path.parent.name}"
    for path in sorted(places.witness.glob("*.json")):
        for one in _read(path):
            yield one, f"witness/{path.name}"


def said_by(one: SignedHead, by: str, verifying: Sequence[Ed25519PublicKey]) -> list[Seen]:
    """Return what a checkpoint says, nothing where no key of the site signed it."""
    if not checkpoint.is_signed_by_one(verifying, one.body, one.signature):
        _LOG.error("%s: a checkpoint is not signed with a key of this site", by)
        return []
    try:
        said = checkpoint.decode(one.body)
    except UNDECODABLE as fault:
        _LOG.error("%s: a checkpoint cannot be read: %s", by, fault)
        return []
    return [Seen(head, said.at, by) for head in (said.head, *said.others)]


def _read(path: Path) -> list[SignedHead]:
    try:
        with path.open("rb") as stream:
            return _decoder.decode(stream.read(_LARGEST_FILE))
    except (OSError, *UNDECODABLE) as fault:
        _LOG.error("%s cannot be asked for heads: %s", path.name, fault)
        return []


def _in_newest_event(operations: Path, ring: KeyRing) -> list[Seen]:
    reader = read_operations(operations, ring)
    try:
        newest = reader.newest(PART)
        said = from_event(newest) if newest else None
    except (WardkeepError, *UNDECODABLE) as fault:
        _LOG.error("the operations ledger cannot be asked for heads: %s", fault)
        return []
    finally:
        reader.close()
    if not isinstance(said, HeadsWitnessed):
        return []
    return [Seen(head, said.at, "operations ledger") for head in said.heads]
