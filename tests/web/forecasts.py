"""Forecasts for the page: over the sample hospital, over a small map, hostile and huge."""

from __future__ import annotations

from tests.foresight.board.papers import (
    best_of,
    drawn,
    effect,
    forecast,
    hit,
    measure,
    service,
)
from tests.web.handmade import NOW

from wardkeep.adapters.errors import MapUnreadableError
from wardkeep.foresight.figures import Range
from wardkeep.foresight.kept import About
from wardkeep.foresight.last_forecast import LastForecast
from wardkeep.foresight.measures import Effect, Measure
from wardkeep.foresight.page.drawn import whole_forecast
from wardkeep.foresight.page.whole import WholeForecast
from wardkeep.foresight.parameters import guesses
from wardkeep.foresight.summary import Forecast, ServiceForecast, Way
from wardkeep.foresight.way_words import Step
from wardkeep.hospital.map.care import Service
from wardkeep.hospital.map.fingerprint import fingerprint
from wardkeep.hospital.map.outside import Neighbour
from wardkeep.hospital.map.whole import HospitalMap
from wardkeep.kernel.times import HOUR
from wardkeep.kernel.wall_clock import utc
from wardkeep.web.map_port import KnownMap

MADE = NOW - 42 * HOUR
LONG_MEASURE = "A second factor for all who administer a server, an account or a directory, no."
LATE = Range(1_100.0, 31_000.0, 120_000_000.0)
"""As wide a range as the sample's."""
CURVE = {
    day: Range(day / 400, min(1.0, day / 115), min(1.0, day / 40))
    for day in (1, 2, 3, 5, 7, 10, 14, 21, 28, 42, 60, 90, 120)
}


class Foretold:
    """A forecast that is known already; None: the file cannot be read."""

    def __init__(self, last: WholeForecast | LastForecast | None) -> None:
        self.found = last

    def last(self) -> WholeForecast | LastForecast | None:
        if self.found is None:
            raise MapUnreadableError("foresight/whole.age: it is damaged")
        return self.found


def about(whole: HospitalMap) -> About:
    as_of = None if whole.as_of is None else utc(whole.as_of)
    return About(
        made=utc(MADE), map_as_of=as_of, fingerprint=fingerprint(whole), version="0.3.0"
    )


def of(known: KnownMap, *forecasts: Forecast, **more: object) -> WholeForecast:
    """What is kept of these forecasts over this map; measures compared if named."""
    made = drawn(forecasts, **more)  # type: ignore[arg-type]  # the fields of the test
    return whole_forecast(known.whole, made._replace(guesses=guesses()), about(known.whole))


def services(whole: HospitalMap) -> tuple[ServiceForecast, ...]:
    """Every service of the map, each back late and its patients many."""
    found = []
    for number, item in enumerate(whole.of(Service)):
        made = service(2 * number, item.name or item.id, item.role)
        found.append(
            ServiceForecast(
                service=f"service:{item.id}",
                name=made.name,
                role=made.role,
                clinical=item.sort == "clinical",
                lost=min(1.0, 0.01 * number),
                hours={"degraded": Range(240.0, 770.0, 2_880.0), "closed": LATE},
                not_full=Range(240.0, 770.0, 2_880.0),
                full_again=Range(300.0, 900.0, 2_880.0),
                patients=LATE,
                late=None if item.patients_a_day is None else LATE,
                patient_hours=None if item.patients_a_day is None else LATE,
                euros=None if item.euros is None else LATE,
            )
        )
    return tuple(found)


def neighbours(whole: HospitalMap) -> tuple[object, ...]:
    return tuple(hit(each.name or each.id, 0.5) for each in whole.of(Neighbour))


STEPS = (
    Step("mail", "Bureaux de l'administration"),
    Step("local-administrator", "HR-office"),
    Step("password", "Administrateurs du domaine"),
    Step("server", "HR-servers", 0),
    Step("domain", "ghqv.local"),
)


def many(name: str, number: int) -> tuple[tuple[Measure, ...], tuple[Effect, ...]]:
    measures = tuple(measure(each, f"{name} {each}") for each in range(number))
    return measures, tuple(effect(each, 4_000.0, worse=0.02) for each in measures)


def sampled(
    known: KnownMap, ways: int = 3, name: str = "Second factor for all"
) -> WholeForecast:
    """Some ways in over a map, with twenty measures and a best set of twelve."""
    whole = known.whole
    paths = (Way(0.58, STEPS), Way(0.18, STEPS[:3]), Way(0.11, (*STEPS[:1], Step("worm", ""))))
    forecasts = [
        forecast(
            f"mail to pc-{each}",
            services=services(whole),
            neighbours=neighbours(whole),
            ways=paths,
            back_by_day=CURVE,
            late=31_000.0 - each,
        )
        for each in range(ways)
    ]
    measures, effects = many(name, 20)
    best = best_of(effects, *(each.id for each in measures[:12]))
    return of(known, *forecasts, measures=measures, effects=effects, portfolio=best)
