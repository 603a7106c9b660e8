"""What is ready for the wards: packs encrypted to their keys, and the manifest that names them.

DIR/deliveries/out/ holds what each target gets, file by file; the manifest is written last, and
files that it no longer names go after it. Only this module makes manifests.
"""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol
from zoneinfo import ZoneInfo

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)

from wardkeep.adapters import minisign
from wardkeep.adapters.errors import BadSignatureError
from wardkeep.adapters.files import make_private_folder, write_private
from wardkeep.adapters.key_ring import KeyRing
from wardkeep.adapters.pack_keys import CRISIS, PHARMACY, PackKeys, of_ward, seal
from wardkeep.adapters.page_press import empty_page
from wardkeep.adapters.shelf_notes import Note
from wardkeep.pack.errors import ManifestError, SheetsDamagedError
from wardkeep.pack.house_lists import CODES, holders
from wardkeep.pack.manifest import (
    MANIFEST,
    OLD_AFTER,
    SIGNATURE,
    Listed,
    Manifest,
    Part,
    decode,
    encode,
    html_name,
    next_counter,
    pdf_name,
)
from wardkeep.pack.sealed_sheets import join
from wardkeep.pack.ward_page import Carried, fill, read, shell_digest
from wardkeep.paper.calendar import Calendar

PUBLIC_KEY = "wardkeep.pub"
"""The key that signs the manifest, for minisign -V; its fingerprint hangs on the wall."""


UNTRUSTED = "signature of Wardkeep ward packs"
"""The first line of the signature, which minisign does not sign."""


class Sealed(msgspec.Struct, frozen=True):
    """A ward's pack as it leaves the server, and how the manifest names it."""

    listed: Listed
    sheets: bytes
    pdf: bytes


class Packs(Protocol):
    """Where packs are taken from: one shelf, or that of wards and that of lists together."""

    def generations(self, ward: str) -> list[Note]:
        """Return the signed packs, newest first."""
        ...

    def sheets(self, note: Note) -> tuple[str, ...] | None:
        """Return a pack's pages as HTML, None where they are not what was signed."""
        ...

    def pdf(self, note: Note) -> bytes | None:
        """Return a pack as PDF, None where it is not what was signed."""
        ...


class Outbox:
    """One process writes it; any may read it."""

    def __init__(
        self, folder: Path, shelf: Packs, keys: PackKeys, ring: KeyRing, zone: ZoneInfo
    ) -> None:
        """`folder` is DIR/deliveries/out; `zone` is the site's, whose clock pages tell."""
        self.folder, self._zone = folder, zone
        self._shelf, self._keys, self._ring = shelf, keys, ring

    def manifest(self) -> Manifest | None:
        """Return the manifest that stands, None where none does or it is not this site's."""
        try:
            content = (self.folder / MANIFEST).read_bytes()
            signature = (self.folder / SIGNATURE).read_text("utf-8")
            minisign.check(content, signature, self._ring.verifying_key())
            return decode(content)
        except (OSError, ValueError, BadSignatureError, ManifestError):
            return None

    def newest(self, ward: str) -> Note | None:
        """Return the ward's newest pack on the shelf that is whole as signed."""
        return next(iter(self._shelf.generations(ward)), None)

    def seal_ward(self, note: Note, *, held: bool) -> Sealed | None:
        """Encrypt a pack to its ward, the crisis team and the pharmacy; a list to its own keys.

        None where it is not what was signed. Raises KeyMissingError, OSError.
        """
        sheets, pdf = self._shelf.sheets(note), self._shelf.pdf(note)
        if not sheets or pdf is None:
            return None
        built = note.built
        calendar = Calendar(built.language, self._zone, built.at)
        recipients = self._keys.recipients(*holders_of(built.ward))
        joined = join(seal(sheet.encode(), recipients) for sheet in sheets)
        closed = seal(pdf, recipients)
        listed = Listed(
            ward=built.ward,
            generation=built.generation,
            language=built.language,
            built=built.at,
            as_of=built.as_of,
            held=held,
            shell=shell_digest(empty_page(built.language, built.ward)),
            html=_part(html_name(built.ward), joined),
            pdf=_part(pdf_name(built.ward, built.generation), closed),
            built_told=calendar.zoned(built.at),
            as_of_told="" if built.as_of is None else calendar.zoned(built.as_of),
        )
        return Sealed(listed, joined, closed)

    def is_whole(self, pack: Listed) -> bool:
        """Tell whether both files of a pack lie here as the manifest names them."""
        try:
            pdf = (self.folder / pack.pdf.file).read_bytes()
            shell, carried = read((self.folder / pack.html.file).read_bytes())
        except (OSError, SheetsDamagedError):
            return False
        return (
            _part(pack.pdf.file, pdf) == pack.pdf
            and _part(pack.html.file, carried.sheets) == pack.html
            and shell_digest(shell) == pack.shell
        )

    def forget(self) -> None:
        """Take the manifest away, so that every pack is sealed again. Raises OSError."""
        (self.folder / MANIFEST).unlink(missing_ok=True)

    def put(self, sealed: Sequence[Sealed], site: str, now: int) -> Manifest:
        """Put packs in place of their wards' earlier ones and sign a new manifest.

        Raises OSError: then the manifest before stands, and what it names.
        """
        make_private_folder(self.folder)
        before = self.manifest()
        packs = {each.ward: each for each in before.packs} if before else {}
        packs |= {each.listed.ward: each.listed for each in sealed}
        manifest = Manifest(
            site=site,
            counter=next_counter(before.counter if before else 0, now),
            signed=now,
            old_after=OLD_AFTER,
            packs=tuple(packs[ward] for ward in sorted(packs)),
        )
        content = encode(manifest)
        signature = signed(content, manifest, self._ring.signing_key())
        signer = public_text(manifest.site, self._ring.verifying_key())
        for each in sealed:
            built = each.listed
            carried = Carried(
                sheets=each.sheets, manifest=content, signature=signature, signer=signer
            )
            page = fill(empty_page(built.language, built.ward), carried)
            write_private(self.folder / built.pdf.file, each.pdf)
            write_private(self.folder / built.html.file, page)
        write_private(self.folder / PUBLIC_KEY, signer)
        write_private(self.folder / SIGNATURE, signature)
        write_private(self.folder / MANIFEST, content)
        self._tidy(manifest)
        return manifest

    def _tidy(self, manifest: Manifest) -> None:
        for path in self.folder.glob("*.pdf.age"):
            if path.name not in named_files(manifest):
                with contextlib.suppress(OSError):
                    path.unlink()


def holders_of(code: str) -> tuple[str, ...]:
    """Return whose keys open the pack of a ward, or a list of the house."""
    if code in CODES:
        return holders(CODES[code])
    return (of_ward(code), CRISIS, PHARMACY)


def named_files(manifest: Manifest) -> set[str]:
    """Return the names of the files that belong to a manifest."""
    return {part.file for pack in manifest.packs for part in (pack.html, pack.pdf)}


def signed(content: bytes, manifest: Manifest, key: Ed25519PrivateKey) -> bytes:
    """Return minisign's signature of a manifest; the comment, signed too, tells its counter."""
    comment = f"wardkeep ward packs, counter {manifest.counter}"
    return minisign.sign(content, key, comment, UNTRUSTED).encode()


def public_text(site: str, key: Ed25519PublicKey) -> bytes:
    """Return the key that signs as minisign keeps it."""
    return minisign.public_text(key, f"Wardkeep ward packs of {site}").encode()


def _part(name: str, content: bytes) -> Part:
    return Part(file=name, sha256=hashlib.sha256(content).hexdigest(), size=len(content))
