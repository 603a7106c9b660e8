"""The note that `wardkeep open` leaves beside a delivered pack: who opened which, and when.

Whoever may write at a target can lay one: it is read within bounds and in one form alone, told
as said by the place, and nothing follows from it.
"""

from __future__ import annotations

import msgspec

from wardkeep.kernel.times import DAY
from wardkeep.pack.events import PackOpeningSaid
from wardkeep.pack.manifest import html_name
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


def said_at(
    receipts: Receipts, target: str, content: bytes, place: tuple[str, str, int], now: int
) -> PackOpeningSaid | None:
    """Return what a note at a target says that was not known, None where it says nothing.

    `place` is the site, the ward by the note's name, and the newest generation brought there.
    At most one of each generation is told: who writes there can fill no ledger here.
    """
    site, ward, newest = place
    note = decode(content)
    if note is None or (note.site, note.ward) != (site, ward):
        return None
    former = receipts.wards.get(ward, NOTHING).said.get(target)
    # A shelf that was lost begins anew: what was said of the lost one's packs counts no more.
    least = former.generation + 1 if former and former.generation <= newest else 1
    if not least <= note.generation <= newest or not 0 <= note.at <= now + _CLOCK:
        return None
    return PackOpeningSaid(
        ward=ward,
        generation=note.generation,
        target=target,
        at=now,
        opened=note.at,
        by=note.by,
    )
