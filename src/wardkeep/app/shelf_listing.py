"""What stands on the shelf and at the targets, ward by ward, for people and programs."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from wardkeep.adapters.both_shelves import BothShelves
from wardkeep.adapters.key_ring import KeyRing
from wardkeep.adapters.pack_shelf import PackShelf
from wardkeep.app.delivering import read_standing
from wardkeep.app.folder import HospitalFolder
from wardkeep.app.pack_ledger import Read
from wardkeep.chart.ports import StreamStatus
from wardkeep.hospital.deliveries import Delivery
from wardkeep.hospital.site import Site
from wardkeep.kernel.times import MINUTE
from wardkeep.pack.delivery import Got, Standing
from wardkeep.pack.events import PackBuilt, PackDownloaded, PackOpeningSaid
from wardkeep.pack.receipts import (
    NO_RECEIPTS,
    NOTHING,
    Receipt,
    is_newest,
    is_superseded,
)


class AtTarget(msgspec.Struct, frozen=True, kw_only=True):
    """A ward's pack at a target. `state`: delivered, late, failing or missing."""

    target: str
    state: str
    generation: int | None = None
    at: int | None = None
    age_seconds: int | None = None
    why: str = ""


NOT_KNOWN, KNOWN, SAID = "not known", "known", "said by the place"


class Fetched(msgspec.Struct, frozen=True, kw_only=True):
    """Whether somebody took a ward's pack. `state`: known, said by the place, or not known.

    `built` and `as_of` are the pack's, None where they are not known, or nothing was heard.
    `how`: `page` (this server sent it) or `opened` (a note at `target` says so, by its word).
    `newest`: it is the pack that stands on the shelf now; `superseded`: a newer one stands
    there. `why` says why it is not known, where it is not that nobody said so.
    """

    state: str = NOT_KNOWN
    why: str = ""
    how: str = ""
    generation: int | None = None
    built: int | None = None
    as_of: int | None = None
    at: int | None = None
    by: str = ""
    target: str = ""
    newest: bool = False
    superseded: bool = False


class Accepted(msgspec.Struct, frozen=True, kw_only=True):
    """Whether somebody said that the ward has a pack in hand, and what that pack shows.

    `as_of` up to when it knows, None where nothing was heard when it was built; `newest` and
    `superseded` and `why` as of Fetched.
    """

    state: str = NOT_KNOWN
    why: str = ""
    generation: int | None = None
    built: int | None = None
    as_of: int | None = None
    at: int | None = None
    by: str = ""
    said_by: str = ""
    way: str = ""
    newest: bool = False
    superseded: bool = False


class OnShelf(msgspec.Struct, frozen=True, kw_only=True):
    """A ward's newest pack, or a list by its code: times in UTC microseconds, `size` in bytes.

    `streams` is what each stream knew until, by its name, as the charts stand now; `kept` when
    each pack that is still on the shelf was made, newest first. `whole`: as it was signed.
    """

    ward: str
    generation: int
    built: int
    as_of: int | None
    streams: dict[str, int | None]
    size: int
    pages: int
    patients: int
    held: bool
    whole: bool
    kept: tuple[int, ...]
    deliveries: tuple[AtTarget, ...]
    fetched: tuple[Fetched, ...] = (Fetched(),)
    accepted: Accepted = Accepted()


def listing(
    folder: HospitalFolder,
    site: Site,
    ring: KeyRing,
    streams: dict[str, list[StreamStatus]],
    at: int,
    known: Read = Read(NO_RECEIPTS),  # noqa: B008  # frozen
) -> list[OnShelf]:
    """Return every ward that has a pack, and every list; `streams` by ward.

    Nothing is decrypted.
    """
    shelf = BothShelves(PackShelf(folder.packs, ring), PackShelf(folder.lists, ring))
    standing, targets = shelf.standing(), read_standing(folder)
    found = []
    for ward, noted in sorted(standing.newest.items()):
        notes = shelf.generations(ward)
        built = notes[0].built if notes else noted
        taken, in_hand = receipts_told(known, built)
        found.append(
            OnShelf(
                ward=ward,
                generation=built.generation,
                built=built.at,
                as_of=built.as_of,
                streams={str(each.stream): each.as_of for each in streams.get(ward, [])},
                size=notes[0].size if notes else 0,
                pages=built.pages,
                patients=built.patients,
                held=ward in standing.held,
                whole=bool(notes),
                kept=tuple(note.built.at for note in notes),
                deliveries=_deliveries(site, targets, ward, at),
                fetched=taken,
                accepted=in_hand,
            )
        )
    return found


def receipts_told(known: Read, newest: PackBuilt) -> tuple[tuple[Fetched, ...], Accepted]:
    """Return who took the pack of a ward last, and which one is said to be in hand."""
    receipt = known.receipts.wards.get(newest.ward, NOTHING)
    taken, in_hand = fetched(receipt, newest), accepted(receipt, newest)
    return (
        taken if taken != (Fetched(),) else (Fetched(why=known.why),),
        in_hand if in_hand != Accepted() else Accepted(why=known.why),
    )


def fetched(receipt: Receipt, newest: PackBuilt | None) -> tuple[Fetched, ...]:
    """Return who took a ward's pack last: from the pages, and as notes at targets say."""
    found = []
    if (taken := receipt.downloaded) is not None:
        found.append(_fetched(taken, newest))
    found += [_fetched(said, newest) for _, said in sorted(receipt.said.items())]
    return tuple(found) or (Fetched(),)


def _fetched(event: PackDownloaded | PackOpeningSaid, newest: PackBuilt | None) -> Fetched:
    told = Fetched(
        state=KNOWN,
        how="page",
        generation=event.generation,
        built=event.built or None,
        as_of=event.as_of,
        at=event.at,
        by=event.by,
        newest=is_newest(event, newest),
        superseded=is_superseded(event, newest),
    )
    if isinstance(event, PackDownloaded):
        return told
    return msgspec.structs.replace(
        told, state=SAID, how="opened", at=event.opened, target=event.target
    )


def accepted(receipt: Receipt, newest: PackBuilt | None) -> Accepted:
    """Return which pack somebody said a ward has in hand."""
    said = receipt.accepted
    if said is None:
        return Accepted()
    return Accepted(
        state=KNOWN,
        generation=said.generation,
        built=said.built,
        as_of=said.as_of,
        at=said.at,
        by=said.by,
        said_by=said.said_by,
        way=said.way,
        newest=is_newest(said, newest),
        superseded=is_superseded(said, newest),
    )


def _deliveries(
    site: Site, targets: Mapping[str, Standing], ward: str, at: int
) -> tuple[AtTarget, ...]:
    return tuple(
        _at_target(each, targets.get(each.name, Standing()), ward, at)
        for each in site.deliveries
        if not each.wards or ward in each.wards
    )


def _at_target(delivery: Delivery, standing: Standing, ward: str, at: int) -> AtTarget:
    got = standing.wards.get(ward)
    failing = standing.failing_since is not None
    return AtTarget(
        target=delivery.name,
        state="failing" if failing else _state(got, delivery.late_after_minutes, at),
        generation=got.generation if got else None,
        at=got.at if got else None,
        age_seconds=(at - got.as_of) // 1_000_000 if got else None,
        why=standing.why if failing else "",
    )


def _state(got: Got | None, late: int, at: int) -> str:
    if got is None:
        return "missing"
    return "late" if at - got.at >= late * MINUTE else "delivered"
