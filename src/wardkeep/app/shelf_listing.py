"""What stands on the shelf and at the targets, ward by ward, for people and programs."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from wardkeep.adapters.both_shelves import BothShelves
from wardkeep.adapters.key_ring import KeyRing
from wardkeep.adapters.pack_shelf import PackShelf
from wardkeep.app.delivering import read_standing
from wardkeep.app.folder import HospitalFolder
from wardkeep.chart.ports import StreamStatus
from wardkeep.hospital.deliveries import Delivery
from wardkeep.hospital.site import Site
from wardkeep.kernel.times import MINUTE
from wardkeep.pack.delivery import Got, Standing


class AtTarget(msgspec.Struct, frozen=True, kw_only=True):
    """A ward's pack at a target. `state`: delivered, late, failing or missing."""

    target: str
    state: str
    generation: int | None = None
    at: int | None = None
    age_seconds: int | None = None
    why: str = ""


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


def listing(
    folder: HospitalFolder,
    site: Site,
    ring: KeyRing,
    streams: dict[str, list[StreamStatus]],
    at: int,
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
            )
        )
    return found


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
