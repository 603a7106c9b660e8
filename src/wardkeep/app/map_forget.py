"""Takes off the map what a source said, and records it."""

from __future__ import annotations

from collections.abc import Sequence

from wardkeep.adapters.clock import now
from wardkeep.adapters.key_ring import KeyRing
from wardkeep.adapters.map_store import MapStore
from wardkeep.app.folder import HospitalFolder
from wardkeep.app.recording import record
from wardkeep.foresight.events import PART, MapForgotten, encode
from wardkeep.hospital.map.errors import NotOnTheMapError
from wardkeep.hospital.map.whole import Layer


def said_by(store: MapStore, source: str, kind: str) -> tuple[Layer, ...]:
    """Return what a source said: of a kind (or by a format), of all if it is empty.

    Raises NotOnTheMapError where it said nothing, and MapUnreadableError.
    """
    layers = store.layers()
    found = [each for each in layers if each.source == source and kind in {"", each.part}]
    if not found:
        of_kind = f" of {kind}" if kind else ""
        known = sorted({f"{each.source} ({each.part})" for each in layers})
        raise NotOnTheMapError(
            f"no source {source!r} said anything{of_kind}",
            advice=f"Sources are: {', '.join(known) or 'none yet'}.",
        )
    return tuple(found)


def forget(folder: HospitalFolder, ring: KeyRing, layers: Sequence[Layer], by: str) -> None:
    """Take layers off the map, and record it.

    Raises OSError, RefusedByServerError, StoreFailedError, StoreLockedError.
    """
    store = MapStore(folder.map, ring)
    for each in layers:
        store.remove(each.source, each.part)
    record(folder, ring, PART, [encode(_event(each, by)) for each in layers])


def _event(each: Layer, by: str) -> MapForgotten:
    return MapForgotten(
        at=now(), by=by, source=each.source, part=each.part, items=len(each.items)
    )
