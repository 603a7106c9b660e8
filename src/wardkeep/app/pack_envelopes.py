"""Prints the sealed envelopes of the keys that open ward packs, and records who did."""

from __future__ import annotations

from pathlib import Path
from zoneinfo import ZoneInfo

import msgspec

from wardkeep.adapters.clock import now
from wardkeep.adapters.envelope_press import press_envelopes
from wardkeep.adapters.key_ring import KeyRing
from wardkeep.adapters.minisign import fingerprint
from wardkeep.adapters.pack_keys import CRISIS, PHARMACY, PackKeys, of_ward
from wardkeep.adapters.pack_shelf import PackShelf
from wardkeep.adapters.typst_words import translator
from wardkeep.app.errors import UnknownNumberError
from wardkeep.app.first import refuse_copy
from wardkeep.app.folder import HospitalFolder
from wardkeep.app.recording import record
from wardkeep.app.settings import load_site
from wardkeep.app.site_keys import open_keys
from wardkeep.app.slips import write_secret
from wardkeep.custody.events import PART, EnvelopesPrinted, encode
from wardkeep.hospital.site import Site
from wardkeep.kernel.wall_clock import local
from wardkeep.pack.manifest import html_name
from wardkeep.paper.envelope import HOLDERS, Envelope, Issued, envelope

_ANY_WARD = "*.html"


def print_envelopes(
    folder: HospitalFolder, out: Path, ward: str | None, language: str | None, by: str
) -> list[str]:
    """Write the envelopes to `out` (0600) and return whose they are; keys are made if needed.

    Of every ward that is known, the crisis team and the pharmacy, or of one ward. Raises
    CopiedLedgerError, UnknownNumberError, KeyMissingError, UnwritableFileError,
    TypesettingError; recorded before anything is written.
    """
    refuse_copy(folder, "envelopes are printed at the first")
    site, ring = load_site(folder), open_keys(folder)
    known = known_wards(folder, site, ring)
    if ward is not None and ward not in known:
        raise UnknownNumberError(f"no ward has the code {ward!r}")
    wards = known if ward is None else [ward]
    holders = [*wards] if ward else [*wards, CRISIS, PHARMACY]
    at, maker = now(), _Maker(site, ring, PackKeys(folder.pack_keys, ring), language)
    pages = [_page(maker, each, at, is_ward=each in wards) for each in holders]
    pdf = press_envelopes(pages)
    event = EnvelopesPrinted(at=at, by=by, holders=tuple(holders))
    record(folder, ring, PART, [encode(event)])
    write_secret(out, pdf)
    return holders


def known_wards(folder: HospitalFolder, site: Site, ring: KeyRing) -> list[str]:
    """Return the codes of the wards of the settings and of those that have a pack."""
    standing = PackShelf(folder.packs, ring).standing().newest
    return sorted({ward.code for ward in site.wards} | standing.keys())


class _Maker(msgspec.Struct, frozen=True):
    site: Site
    ring: KeyRing
    keys: PackKeys
    language: str | None


def _page(maker: _Maker, who: str, at: int, *, is_ward: bool) -> Envelope:
    site = maker.site
    own = next((each.language for each in site.wards if each.code == who), None)
    spoken = maker.language or own or site.language
    say = translator(spoken)
    holder = of_ward(who) if is_ward else who
    issued = Issued(
        hospital=f"{site.name} ({site.code})",
        made=f"{local(at, ZoneInfo(site.rules.timezone)):%Y-%m-%d}",
        holder=who if is_ward else say(HOLDERS[who]),
        file=html_name(who) if is_ward else _ANY_WARD,
    )
    key = (maker.keys.words(holder), maker.keys.identity(holder))
    return envelope(issued, key, fingerprint(maker.ring.verifying_key()), say, spoken)
