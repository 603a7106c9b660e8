"""The manifest of a site's delivered packs: what was signed, and what to say of a file by it.

Rules kept here:
- the bytes are canonical: one manifest has one form, and another form is refused;
- a file that the signed manifest does not name, or whose hash differs, is doubted;
- a counter tells an earlier manifest from a later one, whatever the files' own dates say;
- age is counted from what the pack knows (as of), never from when it was copied.
"""

from __future__ import annotations

import enum
from collections.abc import Collection
from urllib.parse import quote

import msgspec

from wardkeep.kernel.times import HOUR, SECOND
from wardkeep.pack.errors import ManifestError
from wardkeep.pack.house_lists import CODES

FORMAT = "wardkeep manifest 1"
MANIFEST, SIGNATURE = "manifest.json", "manifest.json.minisig"
OLD_AFTER = 4 * HOUR
"""A page whose data are older carries OLD (the same half shift as pack.freshness)."""
LARGEST = 4 * 1024 * 1024
"""A thousand wards have a twentieth of it."""
_LONGEST_NAME = 60


class Part(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A delivered form of a pack: its file's name, the SHA-256 of what is encrypted."""

    file: str
    sha256: str
    size: int


class Listed(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True
):
    """One ward's pack. Times in UTC microseconds; `shell` is the SHA-256 of the empty page.

    `html.sha256` is that of the encrypted sheets in the page, `pdf.sha256` that of the file.
    `built_told` and `as_of_told` are those times as the sheets tell them, with the name of the
    site's zone: the computer that opens a pack may stand in another. Earlier lists have none.
    """

    ward: str
    generation: int
    language: str
    built: int
    as_of: int | None
    held: bool
    shell: str
    html: Part
    pdf: Part
    built_told: str = ""
    as_of_told: str = ""


class Manifest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """All packs of a site that were delivered together, ordered by ward."""

    format: str = FORMAT
    site: str
    counter: int
    signed: int
    old_after: int
    packs: tuple[Listed, ...]


_encoder = msgspec.json.Encoder(order="sorted")
_decoder = msgspec.json.Decoder(Manifest)


def encode(manifest: Manifest) -> bytes:
    """Return the canonical bytes: JSON in UTF-8, keys sorted, no space, one line end."""
    packs = tuple(sorted(manifest.packs, key=lambda each: each.ward))
    return _encoder.encode(msgspec.structs.replace(manifest, packs=packs)) + b"\n"


def decode(content: bytes) -> Manifest:
    """Return the manifest in `content`; raises ManifestError for anything but its own bytes."""
    if len(content) > LARGEST:
        raise ManifestError(f"{len(content)} bytes are too many for a manifest")
    try:
        manifest = _decoder.decode(content)
    except (msgspec.DecodeError, UnicodeDecodeError) as fault:
        raise ManifestError("this is no manifest of ward packs") from fault
    if manifest.format != FORMAT or encode(manifest) != content:
        raise ManifestError("this manifest is not in the form that is signed")
    return manifest


def next_counter(before: int, now: int) -> int:
    """Return a counter above `before`: seconds since 1970, so that a restored box goes on."""
    return max(before + 1, now // SECOND)


def html_name(ward: str) -> str:
    """Return the name of the page that opens a ward's pack: WARD.html, its code quoted."""
    return f"{_named(ward)}.html"


def pdf_name(ward: str, generation: int) -> str:
    """Return the name of a ward's encrypted PDF, another one each generation."""
    return f"{_named(ward)}-{generation:012}.pdf.age"


def _named(code: str) -> str:
    return code if code in CODES else _quoted(code)


def _quoted(ward: str) -> str:
    # No two wards share a name where the system tells letters' case apart or not.
    plain = quote(ward, safe="")
    return plain if len(plain) <= _LONGEST_NAME else plain[:_LONGEST_NAME] + "~"


class Doubt(enum.Enum):
    """Why a pack is not verified."""

    NO_MANIFEST = "no-manifest"
    NOT_SIGNED = "not-signed"
    SIGNER_CHANGED = "signer-changed"
    NOT_LISTED = "not-listed"
    VIEWER_ALTERED = "viewer-altered"
    DAMAGED = "damaged"


class Verdict(msgspec.Struct, frozen=True, kw_only=True):
    """What must stand on every page: doubts, age, and whether a later pack was seen.

    `old_hours` is None for a fresh pack; `clock_wrong` where this machine's clock stands before
    the pack was made, so that nothing can be said of its age.
    """

    doubts: tuple[Doubt, ...] = ()
    old_hours: int | None = None
    clock_wrong: bool = False
    replayed: bool = False

    @property
    def is_verified(self) -> bool:
        """Tell whether the pack is what the site signed."""
        return not self.doubts


def listed(manifest: Manifest, sha256: str) -> Listed | None:
    """Return the pack one of whose forms has this hash."""
    return next(
        (each for each in manifest.packs if sha256 in {each.html.sha256, each.pdf.sha256}), None
    )


def verdict(
    manifest: Manifest | None,
    pack: Listed | None,
    doubts: Collection[Doubt],
    now: int,
    seen: int = 0,
) -> Verdict:
    """Return what to say of a pack at `now`; `seen` is the highest counter seen of its site."""
    found = tuple(doubt for doubt in Doubt if doubt in doubts)
    if manifest is None or pack is None:
        return Verdict(doubts=found or (Doubt.NOT_LISTED,))
    age = now - known_until(pack)
    return Verdict(
        doubts=found,
        old_hours=age // HOUR if age >= manifest.old_after else None,
        # A minute: clocks of two machines differ.
        clock_wrong=now < pack.built - 60 * SECOND,
        replayed=manifest.counter < seen,
    )


def known_until(pack: Listed) -> int:
    """Return the time (UTC microseconds) up to which a pack can know anything."""
    return pack.built if pack.as_of is None else min(pack.as_of, pack.built)
