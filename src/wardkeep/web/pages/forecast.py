"""What an attack would take: the last forecast that was drawn over the map."""

from __future__ import annotations

import datetime as dt

from litestar import Response, get

from wardkeep.adapters.errors import MapUnreadableError
from wardkeep.adapters.typst_words import translator
from wardkeep.foresight.board.back import best, guesses, measures, without
from wardkeep.foresight.board.front import neighbours, numbers, sentence, way_words
from wardkeep.foresight.board.paper import Taken
from wardkeep.foresight.board.spelling import Spelling
from wardkeep.foresight.errors import KeptForecastError
from wardkeep.foresight.last_forecast import LastForecast
from wardkeep.foresight.page import curve
from wardkeep.foresight.page.tables import (
    BEST,
    PAGE,
    care,
    curve_table,
    foot,
    not_held,
    paths,
    rows_on_paper,
    ways,
)
from wardkeep.foresight.page.whole import WayForecast, WholeForecast
from wardkeep.kernel.wall_clock import micros
from wardkeep.paper.board_form import TableBlock
from wardkeep.web.map_port import KnownMap
from wardkeep.web.map_screen import SEE_MAP, page_of_map, with_map
from wardkeep.web.screen import Asked, Screen

_LINES_OF_CARE, _LINES_OF_MEASURES, _LETTERS_OF_MEASURE = 17, 5, 50
"""Of the second sheet of A4 at 9 points; the rest of it says about as much for every house."""


@get("/map/forecast", opt=SEE_MAP, sync_to_thread=True)
def map_forecast(screen: Asked) -> Response[bytes]:
    """Show the last forecast by ?way= a way in; without it, by the one that delays most."""

    def made(known: KnownMap) -> Response[bytes]:
        try:
            last = screen.deps.forecast.last()
        except (KeptForecastError, MapUnreadableError) as fault:
            return _none(screen, known, "unreadable", detail=str(fault))
        if last is None:
            return _none(screen, known, "none")
        if isinstance(last, LastForecast):
            return _none(screen, known, "sums", drawn=_at(last.made))
        context = _context(screen, known, last)
        return page_of_map(screen, known, "map_forecast.html", context)

    return with_map(screen, "map forecast", made)


def _none(
    screen: Screen, known: KnownMap, why: str, *, detail: str = "", drawn: int = 0
) -> Response[bytes]:
    context = {"why": why, "detail": detail, "drawn": drawn}
    status = 503 if why == "unreadable" else 200
    return page_of_map(screen, known, "map_forecast_none.html", context, status)


def _context(screen: Screen, known: KnownMap, last: WholeForecast) -> dict[str, object]:
    spelling = _spelling(screen)
    chosen = _chosen(screen, last)
    is_other = last.fingerprint != known.fingerprint
    taken = chosen.taken
    return {
        "drawn": _at(last.made),
        "of_map": None if last.map_as_of is None else _at(last.map_as_of),
        "changed": known.changed_since(last.items) if is_other else None,
        "entries": [each.way.entry for each in last.ways],
        "entry": chosen.way.entry,
        "way": way_words(chosen.way, spelling, PAGE.name),
        "ways": ways(last, spelling),
        "unknown": (spelling.say("NOT RECORDED"), spelling.say("NOT KNOWN")),
        "taken": None if taken is None else _taken(chosen, taken, last, spelling),
        "guesses": guesses(last.guesses, spelling, PAGE),
        "foot": foot(last, spelling),
    }


def _taken(
    chosen: WayForecast, taken: Taken, last: WholeForecast, spelling: Spelling
) -> dict[str, object]:
    loses, buys = care(chosen, taken, spelling), measures(last.bought, spelling, PAGE)
    return {
        "sentence": sentence(taken, spelling, PAGE),
        "numbers": numbers(taken, spelling),
        "curve": curve_table(taken, spelling),
        "picture": curve.picture(taken.curve) if taken.curve else None,
        "care": loses,
        "care_on_paper": rows_on_paper(loses, _LINES_OF_CARE, PAGE.name),
        "neighbours": neighbours(taken, spelling, PAGE),
        "paths": paths(chosen, spelling),
        "without": without(last.without, taken, spelling),
        "measures": buys,
        "measures_on_paper": (
            rows_on_paper(buys, _LINES_OF_MEASURES, _LETTERS_OF_MEASURE)
            if isinstance(buys, TableBlock)
            else 0
        ),
        "best": best(last.best, taken, spelling, PAGE),
        "best_on_paper": best(last.best, taken, spelling, BEST),
        "not_held": not_held(taken, spelling),
    }


def _spelling(screen: Screen) -> Spelling:
    return Spelling(screen.language, translator(screen.language), screen.calendar.zone)


def _chosen(screen: Screen, last: WholeForecast) -> WayForecast:
    asked = screen.parameter("way")
    found = {each.way.entry: each for each in last.ways}
    return found.get(asked) or found[last.worst]


def _at(iso: str) -> int:
    return micros(dt.datetime.fromisoformat(iso))
