"""Seals what is new on the shelf, and brings it to the targets; for the server and the verb.

A fault of a target is its own: it stops neither packs nor the other targets.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import quote
from zoneinfo import ZoneInfo

import msgspec

from wardkeep.adapters.both_shelves import BothShelves
from wardkeep.adapters.clock import now
from wardkeep.adapters.delivery_targets import Parcel, Target, parcel_of
from wardkeep.adapters.errors import DeliveryFailedError, ProgramMissingError
from wardkeep.adapters.files import make_private_folder, write_private
from wardkeep.adapters.key_ring import KeyRing
from wardkeep.adapters.opening_note_file import notes_at
from wardkeep.adapters.outbox import PUBLIC_KEY, Outbox, Sealed
from wardkeep.adapters.pack_keys import PackKeys
from wardkeep.adapters.pack_shelf import PackShelf
from wardkeep.adapters.writer_lock import WriterLock
from wardkeep.app.folder import HospitalFolder
from wardkeep.hospital.site import Site
from wardkeep.ledger.errors import KeyMissingError
from wardkeep.pack.delivery import Due, Standing, delivered, due, failed, worth_recording
from wardkeep.pack.events import (
    DeliveryEvent,
    PackDeliveryFailed,
    PackDeliveryOrdered,
    PackOpeningSaid,
    PacksDelivered,
)
from wardkeep.pack.manifest import MANIFEST, SIGNATURE, Manifest, pdf_name
from wardkeep.pack.opening_note import Place, said_at
from wardkeep.pack.receipts import Receipts, packs_of

STATE = "state.json"
_LISTS_NAME = "a code that begins so is a list's: no ward may be called like it"
_LOCK = "deliveries.lock"
_PATIENCE_SECONDS = 30.0
_states = msgspec.json.Decoder(dict[str, Standing])
Record = Callable[[DeliveryEvent], object]


class Desk(msgspec.Struct, frozen=True):
    """What sealing and delivering need of a hospital folder."""

    folder: HospitalFolder
    site: Site
    ring: KeyRing
    shelf: BothShelves
    outbox: Outbox


def desk_of(folder: HospitalFolder, site: Site, ring: KeyRing) -> Desk:
    """Return the desk of a folder."""
    shelf = BothShelves(PackShelf(folder.packs, ring), PackShelf(folder.lists, ring))
    keys = PackKeys(folder.pack_keys, ring)
    zone = ZoneInfo(site.rules.timezone)
    outbox = Outbox(folder.deliveries / "out", shelf, keys, ring, zone)
    return Desk(folder, site, ring, shelf, outbox)


def seal_new(
    desk: Desk, wards: Collection[str] = (), *, again: bool = False
) -> tuple[Manifest | None, dict[str, str]]:
    """Seal the packs that are newer than the manifest's; return it, and why wards failed.

    Of `wards` only, if any; `again` also those that it has. Raises StoreLockedError, OSError.
    """
    make_private_folder(desk.folder.deliveries)
    with WriterLock(desk.folder.run / _LOCK, _PATIENCE_SECONDS):
        before = desk.outbox.manifest()
        listed = before.packs if before and not again else ()
        has = {each.ward: (each.generation, each.held) for each in listed}
        standing = desk.shelf.standing()
        failing = dict.fromkeys(desk.shelf.forbidden(), _LISTS_NAME)
        sealed: list[Sealed] = []
        for ward, built in standing.newest.items():
            held = ward in standing.held
            wanted = not wards or ward in wards
            if not wanted or has.get(ward) == (built.generation, held):
                continue
            try:
                one = _sealed(desk, ward, held=held)
            except (KeyMissingError, OSError) as fault:
                failing[ward] = str(fault)
                continue
            if one is None:
                failing[ward] = "the pack on the shelf is not the one that was signed"
            else:
                sealed.append(one)
        if not sealed:
            return before, failing
        return desk.outbox.put(sealed, desk.site.code, now()), failing


def _sealed(desk: Desk, ward: str, *, held: bool) -> Sealed | None:
    note = desk.outbox.newest(ward)
    return None if note is None else desk.outbox.seal_ward(note, held=held)


def site_folder(site: Site) -> str:
    """Return the name of the folder at a target: a target may take several sites."""
    return f"wardkeep-{quote(site.code, safe='')}"


class Order(msgspec.Struct, frozen=True):
    """One delivery: to whom, which wards (every one if empty), and who asked for it."""

    name: str
    wards: tuple[str, ...] = ()
    every: bool = False
    by: str = ""


def deliver(
    desk: Desk, order: Order, target: Target, standing: Standing, record: Record
) -> Standing:
    """Bring what a target lacks; return how it stands then. Its faults raise nothing."""
    manifest = desk.outbox.manifest()
    if manifest is None:
        return standing
    wanted = due(standing, manifest, order.wards, every=order.every)
    if wanted is None:
        return standing
    asked = bool(order.by)
    if asked:
        record(_ordered(order, wanted))
    try:
        _see_that_it_is_whole(desk, wanted)
        target.put(_parcel(desk.outbox.folder, wanted))
    except (DeliveryFailedError, ProgramMissingError, OSError) as fault:
        after = failed(standing, str(fault), now())
        event: DeliveryEvent = PackDeliveryFailed(target=order.name, at=now(), why=after.why)
    else:
        after = delivered(standing, wanted, now())
        event = _done(order, wanted)
    if worth_recording(standing, after, asked=asked):
        record(event)
    return after


def _see_that_it_is_whole(desk: Desk, wanted: Due) -> None:
    """Raise DeliveryFailedError where what is to go was altered here; it is sealed again."""
    if not all(desk.outbox.is_whole(each) for each in wanted.packs):
        desk.outbox.forget()
        raise DeliveryFailedError("packs that were to go were altered on this machine")


def _parcel(source: Path, wanted: Due) -> Parcel:
    files = [part.file for each in wanted.packs for part in (each.pdf, each.html)]
    goes = [pdf_name(ward, generation) for ward, generation in wanted.goes]
    return parcel_of(source, files, (PUBLIC_KEY, SIGNATURE, MANIFEST), goes)


def _ordered(order: Order, wanted: Due) -> PackDeliveryOrdered:
    return PackDeliveryOrdered(
        target=order.name,
        at=now(),
        by=order.by,
        counter=wanted.manifest.counter,
        wards=tuple(each.ward for each in wanted.packs),
    )


def _done(order: Order, wanted: Due) -> PacksDelivered:
    return PacksDelivered(
        target=order.name,
        at=now(),
        counter=wanted.manifest.counter,
        wards=len(wanted.packs),
        bytes=sum(each.html.size + each.pdf.size for each in wanted.packs),
    )


def hear_openings(
    desk: Desk, name: str, target: Target, standing: Standing, receipts: Receipts
) -> list[PackOpeningSaid]:
    """Return what notes at a target say of packs that were opened, as far as it is new.

    Raises DeliveryFailedError, ProgramMissingError, OSError.
    """
    with TemporaryDirectory(prefix="notes-", dir=desk.folder.run) as scratch:
        notes = notes_at(target, standing.wards, Path(scratch))
    said = (
        said_at(receipts, _place(desk, name, ward, standing, receipts), content, now())
        for ward, content in notes.items()
    )
    return [each for each in said if each is not None]


def _place(desk: Desk, name: str, ward: str, standing: Standing, receipts: Receipts) -> Place:
    shelved = [note.built for note in desk.shelf.generations(ward)]
    return Place(
        target=name,
        site=desk.site.code,
        ward=ward,
        newest=standing.wards[ward].generation,
        packs=packs_of(receipts, ward, shelved),
    )


def read_standing(folder: HospitalFolder) -> dict[str, Standing]:
    """Return what stands at each target, by its name; nothing where it was never written."""
    try:
        return _states.decode((folder.deliveries / STATE).read_bytes())
    except (OSError, msgspec.DecodeError, UnicodeDecodeError):
        return {}


def keep_standing(folder: HospitalFolder, name: str, standing: Standing) -> None:
    """Put down how a target stands; raises OSError, StoreLockedError."""
    with WriterLock(folder.run / f"{_LOCK}.state", _PATIENCE_SECONDS):
        known = read_standing(folder)
        write_private(folder.deliveries / STATE, msgspec.json.encode({**known, name: standing}))


def known(wards: Sequence[str], manifest: Manifest | None) -> list[str]:
    """Return those of `wards` that no manifest names."""
    listed = {each.ward for each in manifest.packs} if manifest else set()
    return [ward for ward in wards if ward not in listed]
