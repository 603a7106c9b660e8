"""Draws forecasts, keeps the last whole, and sums of the last over each map to compare with."""

from __future__ import annotations

from typing import NamedTuple

import wardkeep
from wardkeep.adapters.clock import now
from wardkeep.adapters.errors import MapUnreadableError
from wardkeep.adapters.forecast_store import ForecastStore
from wardkeep.adapters.key_ring import KeyRing
from wardkeep.adapters.map_store import MapStore
from wardkeep.app.drawing_attacks import Asked, Progress
from wardkeep.app.first import is_copy
from wardkeep.app.folder import HospitalFolder
from wardkeep.app.foreseeing import Foreseen, foresee, read_measures
from wardkeep.foresight.board.contents import Drawn
from wardkeep.foresight.errors import KeptForecastError
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
from wardkeep.foresight.page.drawn import whole_forecast
from wardkeep.foresight.page.whole import WholeForecast
from wardkeep.foresight.page.whole import decode as decode_whole
from wardkeep.foresight.page.whole import encode as encode_whole
from wardkeep.hospital.map.whole import HospitalMap
from wardkeep.kernel.wall_clock import utc


class Kept(NamedTuple):
    """A forecast, what it was drawn of, and the last one over another map.

    `why_not`: why the next one is not compared with it; "" where it is. `replaced`: the whole
    forecast of the same map in whose place this one is kept, None where there is none.
    """

    whole: HospitalMap
    measures: tuple[Measure, ...]
    found: Foreseen
    about: About
    before: KeptForecast | None
    why_not: str
    replaced: WholeForecast | None = None


def foresee_and_keep(
    folder: HospitalFolder, ring: KeyRing, asked: Asked, progress: Progress
) -> Kept:
    """Draw a forecast of the map as it is now and keep it; one broken off is not kept.

    Raises KeptForecastError, MapUnreadableError, MeasureError, NotOnTheMapError.
    """
    whole = MapStore(folder.map, ring).whole()
    measures = read_measures(asked.measures) if asked.measures else ()
    sums = decode(ForecastStore(folder.foresight, ring).read())
    found = foresee(whole, measures, asked, progress)
    about = About(
        made=utc(now()),
        map_as_of=found.map_as_of,
        fingerprint=found.fingerprint,
        version=wardkeep.__version__,
    )
    kept = Kept(whole, measures, found, about, over_another_map(sums, about.fingerprint), "")
    before = _whole_of(folder, ring, about.fingerprint)
    in_its_place, why_not = _keep(folder, ring, kept, sums)
    return kept._replace(why_not=why_not, replaced=before if in_its_place else None)


def drawn(kept: Kept) -> Drawn:
    """Return what was drawn as papers and pages take it."""
    found = kept.found
    return Drawn(
        found.forecasts,
        kept.measures,
        found.effects,
        found.portfolio,
        found.guesses,
        found.without,
    )


def _whole_of(folder: HospitalFolder, ring: KeyRing, fingerprint: str) -> WholeForecast | None:
    """Return the forecast that is kept whole, None where it is of another map or unreadable."""
    try:
        last = decode_whole(ForecastStore(folder.foresight, ring, "whole").read())
    except (KeptForecastError, MapUnreadableError):
        return None  # its page could not show it either: nothing is lost with it
    return last if last and last.fingerprint == fingerprint else None


def _keep(
    folder: HospitalFolder, ring: KeyRing, kept: Kept, sums: tuple[KeptForecast, ...]
) -> tuple[bool, str]:
    """Return whether it is kept whole, and why its sums are not; "" where they are."""
    if not kept.found.complete:
        return False, "it was broken off"
    if is_copy(folder):
        return False, "this box follows another: forecasts are kept at the first"
    last = encode_whole(whole_forecast(kept.whole, drawn(kept), kept.about))
    new = to_keep(kept.found.forecasts, kept.about)
    is_whole = False
    try:
        ForecastStore(folder.foresight, ring, "whole").write(last)
        is_whole = True
        if new is None:
            return is_whole, "no attack that was drawn encrypts anything"
        ForecastStore(folder.foresight, ring).write(encode(with_kept(sums, new)))
    except OSError as fault:
        return is_whole, f"{fault.filename}: {fault.strerror}"
    return is_whole, ""
