"""What is known of each ward having its pack: taken from the pages, said by a place, in hand.

Rules kept here:
- What this server did itself (it sent the PDF) is known; what a note at a target tells is said
  by the place, and never takes the place of what is known.
- In hand is only what a person said. An older pack stays an older pack: it is told with what it
  shows, and whether a newer one was made is asked of the shelf.
- Which of two packs is newer is told by when they were built: a lost shelf counts anew.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import msgspec

from wardkeep.pack.errors import UnknownReceiptError
from wardkeep.pack.events import (
    BY_CODE,
    PackAccepted,
    PackBuilt,
    PackDownloaded,
    PackOpeningSaid,
    PrintBegun,
    PrintOrdered,
    ReceiptEvent,
)
from wardkeep.pack.house_lists import looks_like_list
from wardkeep.pack.receipt_code import KnownPack

_MOST_PAPERS = 40
"""Packs remembered of a ward that became paper: that on its way is hours old at most."""
_MOST_BUILT = 7 * 24
"""The first pack of each hour stands in the ledger: those of a week, as long as a shelf's."""
_MOST_ORDERS = 1_000
_MOST_LATE = 20
"""Late codes remembered of a ward: one that is read again must not be recorded again."""


class Receipt(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of one ward; `said` by target, of the newest pack a note there named.

    `late` are codes of packs older than that which counts, as they were read, oldest first.
    """

    downloaded: PackDownloaded | None = None
    said: Mapping[str, PackOpeningSaid] = {}
    accepted: PackAccepted | None = None
    late: Sequence[PackAccepted] = ()

    @property
    def last_said(self) -> PackOpeningSaid | None:
        """The last note of an opening that was read at any target."""
        return max(self.said.values(), key=lambda each: each.at, default=None)


class Receipts(msgspec.Struct, frozen=True, kw_only=True):
    """The receipts by ward, and the packs that the ledger tells of, oldest first.

    `papers` are those whose pages were sent to a printer or taken as PDF, `built` those of
    which only that is known that they were made.
    """

    wards: Mapping[str, Receipt] = {}
    papers: Mapping[str, Sequence[KnownPack]] = {}
    built: Mapping[str, Sequence[KnownPack]] = {}
    orders: Mapping[str, str] = {}
    """The ward of each of the newest orders, begun or not."""


NO_RECEIPTS = Receipts()
NOTHING = Receipt()
Told = ReceiptEvent | PrintOrdered | PrintBegun | PackBuilt


def fold(events: Iterable[object], known: Receipts = NO_RECEIPTS) -> Receipts:
    """Return the receipts after all `events`, in order; others than Told change nothing."""
    wards, papers = dict(known.wards), dict(known.papers)
    orders, made = dict(known.orders), dict(known.built)
    for event in events:
        if isinstance(event, PackDownloaded | PackOpeningSaid | PackAccepted):
            wards[event.ward] = after(wards.get(event.ward, NOTHING), event)
        match event:
            case PackBuilt():
                earlier = made.get(event.ward, ())[-_MOST_BUILT + 1 :]
                made[event.ward] = (*earlier, _pack(event))
            case PackDownloaded():
                pack = _taken(event, made.get(event.ward, ()))
                papers[event.ward] = _with(papers.get(event.ward, ()), pack)
            case PrintOrdered():
                orders[event.order] = event.ward
            case PrintBegun() if event.built and event.order in orders:
                pack = _begun(event, orders[event.order])
                papers[pack.ward] = _with(papers.get(pack.ward, ()), pack)
            case _:
                continue
    newest = list(orders.items())[-_MOST_ORDERS:]
    return Receipts(wards=wards, papers=papers, built=made, orders=dict(newest))


def after(known: Receipt, event: ReceiptEvent) -> Receipt:
    """Return what is known of a ward after an event of it."""
    match event:
        case PackDownloaded():
            return msgspec.structs.replace(known, downloaded=event)
        case PackOpeningSaid():
            return msgspec.structs.replace(known, said={**known.said, event.target: event})
        case PackAccepted() if _comes_late(known, event.built, event.way):
            late = (*known.late[-_MOST_LATE + 1 :], event)
            return msgspec.structs.replace(known, late=late)
        case PackAccepted():
            return msgspec.structs.replace(known, accepted=event)


def _comes_late(known: Receipt, built: int, way: str) -> bool:
    # A runner who comes late brings an older pack: the ward still has the newer one.
    # Who names a pack on the page or by the verb may mend what was said wrongly.
    former = known.accepted
    return former is not None and built < former.built and way == BY_CODE


def is_newest(said: ReceiptEvent, newest: PackBuilt | None) -> bool:
    """Tell whether a pack is the one that stands on the shelf now."""
    return newest is not None and (said.generation, said.built) == (
        newest.generation,
        newest.at,
    )


def is_superseded(said: ReceiptEvent, newest: PackBuilt | None) -> bool:
    """Tell whether a newer pack stands on the shelf now; no shelf, or an older one, is none."""
    if newest is None:
        return False
    # An opening of an earlier release: of its pack no more than the generation is known.
    return newest.at > said.built if said.built else newest.generation > said.generation


def _with(known: Sequence[KnownPack], pack: KnownPack) -> tuple[KnownPack, ...]:
    others = [each for each in known if each != pack]
    return (*others[-_MOST_PAPERS + 1 :], pack)


def _pack(built: PackBuilt) -> KnownPack:
    return KnownPack(
        ward=built.ward,
        generation=built.generation,
        built=built.at,
        as_of=built.as_of,
        digest=built.digest,
    )


def _begun(begun: PrintBegun, ward: str) -> KnownPack:
    return KnownPack(
        ward=ward,
        generation=begun.generation,
        built=begun.built,
        as_of=begun.as_of,
        digest=begun.digest,
    )


def _taken(taken: PackDownloaded, made: Sequence[KnownPack]) -> KnownPack:
    """Return the pack that was taken; an earlier release put no digest down."""
    pack = KnownPack(
        ward=taken.ward,
        generation=taken.generation,
        built=taken.built,
        as_of=taken.as_of,
        digest=taken.digest,
    )
    return pack if pack.digest else next((e for e in made if _is_one(e, pack)), pack)


def _is_one(one: KnownPack, other: KnownPack) -> bool:
    return (one.generation, one.built) == (other.generation, other.built)


def known_packs(
    receipts: Receipts, ward: str, shelf: Iterable[PackBuilt]
) -> tuple[KnownPack, ...]:
    """Return the packs of a ward that somebody may hold, newest first; of a list, none.

    `shelf` are those that stand there; what went from it may still be on paper.
    """
    return () if looks_like_list(ward) else packs_of(receipts, ward, shelf)


def packs_of(
    receipts: Receipts, code: str, shelf: Iterable[PackBuilt]
) -> tuple[KnownPack, ...]:
    """Return the packs of a ward or list that shelf and ledger know, newest first."""
    found: dict[tuple[int, int], KnownPack] = {}
    told = (*receipts.built.get(code, ()), *receipts.papers.get(code, ()))
    for each in (*(_pack(built) for built in shelf), *told):
        key = (each.generation, each.built)
        # What an earlier release put down without a digest hides no code that is known.
        if key not in found or not found[key].digest:
            found[key] = each
    return tuple(sorted(found.values(), key=lambda each: each.built, reverse=True))


class Said(msgspec.Struct, frozen=True, kw_only=True):
    """Who says it, and how: `by` records it, `said_by` said it where that was another."""

    by: str
    way: str
    said_by: str = ""


LONGEST_NAME = 100


def accept(receipts: Receipts, pack: KnownPack, said: Said, now: int) -> list[PackAccepted]:
    """Record that a ward has a pack in hand; nothing where the same was said of it before."""
    event = acceptance(pack, said, now)
    return [] if said_before(receipts, event) else [event]


def acceptance(pack: KnownPack, said: Said, now: int) -> PackAccepted:
    """Return the event that a pack is in hand, recorded or not."""
    return PackAccepted(
        ward=pack.ward,
        generation=pack.generation,
        built=pack.built,
        as_of=pack.as_of,
        at=now,
        by=said.by,
        way=said.way,
        said_by=" ".join(said.said_by.split())[:LONGEST_NAME],
    )


def said_before(receipts: Receipts, event: PackAccepted) -> PackAccepted | None:
    """Return what was recorded of the same pack by the same people, None where nothing was."""
    known = receipts.wards.get(event.ward, NOTHING)
    late = _comes_late(known, event.built, event.way)
    former = known.late if late else [known.accepted] if known.accepted else []
    return next((each for each in former if _same(each, event)), None)


def _same(one: PackAccepted, other: PackAccepted) -> bool:
    mine = (one.generation, one.built, one.by, one.said_by)
    return mine == (other.generation, other.built, other.by, other.said_by)


def of_generation(packs: Sequence[KnownPack], ward: str, generation: int | None) -> KnownPack:
    """Return the pack of a generation, the newest where none is named.

    Raises UnknownReceiptError where the ward has no such pack, or two: a shelf that was lost,
    or a second box that became the first, counts its packs anew.
    """
    found = [each for each in packs if generation in (None, each.generation)]
    if generation is not None and len(found) > 1:
        what = f"{len(found)} packs of ward {ward!r} are of generation {generation}"
        raise UnknownReceiptError(f"{what}: give the code of the cover sheet")
    if found:
        return found[0]
    named = "no pack" if generation is None else f"no pack of generation {generation}"
    raise UnknownReceiptError(f"{named} of ward {ward!r} is known here")


def of_built(packs: Sequence[KnownPack], ward: str, built: int) -> KnownPack:
    """Return the pack that was built at a time (UTC µs); raises UnknownReceiptError."""
    for each in packs:
        if each.built == built:
            return each
    raise UnknownReceiptError(f"no pack of ward {ward!r} that was built then is known here")


def downloaded(known: Receipt, built: PackBuilt, by: str, now: int) -> list[PackDownloaded]:
    """Record that somebody took a pack from the pages; once for a pack and a person."""
    former = known.downloaded
    if former is not None and (former.generation, former.built, former.by) == (
        built.generation,
        built.at,
        by,
    ):
        return []
    return [
        PackDownloaded(
            ward=built.ward,
            generation=built.generation,
            built=built.at,
            as_of=built.as_of,
            at=now,
            by=by,
            digest=built.digest,
        )
    ]
