"""Reads a delivered pack: what it carries, whether the site signed it, what a key opens of it.

Nothing is shown here and nothing written: who shows it asks `pack.manifest.verdict` first.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec
import pyrage

from wardkeep.adapters import minisign
from wardkeep.adapters.errors import BadSignatureError, PackFileError, WrongPackKeyError
from wardkeep.adapters.outbox import PUBLIC_KEY, UNTRUSTED, public_text
from wardkeep.ledger.errors import RecoveryWordsError
from wardkeep.ledger.recovery import identity_of
from wardkeep.pack.errors import ManifestError, SheetsDamagedError
from wardkeep.pack.manifest import MANIFEST, SIGNATURE, Doubt, Listed, Manifest, decode, listed
from wardkeep.pack.sealed_sheets import part
from wardkeep.pack.ward_page import LARGEST, Carried, fill, read, shell_digest

Wait = Callable[[float], object]
Key = pyrage.x25519.Identity
_AGE = b"age-encryption.org/v1\n"
# A manifest that is put just now: its signature came a moment before it.
_TRIES, _PAUSE_SECONDS = 5, 0.2
_LARGEST_KEY = 4096


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """A pack as it lies there. `sheets` are encrypted, `pdf` is; one of them is empty.

    `digest` is the SHA-256 of what is encrypted, `signer` the fingerprint of the key that the
    file or folder names, empty where none is.
    """

    manifest: Manifest | None
    pack: Listed | None
    doubts: frozenset[Doubt]
    digest: str
    signer: str
    sheets: tuple[bytes, ...] = ()
    pdf: bytes = b""
    newer: bool = False
    """The manifest beside names a newer pack of the ward."""
    list_altered: bool = False
    """The manifest beside is not signed by the same key, or is an older one."""
    renamed: bool = False
    """The file is called otherwise than the pack that it is."""


def examine(path: Path, wait: Wait = time.sleep) -> Found:
    """Return what a delivered file carries, verified by its own key.

    A page carries its manifest; beside an encrypted PDF lie manifest, signature and key, which
    are read again after a `wait` (seconds) where they do not fit. Raises PackFileError for what
    is no pack at all.
    """
    content = _content(path)
    if content.startswith(_AGE):
        return _examine_pdf(path, content, wait)
    try:
        shell, carried = read(content)
    except SheetsDamagedError as fault:
        raise PackFileError(f"{path}: {fault}") from fault
    found = _examine_page(path, shell, carried, exact=fill(shell, carried) == content)
    newer, list_altered = _list_beside(path, found, wait)
    return msgspec.structs.replace(found, newer=newer, list_altered=list_altered)


def _examine_page(path: Path, shell: str, carried: Carried, *, exact: bool) -> Found:
    manifest, doubts, signer = verified(carried)
    digest = hashlib.sha256(carried.sheets).hexdigest()
    pack = listed(manifest, digest) if manifest else None
    if manifest and pack is None:
        doubts = doubts | {Doubt.NOT_LISTED}
    if pack is not None and (shell_digest(shell) != pack.shell or not exact):
        doubts = doubts | {Doubt.VIEWER_ALTERED}
    try:
        sheets, whole = part(carried.sheets)
    except SheetsDamagedError:
        sheets, whole = [], False
    return Found(
        manifest=manifest,
        pack=pack,
        doubts=doubts if whole else doubts | {Doubt.DAMAGED},
        digest=digest,
        signer=signer,
        sheets=tuple(sheets),
        renamed=pack is not None and path.name != pack.html.file,
    )


def _examine_pdf(path: Path, content: bytes, wait: Wait) -> Found:
    digest = hashlib.sha256(content).hexdigest()
    manifest, doubts, signer = None, frozenset({Doubt.NO_MANIFEST}), ""
    for carried in _beside(path.parent, wait):
        manifest, doubts, signer = verified(carried)
        if manifest is not None and listed(manifest, digest):
            break
    pack = listed(manifest, digest) if manifest else None
    if manifest and pack is None:
        doubts = doubts | {Doubt.NOT_LISTED}
    return Found(
        manifest=manifest,
        pack=pack,
        doubts=doubts,
        digest=digest,
        signer=signer,
        pdf=content,
        renamed=pack is not None and path.name != pack.pdf.file,
    )


def verified(carried: Carried) -> tuple[Manifest | None, frozenset[Doubt], str]:
    """Return a manifest that its key signed, or the doubts; and the key's fingerprint."""
    try:
        key = minisign.read_public(carried.signer.decode("ascii"))
    except (BadSignatureError, UnicodeDecodeError):
        return None, frozenset({Doubt.NOT_SIGNED}), ""
    signer = minisign.fingerprint(key)
    try:
        minisign.check(carried.manifest, carried.signature.decode("utf-8"), key)
    except (BadSignatureError, UnicodeDecodeError):
        return None, frozenset({Doubt.NOT_SIGNED}), signer
    try:
        manifest = decode(carried.manifest)
    except ManifestError:
        return None, frozenset({Doubt.NO_MANIFEST}), signer
    # What minisign leaves unsigned is held to its form: an altered file is told as such.
    written = minisign.is_as_written(carried.signature.decode("utf-8"), key, UNTRUSTED)
    if not written or carried.signer != public_text(manifest.site, key):
        return None, frozenset({Doubt.NOT_SIGNED}), signer
    return manifest, frozenset(), signer


def _list_beside(path: Path, found: Found, wait: Wait) -> tuple[bool, bool]:
    """Tell whether the manifest beside a page names a newer pack, and whether it is altered."""
    other: Manifest | None = None
    for carried in _beside(path.parent, wait):
        other, _, by = verified(carried)
        if other is not None and by == found.signer:
            break
    else:
        # No list lies there, as where a page was copied alone; or none that is signed.
        return False, (path.parent / MANIFEST).exists()
    own, pack = found.manifest, found.pack
    if own is None or pack is None:
        return False, False
    newer = any(e.ward == pack.ward and e.generation > pack.generation for e in other.packs)
    return newer, other.counter < own.counter


def _beside(folder: Path, wait: Wait) -> Iterator[Carried]:
    """Yield the manifest beside a file, again while it may be put just now."""
    for again in range(_TRIES):
        if again:
            wait(_PAUSE_SECONDS)
        try:
            manifest, signature, signer = (
                (folder / name).read_bytes() for name in (MANIFEST, SIGNATURE, PUBLIC_KEY)
            )
        except OSError:
            return
        yield Carried(sheets=b"", manifest=manifest, signature=signature, signer=signer)


def identity(text: str) -> pyrage.x25519.Identity:
    """Return the key of words or of "AGE-SECRET-KEY-1..."; raises WrongPackKeyError."""
    typed = text.strip()
    try:
        if typed.upper().startswith("AGE-SECRET-KEY-1"):
            return pyrage.x25519.Identity.from_str(typed.upper())
        return pyrage.x25519.Identity.from_str(identity_of(typed))
    except RecoveryWordsError as fault:
        raise WrongPackKeyError(str(fault)) from fault
    except pyrage.IdentityError as fault:
        raise WrongPackKeyError("this is no key of age: scan or type it again") from fault


def key_text(given: str) -> str:
    """Return the key that is in a file, or the words themselves; raises PackFileError."""
    path = Path(given)
    if len(given.split()) > 1 or given.upper().startswith("AGE-SECRET-KEY-1"):
        return given
    try:
        with path.open(encoding="utf-8") as stream:
            return stream.read(_LARGEST_KEY)
    except (OSError, UnicodeDecodeError) as fault:
        raise PackFileError(f"--key {given}: no file with a key, and no 24 words") from fault


def open_sheets(found: Found, key: pyrage.x25519.Identity) -> list[str | None]:
    """Return the sheets that a key opens, None for one that is damaged.

    Raises WrongPackKeyError where it opens none.
    """
    opened = [_opened(each, key) for each in found.sheets]
    if not any(each is not None for each in opened):
        raise _opens_nothing(found)
    return [None if each is None else each.decode("utf-8", "replace") for each in opened]


def open_pdf(found: Found, key: pyrage.x25519.Identity) -> bytes:
    """Return the PDF that a key opens; raises WrongPackKeyError."""
    opened = _opened(found.pdf, key)
    if opened is None:
        raise _opens_nothing(found)
    return opened


def _opened(content: bytes, key: pyrage.x25519.Identity) -> bytes | None:
    try:
        return bytes(pyrage.decrypt(content, [key]))
    except pyrage.DecryptError:
        return None


def _opens_nothing(found: Found) -> WrongPackKeyError:
    if found.doubts:
        return WrongPackKeyError(
            "nothing opens: the key is another ward's, or the file is damaged",
            advice="Try the page (.html) of the ward and other copies; read the words again.",
        )
    return WrongPackKeyError("the key is read right, but it does not open this pack")


def _content(path: Path) -> bytes:
    try:
        with path.open("rb") as stream:
            return stream.read(LARGEST + 1)
    except OSError as fault:
        raise PackFileError(f"{path}: {fault.strerror or fault}") from fault
