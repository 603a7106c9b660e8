"""Prints the sealed envelopes of the keys that open ward packs, and records who did."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from zoneinfo import ZoneInfo

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from wardkeep.adapters.clock import now
from wardkeep.adapters.envelope_press import press_envelopes
from wardkeep.adapters.errors import KeyElsewhereError
from wardkeep.adapters.files import why_not_writable
from wardkeep.adapters.key_ring import KeyRing
from wardkeep.adapters.minisign import fingerprint
from wardkeep.adapters.pack_keys import CRISIS, PHARMACY, PackKeys, of_ward
from wardkeep.adapters.pack_shelf import PackShelf
from wardkeep.adapters.typst_words import translator
from wardkeep.app.errors import UnknownNumberError, UnwritableFileError
from wardkeep.app.first import refuse_copy
from wardkeep.app.folder import HospitalFolder
from wardkeep.app.follower_book import FollowerBook
from wardkeep.app.recording import record
from wardkeep.app.settings import load_site
from wardkeep.app.site_keys import open_keys
from wardkeep.app.slips import write_secret
from wardkeep.custody.events import PART, EnvelopesPrinted, encode
from wardkeep.hospital.site import Site
from wardkeep.kernel.wall_clock import local
from wardkeep.pack.house_lists import SHELVED, code_of
from wardkeep.pack.manifest import html_name
from wardkeep.pack.whole_house import PackKind
from wardkeep.paper.envelope import HOLDERS, Envelope, Issued, envelope
from wardkeep.paper.viewer_words import LIST_NAMES

_ANY_WARD = "*.html"


class Printing(msgspec.Struct, frozen=True, kw_only=True):
    """Which envelopes: of one ward or of all, in which language, by whom.

    `new`: keys are made for those whose secret is at the box before.
    """

    out: Path
    by: str
    ward: str | None = None
    language: str | None = None
    new: bool = False


class Printed(msgspec.Struct, frozen=True):
    """Whose envelopes were printed, and whose key is at the box before."""

    holders: tuple[str, ...]
    elsewhere: tuple[str, ...]


def print_envelopes(folder: HospitalFolder, asked: Printing) -> Printed:
    """Write envelopes to a file (0600) and return whose they are; keys are made if needed.

    Of every ward that is known, the crisis team, the pharmacy and who else has a list, or of
    one ward. New keys are in force once the paper stands, and not where anything fails. Raises
    CopiedLedgerError, UnknownNumberError, KeyElsewhereError where not one can be printed,
    KeyMissingError, UnwritableFileError, TypesettingError; recorded before anything is written.
    """
    refuse_copy(folder, "envelopes are printed at the first")
    if why := why_not_writable(asked.out):
        raise UnwritableFileError(f"{asked.out}: {why}")
    site, ring = load_site(folder), open_keys(folder)
    holders = _holders(asked.ward, known_wards(folder, site, ring), site)
    keys = PackKeys(folder.pack_keys, ring)
    try:
        if asked.new:
            for each in holders:
                keys.draft(each.key)
        at, boxes = now(), _boxes(folder, ring)
        maker = _Maker(site, ring, keys, asked.language, boxes)
        pages, elsewhere = _pages(maker, holders, at)
        pdf = press_envelopes(list(pages.values()))
        names = tuple(each.name for each in pages)
        event = EnvelopesPrinted(at=at, by=asked.by, holders=names)
        record(folder, ring, PART, [encode(event)])
        _write(asked.out, pdf, keys)
    finally:
        keys.drop_drafts()
    return Printed(names, elsewhere)


class _Holder(msgspec.Struct, frozen=True):
    """Whose key: a ward may be called as another holder is, `key` tells them apart."""

    key: str
    name: str
    is_ward: bool = False


def _holders(ward: str | None, known: Sequence[str], site: Site) -> list[_Holder]:
    if ward is not None and ward not in known:
        raise UnknownNumberError(f"no ward has the code {ward!r}")
    wards = [_Holder(of_ward(each), each, is_ward=True) for each in ([ward] if ward else known)]
    others = [_Holder(each, each) for each in (CRISIS, PHARMACY, *_own_keys(site))]
    return wards if ward else [*wards, *others]


def _pages(
    maker: _Maker, holders: Sequence[_Holder], at: int
) -> tuple[dict[_Holder, Envelope], tuple[str, ...]]:
    """Return the envelopes, and whose secret is elsewhere; raises KeyElsewhereError for all."""
    pages, elsewhere = dict[_Holder, Envelope](), list[str]()
    for each in holders:
        try:
            pages[each] = _page(maker, each, at)
        except KeyElsewhereError:
            if len(holders) == 1:
                raise
            elsewhere.append(each.name)
    if not pages:
        raise KeyElsewhereError("the secrets of all these keys are at the box before")
    return pages, tuple(elsewhere)


def _write(out: Path, pdf: bytes, keys: PackKeys) -> None:
    write_secret(out, pdf)
    try:
        keys.keep_drafts()
    except OSError:
        # What it tells would open nothing: the envelopes before still do.
        out.unlink(missing_ok=True)
        raise


def known_wards(folder: HospitalFolder, site: Site, ring: KeyRing) -> list[str]:
    """Return the codes of the wards of the settings and of those that have a pack."""
    standing = PackShelf(folder.packs, ring).standing().newest
    return sorted({ward.code for ward in site.wards} | standing.keys())


def _own_keys(site: Site) -> list[str]:
    """Return the holders of the lists that the site has made, the pharmacy apart."""
    kinds = [kind for kind in SHELVED if kind.value in site.lists.kinds]
    return [kind.value for kind in kinds if kind.value != PHARMACY]


class _Maker(msgspec.Struct, frozen=True):
    site: Site
    ring: KeyRing
    keys: PackKeys
    language: str | None
    boxes: tuple[tuple[str, str], ...]


def _boxes(folder: HospitalFolder, ring: KeyRing) -> tuple[tuple[str, str], ...]:
    """Return who may take over: names and fingerprints of the boxes that follow this one."""
    followers = FollowerBook(folder, ring).copies().followers.values()
    paired = sorted((each for each in followers if each.signer), key=lambda each: each.since)
    return tuple((each.name, fingerprint(_key(each.signer))) for each in paired)


def _key(signer: str) -> Ed25519PublicKey:
    return Ed25519PublicKey.from_public_bytes(bytes.fromhex(signer))


def _opened_by(who: _Holder) -> str:
    if who.is_ward:
        return html_name(who.name)
    return _ANY_WARD if who.key in HOLDERS else html_name(code_of(PackKind(who.key)))


def _page(maker: _Maker, who: _Holder, at: int) -> Envelope:
    site = maker.site
    own = next((w.language for w in site.wards if who.is_ward and w.code == who.name), None)
    spoken = maker.language or own or site.language
    say = translator(spoken)
    issued = Issued(
        hospital=f"{site.name} ({site.code})",
        made=f"{local(at, ZoneInfo(site.rules.timezone)):%Y-%m-%d}",
        holder=who.name if who.is_ward else say(HOLDERS.get(who.key) or LIST_NAMES[who.key]),
        file=_opened_by(who),
        fingerprint=fingerprint(maker.ring.verifying_key()),
        others=maker.boxes,
    )
    key = (maker.keys.words(who.key), maker.keys.identity(who.key))
    return envelope(issued, key, say, spoken)
