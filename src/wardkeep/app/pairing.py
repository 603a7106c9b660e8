"""Two boxes get to know each other: an invitation at the first, its code typed at the second.

The code names the beginning of the SHA-256 of the first's certificate, so that nobody between
can pose as it, and a secret that is good once. What the second then learns over that line it
keeps: the first's certificate, who signs its ledgers, its recovery key, its settings.
"""

from __future__ import annotations

from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from wardkeep.adapters import public_pack_keys
from wardkeep.adapters.box_identity import BoxIdentity, fingerprint, pinning
from wardkeep.adapters.copying_line import CopyingLine
from wardkeep.adapters.errors import FirstRefusedError, FirstSilentError
from wardkeep.adapters.files import make_private_folder, write_private
from wardkeep.adapters.key_ring import KeyRing, make_follower_key_ring
from wardkeep.adapters.ledger_folder import copy_mark
from wardkeep.app.first import LEDGERS, First, follower_identity, write_first
from wardkeep.app.folder import HospitalFolder, lay_out
from wardkeep.app.founding import whole_or_nothing
from wardkeep.copies.invitation import Invitation
from wardkeep.wire.copying import Greet, Greeting, Join, Joined

Address = tuple[str, int]
_PAIR_AGAIN = (
    "Nothing was changed here, and nothing goes on by itself: this has ended. Look whether"
    " `wardkeep serve` runs there with a [copies] table, and whether its address and port can"
    " be reached from here; then give the same command again. Where the code is refused then,"
    " `wardkeep followers invite DIR NAME` at the first makes a new one."
)


def found_follower(
    path: Path, address: Address, invitation: Invitation, web_port: int, now: int
) -> First:
    """Make the folder of a second box at `path`, or nothing at all, and pair it.

    Raises FolderTakenError, FirstSilentError, FirstRefusedError, OSError.
    """
    with whole_or_nothing(path.absolute()) as unfinished:
        folder = lay_out(unfinished, _SETTINGS.format(web_port=web_port))
        signing = Ed25519PrivateKey.generate()
        joined = _join(address, invitation, signing)
        ring = make_follower_key_ring(
            folder.keys, joined.greeting.recovery, signing.private_bytes_raw()
        )
        return _keep(folder, ring, joined, address, now)


def pair_again(
    folder: HospitalFolder, ring: KeyRing, address: Address, invitation: Invitation, now: int
) -> First:
    """Let a folder that follows go on with another box, or with new certificates.

    What was copied stays, and is held against what the other box has.
    """
    joined = _join(address, invitation, ring.signing_key())
    return _keep(folder, ring, joined, address, now)


class _Joined:
    """What was agreed with the first, before it is kept."""

    def __init__(
        self, name: str, key: bytes, certificate: bytes, pin: bytes, greeting: Greeting
    ) -> None:
        self.name, self.key, self.certificate = name, key, certificate
        self.pin, self.greeting = pin, greeting


def _join(address: Address, invitation: Invitation, signing: Ed25519PrivateKey) -> _Joined:
    try:
        return _asked_to_join(address, invitation, signing)
    except FirstSilentError as fault:
        raise FirstSilentError(str(fault), advice=_PAIR_AGAIN) from fault


def _asked_to_join(
    address: Address, invitation: Invitation, signing: Ed25519PrivateKey
) -> _Joined:
    key, request = BoxIdentity.request("follower")
    signer = signing.public_key().public_bytes_raw()
    line = CopyingLine(address, pinning(), invitation.fingerprint)
    try:
        answer = line.ask(Join(invitation.secret, request, signer))
    finally:
        line.close()
    if not isinstance(answer, Joined):
        raise FirstRefusedError("the first did not pair")
    pin = fingerprint(line.certificate)
    context = BoxIdentity.context_of(key, answer.certificate)
    known = CopyingLine(address, context, pin)
    try:
        greeting = known.ask(Greet())
    finally:
        known.close()
    if not isinstance(greeting, Greeting):
        raise FirstRefusedError("the first does not say what it is")
    return _Joined(answer.name, key, answer.certificate, pin, greeting)


def _keep(
    folder: HospitalFolder, ring: KeyRing, joined: _Joined, address: Address, now: int
) -> First:
    make_private_folder(folder.following)
    follower_identity(folder, ring).keep(joined.key, joined.certificate)
    for name, key in joined.greeting.signers:
        ring.trust(name, key)
    write_private(folder.first_settings, joined.greeting.settings.encode())
    # What is not taken is told as soon as copying begins (pack-keys-differ).
    public_pack_keys.keep(folder.pack_keys, joined.greeting.pack_keys, ring.signing_key())
    for ledger in LEDGERS:
        write_private(copy_mark(folder.path / ledger), f"{joined.greeting.name}\n".encode())
    first = First(
        name=joined.greeting.name,
        code=joined.greeting.code,
        host=address[0],
        port=address[1],
        pin=joined.pin.hex(),
        follower=joined.name,
        since=now,
    )
    write_first(folder, first)
    return first


_SETTINGS = """\
# Settings of a second box. Name, wards, feeds and rules are the first's, and change with it
# (following/first.toml); what is said here goes before them. Every key is described in
# docs/operating.md, "Settings".

web_host = "127.0.0.1"     # any other address needs web_certificate and web_key
web_port = {web_port}

# The feeds as this box takes them once it is the first: addresses of this machine. Without
# them it listens where the first's settings say.
# [[feeds]]
# name = "main"
# port = 2575
"""
