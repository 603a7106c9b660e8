"""The key that signs bundles: Ed25519 in a PEM file (RFC 8410), with a passphrase or not."""

from __future__ import annotations

from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from wardkeep.adapters.errors import ReleaseKeyError
from wardkeep.adapters.files import why_not_writable, write_private

_LARGEST = 64 * 1024


def make_key(path: Path, passphrase: Path | None) -> Ed25519PrivateKey:
    """Make a key at `path` (0600), under the passphrase in the file `passphrase` if given.

    Raises ReleaseKeyError where something lies there already or nothing can be written.
    """
    if path.exists():
        raise ReleaseKeyError(f"{path} is already there and is not overwritten")
    if why := why_not_writable(path):
        raise ReleaseKeyError(f"{path}: {why}")
    secret = _passphrase(passphrase)
    key = Ed25519PrivateKey.generate()
    how: serialization.KeySerializationEncryption = serialization.NoEncryption()
    if secret is not None:
        how = serialization.BestAvailableEncryption(secret)
    content = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, how
    )
    write_private(path, content)
    return key


def load_key(path: Path, passphrase: Path | None) -> Ed25519PrivateKey:
    """Return the key at `path`; raises ReleaseKeyError, which never quotes it."""
    secret = _passphrase(passphrase)
    try:
        with path.open("rb") as stream:
            key = serialization.load_pem_private_key(stream.read(_LARGEST), secret)
    except OSError as fault:
        raise ReleaseKeyError(f"{path}: {fault.strerror or fault}") from fault
    except (ValueError, TypeError) as fault:
        raise ReleaseKeyError(
            f"{path} is no private key in PEM, or its passphrase is another"
        ) from fault
    if not isinstance(key, Ed25519PrivateKey):
        raise ReleaseKeyError(f"{path} is a private key, but not an Ed25519 one")
    return key


def _passphrase(path: Path | None) -> bytes | None:
    if path is None:
        return None
    with path.open("rb") as stream:
        return stream.read(_LARGEST).rstrip(b"\r\n")
