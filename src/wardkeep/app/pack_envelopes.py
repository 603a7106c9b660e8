"""Prints the sealed envelopes of the keys that open ward packs, and records who did."""

from __future__ import annotations

from pathlib import Path
from zoneinfo import ZoneInfo

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from wardkeep.adapters.clock import now
from wardkeep.adapters.envelope_press import press_envelopes
from wardkeep.adapters.errors import KeyElsewhereError
from wardkeep.adapters.key_ring import KeyRing
from wardkeep.adapters.minisign import fingerprint
from wardkeep.adapters.pack_keys import CRISIS, PHARMACY, PackKeys, of_ward
from wardkeep.adapters.pack_shelf import PackShelf
from wardkeep.adapters.typst_words import translator
from wardkeep.app.errors import UnknownNumberError
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
    one ward. Raises
    CopiedLedgerError, UnknownNumberError, KeyElsewhereError where not one can be printed,
    KeyMissingError, UnwritableFileError, TypesettingError; recorded before anything is written.
    """
    refuse_copy(folder, "envelopes are printed at the first")
    site, ring = load_site(folder), open_keys(folder)
    known = known_wards(folder, site, ring)
    if asked.ward is not None and asked.ward not in known:
        raise UnknownNumberError(f"no ward has the code {asked.ward!r}")
    wards = {each: of_ward(each) for each in ([asked.ward] if asked.ward else known)}
    others = {each: each for each in (CRISIS, PHARMACY, *_own_keys(site))}
    holders = wards if asked.ward else {**wards, **others}
    keys = PackKeys(folder.pack_keys, ring)
    if asked.new:
        for holder in holders.values():
            keys.make_own(holder)
    at, boxes = now(), _boxes(folder, ring)
    maker = _Maker(site, ring, keys, asked.language, boxes)
    pages, elsewhere = {}, []
    for who in holders:
        try:
            pages[who] = _page(maker, who, at, is_ward=who in wards)
        except KeyElsewhereError:
            if len(holders) == 1:
                raise
            elsewhere.append(who)
    if not pages:
        raise KeyElsewhereError("the secrets of all these keys are at the box before")
    pdf = press_envelopes(list(pages.values()))
    event = EnvelopesPrinted(at=at, by=asked.by, holders=tuple(pages))
    record(folder, ring, PART, [encode(event)])
    write_secret(asked.out, pdf)
    return Printed(tuple(pages), tuple(elsewhere))


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


def _opened_by(who: str, *, is_ward: bool) -> str:
    if is_ward:
        return html_name(who)
    return _ANY_WARD if who in HOLDERS else html_name(code_of(PackKind(who)))


def _page(maker: _Maker, who: str, at: int, *, is_ward: bool) -> Envelope:
    site = maker.site
    own = next((each.language for each in site.wards if each.code == who), None)
    spoken = maker.language or own or site.language
    say = translator(spoken)
    holder = of_ward(who) if is_ward else who
    issued = Issued(
        hospital=f"{site.name} ({site.code})",
        made=f"{local(at, ZoneInfo(site.rules.timezone)):%Y-%m-%d}",
        holder=who if is_ward else say(HOLDERS.get(who) or LIST_NAMES[who]),
        file=_opened_by(who, is_ward=is_ward),
        fingerprint=fingerprint(maker.ring.verifying_key()),
        others=maker.boxes,
    )
    key = (maker.keys.words(holder), maker.keys.identity(holder))
    return envelope(issued, key, say, spoken)
