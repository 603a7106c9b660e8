"""The note that `wardkeep open` leaves beside a delivered pack: who opened which, and when.

Whoever may write at a target can lay one: it is read within bounds and in one form alone, told
as said by the place, and nothing follows from it.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from wardkeep.kernel.times import DAY
from wardkeep.pack.events import PackOpeningSaid
from wardkeep.pack.manifest import html_name
from wardkeep.pack.receipt_code import KnownPack
from wardkeep.pack.receipts import NOTHING, Receipts

FORMAT = "wardkeep opened 1"
LARGEST = 1024
"""Bytes of a note; what is larger is none."""
_LONGEST_BY = 60
_CLOCK = DAY
"""As much may the clock of a kit machine go before this server's."""


class OpeningNote(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One opening of a verified pack; `at` in UTC microseconds by the clock of the opener."""

    format: str = FORMAT
    site: str
    ward: str
    generation: int
    at: int
    by: str


_encoder = msgspec.json.Encoder(order="sorted")
_decoder = msgspec.json.Decoder(OpeningNote)


def note_name(ward: str) -> str:
    """Return the name of the note beside a ward's pack: one a ward, the newest opening."""
    return f"{html_name(ward).removesuffix('.html')}.opened.json"


def encode(note: OpeningNote) -> bytes:
    """Return the only form of a note: JSON in UTF-8, keys sorted, no space, one line end."""
    short = msgspec.structs.replace(note, by=note.by[:_LONGEST_BY])
    return _encoder.encode(short) + b"\n"


def decode(content: bytes) -> OpeningNote | None:
    """Return the note in `content`, None for anything but its own bytes."""
    if len(content) > LARGEST:
        return None
    try:
        note = _decoder.decode(content)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None
    return note if note.format == FORMAT and encode(note) == content else None


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """Where a note lies: at `target`, by its name that of `ward`, of a site's folder.

    `newest` is the generation that was brought there last; `packs` are the ward's as they are
    known here, newest first.
    """

    target: str
    site: str
    ward: str
    newest: int
    packs: Sequence[KnownPack] = ()


def said_at(
    receipts: Receipts, place: Place, content: bytes, now: int
) -> PackOpeningSaid | None:
    """Return what a note at a target says that was not known, None where it says nothing.

    At most one of each generation is told: who writes there can fill no ledger here. A note
    that is older than the pack which it names is of none that is known: nobody opens what is
    not yet made.
    """
    note = decode(content)
    if note is None or (note.site, note.ward) != (place.site, place.ward):
        return None
    if not 1 <= note.generation <= place.newest or not 0 <= note.at <= now + _CLOCK:
        return None
    pack = next((each for each in place.packs if each.generation == note.generation), None)
    if pack is not None and note.at < pack.built:
        return None
    said = PackOpeningSaid(
        ward=place.ward,
        generation=note.generation,
        target=place.target,
        at=now,
        opened=note.at,
        by=note.by,
        built=pack.built if pack else 0,
        as_of=pack.as_of if pack else None,
    )
    former = receipts.wards.get(place.ward, NOTHING).said.get(place.target)
    return said if former is None or _is_newer(said, former, place.newest) else None


def _is_newer(said: PackOpeningSaid, former: PackOpeningSaid, newest: int) -> bool:
    if said.built and former.built:
        return said.built > former.built
    # A shelf that was lost begins anew: what was said of the lost one's packs counts no more.
    return said.generation > former.generation or former.generation > newest
