"""The keys of a site: the server's identity opens, the recovery identity can, no other.

Every store has a random 32-byte key in a file beside it, age-encrypted to the server's key and
to the recovery key; deleting store and key file erases it, whatever the words open. The signing
key (Ed25519) is wrapped the same way, outside keys/, so that the words bring it back too.
"""

from __future__ import annotations

import ctypes
import os
import resource
from collections.abc import Callable, Sequence
from pathlib import Path

import msgspec
import pyrage
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)

from wardkeep.adapters.files import sync_folder, write_private
from wardkeep.adapters.signers import pin_again, trust, trusted
from wardkeep.ledger.errors import KeyMissingError
from wardkeep.ledger.recovery import ENTROPY_BYTES, identity_of, opening_nothing, words_of

_KEY_BYTES = 32
_PR_SET_DUMPABLE = 4  # prctl(2)
SERVER_KEY = "server.key"
RECOVERY_RECIPIENT = "recovery.pub"
NEEDED = (SERVER_KEY, RECOVERY_RECIPIENT)
"""Files without which a key ring cannot be loaded."""
SIGNING_KEY = "signing.key"
SIGNING_PUBLIC = "signing.pub"
NEXT_SIGNING_KEY = "signing.key.next"
"""Beside the one that signs while it is handed over."""


ServerKey = Callable[[], str]
"""Reads the server's key: one age identity a line, the newest first (key_sources)."""
# A key that is laid into the shared memory just now may be read torn: read it again.
_READINGS = 3


class KeyRing:
    """Opens and makes store keys for one site; holds secrets, never prints them.

    The server's key is read at every need, so that a rotation beside it is seen: stores open
    with any identity of it, and new ones are wrapped to the first. One `to_read` believes
    keys/signing.pub, which lies in clear and nothing vouches for: fit to look, never to serve.
    """

    def __init__(self, folder: Path, server: ServerKey, *, to_read: bool = False) -> None:
        self._folder, self._server, self._to_read = folder, server, to_read

    def make_key(self, path: Path) -> bytes:
        """Make a random store key, put it wrapped at `path` and return it."""
        key = os.urandom(_KEY_BYTES)
        write_private(path, self.wrap(key))
        return key

    def open_key(self, path: Path) -> bytes:
        """Return the store key wrapped at `path`; raises KeyMissingError."""
        return _unwrap(path, identities_of(self._server))

    def open_or_make_key(self, path: Path) -> bytes:
        """Return the key at `path`, made if there is none yet."""
        return self.open_key(path) if path.exists() else self.make_key(path)

    def for_reading(self) -> KeyRing:
        """Return the same keys for whoever reads without a signing key that can be opened."""
        return KeyRing(self._folder, self._server, to_read=True)

    def wrap(self, content: bytes) -> bytes:
        """Return content that only this server's key and the recovery words open (age)."""
        server = identities_of(self._server)[0].to_public()
        return bytes(pyrage.encrypt(content, [server, recovery_recipient(self._folder)]))

    def unwrap(self, path: Path) -> bytes:
        """Return what `wrap` made and was put at `path`; raises KeyMissingError."""
        return _unwrap(path, identities_of(self._server))

    def signing_key(self) -> Ed25519PrivateKey:
        """Return the key that signs checkpoints and manifests."""
        path = _signing_path(self._folder)
        return _as_signing(path, self.open_key(path))

    def verifying_key(self) -> Ed25519PublicKey:
        """Return the public half of the signing key."""
        return self.signing_key().public_key()

    def verifying_keys(self) -> tuple[Ed25519PublicKey, ...]:
        """Return the public half of the signing key and the keys of boxes that it pinned.

        To read, none where the public half cannot be read either.
        """
        if not self._to_read:
            return trusted(self._folder, self.verifying_key())
        own = _published_key(self._folder)
        return trusted(self._folder, own) if own else ()

    def next_signing_key(self) -> Ed25519PrivateKey:
        """Return the key that will sign next, made if there is none."""
        path = _signing_path(self._folder).with_name(NEXT_SIGNING_KEY)
        return Ed25519PrivateKey.from_private_bytes(self.open_or_make_key(path))

    def sign_with_next(self) -> Ed25519PrivateKey:
        """Put the next signing key in the place of the one that signs, and return it.

        What the old one pinned (signers) is pinned by the new one.
        """
        path, own = _signing_path(self._folder), self.verifying_key()
        following = path.with_name(NEXT_SIGNING_KEY)
        new = Ed25519PrivateKey.from_private_bytes(self.open_key(following))
        pin_again(self._folder, own, new)
        following.rename(path)
        sync_folder(path.parent)
        _publish_signing_key(self._folder, self)
        return new

    def trust(self, name: str, key: bytes) -> None:
        """Pin the Ed25519 public key (32 bytes) of another box whose ledgers lie here."""
        trust(self._folder, self.signing_key(), name, key)


def make_key_ring(folder: Path) -> tuple[KeyRing, str]:
    """Make all keys of a new site in `folder`; return them and the 24 recovery words.

    The words are nowhere on the disk: whoever calls shows them once.
    """
    words = words_of(os.urandom(ENTROPY_BYTES))
    recovery = pyrage.x25519.Identity.from_str(identity_of(words)).to_public()
    server = pyrage.x25519.Identity.generate()
    write_private(folder / RECOVERY_RECIPIENT, f"{recovery}\n".encode())
    forbid_core_dumps()
    write_private(folder / SERVER_KEY, f"{server}\n".encode())
    ring = KeyRing(folder, lambda: str(server))
    ring.make_key(_signing_path(folder))
    _publish_signing_key(folder, ring)
    return ring, words


def make_follower_key_ring(folder: Path, recovery: str, signing: bytes) -> KeyRing:
    """Make the keys of a second box in `folder`: the first's recovery words open it as well.

    `recovery` is the first's public recovery key (age), `signing` the 32 bytes of this box's
    own signing key. Raises KeyMissingError where the recovery key cannot be used.
    """
    forbid_core_dumps()
    server = pyrage.x25519.Identity.generate()
    write_private(folder / RECOVERY_RECIPIENT, f"{recovery.strip()}\n".encode())
    recovery_recipient(folder)
    write_private(folder / SERVER_KEY, f"{server}\n".encode())
    ring = KeyRing(folder, lambda: str(server))
    write_private(_signing_path(folder), ring.wrap(signing))
    _publish_signing_key(folder, ring)
    return ring


def load_key_ring(folder: Path, server: ServerKey | None = None) -> KeyRing:
    """Return the site's keys from `folder`; raises KeyMissingError.

    `server` reads the server's key, which else lies in `folder`. Raises also for a key that
    opens no store of the site: an old one that was put back. From then on this process leaves
    no core dump.
    """
    forbid_core_dumps()
    server = server or server_key_file(folder)
    ring = KeyRing(folder, server)
    identities = identities_of(server)
    recovery_recipient(folder)
    if not _opens_something(folder, identities):
        raise KeyMissingError(
            f"the server's key ({folder / SERVER_KEY}) opens no store: it is not, or no longer,"
            " the key of this folder"
        )
    return ring


def server_key_file(folder: Path) -> ServerKey:
    """Return what reads the server's key from its file in `folder`."""

    def read() -> str:
        try:
            return (folder / SERVER_KEY).read_text(encoding="ascii")
        except (OSError, UnicodeDecodeError) as fault:
            raise KeyMissingError(f"the keys in {folder} cannot be used") from fault

    return read


def identities_of(server: ServerKey) -> list[pyrage.x25519.Identity]:
    """Return the server's identities, newest first; raises KeyMissingError."""
    for left in reversed(range(_READINGS)):
        lines = [line for line in server().split() if line]
        try:
            found = [pyrage.x25519.Identity.from_str(line) for line in lines]
        except pyrage.IdentityError as fault:
            if not left:
                raise KeyMissingError("the server's key is no age identity") from fault
            continue
        if found:
            return found
    raise KeyMissingError("the server's key is empty")


def recovery_recipient(folder: Path) -> pyrage.x25519.Recipient:
    """Return the recovery key's public half; raises KeyMissingError."""
    try:
        text = (folder / RECOVERY_RECIPIENT).read_text(encoding="ascii").strip()
        return pyrage.x25519.Recipient.from_str(text)
    except (OSError, UnicodeDecodeError, pyrage.RecipientError) as fault:
        raise KeyMissingError(f"the keys in {folder} cannot be used") from fault


class Recovered(msgspec.Struct, frozen=True):
    """The keys after a recovery, and what the words do not open (damaged, another site's)."""

    ring: KeyRing
    closed: tuple[Path, ...]


def recover_key_ring(folder: Path, words: str, wrapped: Sequence[Path]) -> Recovered:
    """Make a new server key with the recovery words and wrap every file to it anew.

    One damaged file does not keep the others shut. A signing key that is gone is made anew:
    then `wardkeep verify` calls the older checkpoints unsigned.
    Raises RecoveryWordsError, and changes nothing, where the words open no file at all.
    """
    identity = pyrage.x25519.Identity.from_str(identity_of(words))
    opened: dict[Path, bytes] = {}
    closed: list[Path] = []
    for path in (_signing_path(folder), *wrapped):
        try:
            opened[path] = _unwrap(path, [identity])
        except KeyMissingError:
            closed.append(path)
    if not opened:
        raise opening_nothing(words, "in this folder")
    server = pyrage.x25519.Identity.generate()
    recovery = str(identity.to_public())
    ring = KeyRing(folder, lambda: str(server))
    # The server key is written before the files wrapped to it: a crash between leaves files
    # that the words still open, and this can be run again.
    write_private(folder / RECOVERY_RECIPIENT, f"{recovery}\n".encode())
    write_private(folder / SERVER_KEY, f"{server}\n".encode())
    for path, content in opened.items():
        write_private(path, ring.wrap(content))
    if _signing_path(folder) in closed:
        ring.make_key(_signing_path(folder))
    _publish_signing_key(folder, ring)
    return Recovered(ring, tuple(closed))


def forbid_core_dumps() -> None:
    """Keep keys of this process out of core dumps, and other processes out of its memory."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    # The limit alone does not hold where core_pattern is a pipe (core(5)).
    ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)


def _signing_path(keys: Path) -> Path:
    return keys.parent / SIGNING_KEY


def _opens_something(folder: Path, server: Sequence[pyrage.x25519.Identity]) -> bool:
    """Tell whether the key opens one of the site's wrapped keys, or there is none yet."""
    stores = (path for path in folder.parent.glob("*/*.key") if path.parent != folder)
    wrapped = [path for path in (_signing_path(folder), *stores) if path.is_file()]
    return not wrapped or any(_opens(path, server) for path in wrapped)


def _opens(path: Path, server: Sequence[pyrage.x25519.Identity]) -> bool:
    try:
        _unwrap(path, server)
    except KeyMissingError:
        return False
    return True


def _publish_signing_key(folder: Path, ring: KeyRing) -> None:
    public = ring.verifying_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    write_private(folder / SIGNING_PUBLIC, public)


def _published_key(folder: Path) -> Ed25519PublicKey | None:
    try:
        key = serialization.load_pem_public_key((folder / SIGNING_PUBLIC).read_bytes())
    except (OSError, ValueError):
        return None
    return key if isinstance(key, Ed25519PublicKey) else None


def way_back(path: Path) -> str:
    """Return what to do where a wrapped file is gone, damaged or older than the key."""
    text = (
        f"Bring {path.name} back into {path.parent} from a backup or a copy of the folder. If"
        " it was made before the server's key, then run `wardkeep recover-key DIR` with the"
        " words."
    )
    if path.name == SIGNING_KEY:
        return f"{text} Without it recover-key makes another: what was signed counts no more."
    return f"{text} Nothing makes it again."


def _as_signing(path: Path, key: bytes) -> Ed25519PrivateKey:
    try:
        return Ed25519PrivateKey.from_private_bytes(key)
    except ValueError as fault:
        raise KeyMissingError(f"{path} holds no signing key", advice=way_back(path)) from fault


def _unwrap(path: Path, identities: Sequence[pyrage.x25519.Identity]) -> bytes:
    try:
        return bytes(pyrage.decrypt(path.read_bytes(), identities))
    except (OSError, pyrage.DecryptError) as fault:
        said = f"{path.parent.name}/{path.name} cannot be opened"
        raise KeyMissingError(said, advice=way_back(path)) from fault
