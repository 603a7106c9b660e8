"""What is kept of a forecast for its page, made of what was drawn."""

from __future__ import annotations

from wardkeep.foresight.board.bought import best, bought, without
from wardkeep.foresight.board.certainty import share_of
from wardkeep.foresight.board.contents import Drawn
from wardkeep.foresight.board.taken import taken, way_in
from wardkeep.foresight.kept import About, worst
from wardkeep.foresight.page.whole import Path, ServiceHours, WayForecast, WholeForecast
from wardkeep.foresight.summary import Forecast, ServiceForecast
from wardkeep.hospital.map.fingerprint import item_marks
from wardkeep.hospital.map.whole import HospitalMap


def whole_forecast(whole: HospitalMap, drawn: Drawn, about: About) -> WholeForecast:
    """Return what the page tells of a forecast of this map, at least one way in."""
    first = drawn.forecasts[0]
    return WholeForecast(
        made=about.made,
        map_as_of=about.map_as_of,
        fingerprint=about.fingerprint,
        version=about.version,
        replicas=first.replicas,
        seed=first.seed,
        worst=worst(drawn.forecasts).entry,
        ways=tuple(_way(whole, each) for each in drawn.forecasts),
        without=without(drawn.without, first.replicas),
        bought=bought(drawn.effects, drawn.portfolio.measures if drawn.portfolio else ()),
        best=best(drawn.portfolio, drawn.measures),
        guesses=tuple(drawn.guesses),
        items=item_marks(whole),
    )


def _way(whole: HospitalMap, found: Forecast) -> WayForecast:
    encrypts = found.detonates > 0
    struck = round(found.replicas * found.detonates)
    return WayForecast(
        way=way_in(whole, found),
        by_worm=share_of(found.by_worm, found.replicas),
        hours_to_detonation=found.hours_to_detonation if encrypts else None,
        taken=taken(whole, [found]) if encrypts else None,
        services={each.service: _hours(each) for each in found.services if encrypts},
        paths=tuple(Path(share_of(each.share, struck), each.steps) for each in found.ways),
    )


def _hours(found: ServiceForecast) -> ServiceHours:
    return ServiceHours(
        modes=found.hours or {},
        patient_hours=found.patient_hours,
        euros=found.euros,
    )
