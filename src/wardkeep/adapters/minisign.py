"""Signs files so that minisign and plain openssl can check them (Ed25519, RFC 8032).

The format is minisign's (Denis, minisign, "Signature format"), with its
older algorithm `Ed`, which signs the file itself: where there is only openssl, it checks the
64 bytes.
"""

from __future__ import annotations

import base64
import binascii
import hashlib

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)

from wardkeep.adapters.errors import BadSignatureError

_ALGORITHM = b"Ed"
_IDENTIFIER_BYTES, _SIGNATURE_BYTES, _KEY_BYTES = 8, 64, 32
_UNTRUSTED, _TRUSTED = "untrusted comment: ", "trusted comment: "
_LINES = 4


def public_text(key: Ed25519PublicKey, comment: str) -> str:
    """Return a public key as minisign keeps it: a comment and one line that can be typed."""
    return f"{_UNTRUSTED}{comment}\n{_line(_ALGORITHM + _identifier(key) + _raw(key))}\n"


def read_public(text: str) -> Ed25519PublicKey:
    """Return the key that `public_text` wrote; raises BadSignatureError."""
    content = _bytes(text.strip().splitlines()[-1] if text.strip() else "")
    if len(content) != len(_ALGORITHM) + _IDENTIFIER_BYTES + _KEY_BYTES:
        raise BadSignatureError("this is no public key of minisign")
    return Ed25519PublicKey.from_public_bytes(content[-_KEY_BYTES:])


def fingerprint(key: Ed25519PublicKey) -> str:
    """Return SHA-256 of a public key's 32 bytes in groups of four, to be read out aloud."""
    digest = hashlib.sha256(_raw(key)).hexdigest()
    return " ".join(digest[at : at + 4] for at in range(0, len(digest), 4))


def sign(
    content: bytes,
    key: Ed25519PrivateKey,
    comment: str,
    untrusted: str = "signature of a Wardkeep bundle",
) -> str:
    """Return the four lines of a signature over `content`; `comment` is signed with it.

    `untrusted` is the first line's, which nothing signs.
    """
    signature, public = key.sign(content), key.public_key()
    both = key.sign(signature + comment.encode())
    return (
        f"{_UNTRUSTED}{untrusted}\n"
        f"{_line(_ALGORITHM + _identifier(public) + signature)}\n"
        f"{_TRUSTED}{comment}\n{_line(both)}\n"
    )


def check(content: bytes, signature: str, key: Ed25519PublicKey) -> str:
    """Return the signed comment; raises BadSignatureError if `key` did not sign this."""
    lines = signature.splitlines()
    if len(lines) != _LINES or not lines[2].startswith(_TRUSTED):
        raise BadSignatureError("this is no signature of minisign")
    first, comment = _bytes(lines[1]), lines[2].removeprefix(_TRUSTED)
    if first[:2] != _ALGORITHM or len(first) != 2 + _IDENTIFIER_BYTES + _SIGNATURE_BYTES:
        raise BadSignatureError("this is no signature of minisign by Ed25519 over the file")
    own = first[-_SIGNATURE_BYTES:]
    try:
        key.verify(own, content)
        key.verify(_bytes(lines[3]), own + comment.encode())
    except InvalidSignature as fault:
        raise BadSignatureError(
            "the signature is not by this key, or of another file"
        ) from fault
    return comment


def is_as_written(signature: str, key: Ed25519PublicKey, untrusted: str) -> bool:
    """Tell whether a signature that was checked is also in the form that `sign` gives it.

    minisign signs neither its first line nor the number of the key.
    """
    lines = signature.splitlines()
    own = _line(_ALGORITHM + _identifier(key) + _bytes(lines[1])[-_SIGNATURE_BYTES:])
    both = _line(_bytes(lines[3]))
    return signature == f"{_UNTRUSTED}{untrusted}\n{own}\n{lines[2]}\n{both}\n"


def _identifier(key: Ed25519PublicKey) -> bytes:
    # minisign draws it; from the key itself, the same key always has the same.
    return hashlib.sha256(_raw(key)).digest()[:_IDENTIFIER_BYTES]


def _raw(key: Ed25519PublicKey) -> bytes:
    return key.public_bytes_raw()


def _line(content: bytes) -> str:
    return base64.b64encode(content).decode()


def _bytes(line: str) -> bytes:
    try:
        return base64.b64decode(line, validate=True)
    except (binascii.Error, ValueError) as fault:
        raise BadSignatureError("a line of it is not base64") from fault
