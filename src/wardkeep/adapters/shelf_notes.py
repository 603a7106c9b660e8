"""The signed note beside each pack on the shelf: what it is, and the hashes of its forms.

`packs/<ward>/<generation>.note.json`. Without a note that the site signed a pack on the shelf
is none: whoever can write there, but has no key of the site, cannot swap packs.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)

from wardkeep.adapters.files import write_private
from wardkeep.pack.events import PackBuilt

SUFFIX = ".note.json"
_DOMAIN = b"wardkeep shelf note 1\x00"
_DIGITS = 12


class Note(msgspec.Struct, frozen=True, kw_only=True):
    """A pack on the shelf; `sheets` is the SHA-256 of its HTML sheets, `size` its bytes."""

    built: PackBuilt
    sheets: str
    size: int
    signature: bytes = b""


_decoder = msgspec.json.Decoder(Note)


def write_note(folder: Path, note: Note, key: Ed25519PrivateKey) -> None:
    """Sign a note and lay it beside its pack; raises OSError."""
    signed = msgspec.structs.replace(note, signature=key.sign(_said(note)))
    write_private(note_path(folder, note.built.generation), msgspec.json.encode(signed))


def note_path(folder: Path, generation: int) -> Path:
    """Return where the note of a generation lies in its ward's folder."""
    return folder / f"{generation:0{_DIGITS}}{SUFFIX}"


def read_notes(folder: Path, keys: Sequence[Ed25519PublicKey]) -> dict[int, Note]:
    """Return the notes of a ward's folder that one of the keys signed, by generation."""
    found = {}
    for path in folder.glob(f"*{SUFFIX}"):
        note = read_note(path, keys)
        # A note that was copied to another generation's name is not that generation's.
        if note is not None and path == note_path(folder, note.built.generation):
            found[note.built.generation] = note
    return found


def read_note(path: Path, keys: Sequence[Ed25519PublicKey]) -> Note | None:
    """Return a note that one of the keys signed, None where it is absent, altered or forged."""
    try:
        note = _decoder.decode(path.read_bytes())
    except (OSError, msgspec.DecodeError, UnicodeDecodeError):
        return None
    return note if any(_is_by(note, key) for key in keys) else None


def sign_again(packs: Path, old: Ed25519PublicKey, new: Ed25519PrivateKey) -> None:
    """Sign every note of a shelf that `old` signed with the site's new key. Raises OSError."""
    for path in sorted(packs.glob(f"*/*{SUFFIX}")):
        note = read_note(path, [old])
        if note is not None:
            write_note(path.parent, note, new)


def digest(content: bytes) -> str:
    """Return the SHA-256 of a form of a pack, in hex."""
    return hashlib.sha256(content).hexdigest()


def _is_by(note: Note, key: Ed25519PublicKey) -> bool:
    try:
        key.verify(note.signature, _said(note))
    except InvalidSignature:
        return False
    return True


def _said(note: Note) -> bytes:
    return _DOMAIN + msgspec.json.encode((note.built, note.sheets, note.size))
