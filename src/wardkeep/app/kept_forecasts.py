"""Draws forecasts and keeps the last over each map, to compare the next one with."""

from __future__ import annotations

from typing import NamedTuple

import wardkeep
from wardkeep.adapters.clock import now
from wardkeep.adapters.forecast_store import ForecastStore
from wardkeep.adapters.key_ring import KeyRing
from wardkeep.adapters.map_store import MapStore
from wardkeep.app.drawing_attacks import Asked, Progress
from wardkeep.app.folder import HospitalFolder
from wardkeep.app.foreseeing import Foreseen, foresee, read_measures
from wardkeep.foresight.kept import (
    About,
    KeptForecast,
    decode,
    encode,
    over_another_map,
    to_keep,
    with_kept,
)
from wardkeep.foresight.measures import Measure
from wardkeep.hospital.map.whole import HospitalMap
from wardkeep.kernel.wall_clock import utc


class Kept(NamedTuple):
    """A forecast, what it was drawn of, and the last one over another map.

    `why_not`: why it is not kept; "" where it is.
    """

    whole: HospitalMap
    measures: tuple[Measure, ...]
    found: Foreseen
    about: About
    before: KeptForecast | None
    why_not: str


def foresee_and_keep(
    folder: HospitalFolder, ring: KeyRing, asked: Asked, progress: Progress
) -> Kept:
    """Draw a forecast of the map as it is now and keep it; one broken off is not kept.

    Raises KeptForecastError, MapUnreadableError, MeasureError, NotOnTheMapError.
    """
    whole = MapStore(folder.map, ring).whole()
    measures = read_measures(asked.measures) if asked.measures else ()
    store = ForecastStore(folder.foresight, ring)
    kept = decode(store.read())
    found = foresee(whole, measures, asked, progress)
    about = About(
        made=utc(now()),
        map_as_of=found.map_as_of,
        fingerprint=found.fingerprint,
        version=wardkeep.__version__,
    )
    before = over_another_map(kept, about.fingerprint)
    return Kept(whole, measures, found, about, before, _keep(store, kept, found, about))


def _keep(
    store: ForecastStore, kept: tuple[KeptForecast, ...], found: Foreseen, about: About
) -> str:
    if not found.complete:
        return "it was broken off"
    new = to_keep(found.forecasts, about)
    if new is None:
        return "no attack that was drawn encrypts anything"
    try:
        store.write(encode(with_kept(kept, new)))
    except OSError as fault:
        return f"{fault.filename}: {fault.strerror}"
    return ""
