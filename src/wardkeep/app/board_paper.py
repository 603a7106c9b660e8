"""Draws a forecast and makes the board paper of it, in one go that can be broken off."""

from __future__ import annotations

import platform
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path

import msgspec

import wardkeep
from wardkeep.adapters.board_press import press_board_paper
from wardkeep.adapters.clock import now
from wardkeep.adapters.files import why_not_writable, write_private
from wardkeep.adapters.forecast_store import ForecastStore
from wardkeep.adapters.key_ring import KeyRing
from wardkeep.adapters.map_store import MapStore
from wardkeep.app.errors import BoardPaperError
from wardkeep.app.folder import HospitalFolder
from wardkeep.app.foreseeing import Asked, Foreseen, foresee_over, read_measures
from wardkeep.app.governance import decided, funding_calls, today
from wardkeep.app.settings import load_site
from wardkeep.foresight.board.contents import Decided, Drawn, board_paper
from wardkeep.foresight.board.paper import BoardPaper, Source
from wardkeep.foresight.kept import About, KeptForecast, over_another_map, to_keep
from wardkeep.hospital.map.fingerprint import fingerprint
from wardkeep.hospital.map.whole import HospitalMap
from wardkeep.kernel.wall_clock import utc

_ENGINES = ("numpy", "numba")


def make(
    folder: HospitalFolder, ring: KeyRing, asked: Asked, progress: Callable[[int, int], None]
) -> BoardPaper:
    """Return the paper of the map as it is, and keep the forecast for the next comparison.

    Raises FundingError, MapUnreadableError, MeasureError, NothingEncryptsError,
    NotOnTheMapError, StoreFailedError.
    """
    whole = MapStore(folder.map, ring).whole()
    measures = read_measures(asked.measures) if asked.measures else ()
    risks, road = decided(folder, ring)
    calls, calls_from = funding_calls(folder)
    found = foresee_over(whole, measures, asked, progress)
    about = _about(whole, found)
    before = remember(folder, ring, found, about)
    return board_paper(
        whole,
        Drawn(found.forecasts, measures, found.effects, found.portfolio, found.guesses),
        Decided(risks, road, calls, calls_from, today(folder)),
        _source(folder, asked, about),
        before,
    )


def remember(
    folder: HospitalFolder, ring: KeyRing, found: Foreseen, about: About
) -> KeptForecast | None:
    """Keep a forecast; return the last one over another map. Raises MapUnreadableError."""
    store = ForecastStore(folder.foresight, ring)
    before = over_another_map(store.kept(), about.fingerprint)
    new = to_keep(found.forecasts, about)
    if new is not None:
        store.keep(new)
    return before


def refuse_unwritable(out: Path) -> None:
    """Raise BoardPaperError where no paper could be put at `out`, before it is drawn."""
    if why := why_not_writable(out):
        raise BoardPaperError(f"{out}: {why}")


def put(paper: BoardPaper, language: str, out: Path) -> None:
    """Typeset a paper and put it at `out`, whole or not at all; its owner alone reads it.

    Raises OSError and TypesettingError.
    """
    write_private(out, press_board_paper(paper, language))


def _about(whole: HospitalMap, found: Foreseen) -> About:
    return About(
        made=utc(now()),
        map_as_of=found.map_as_of,
        fingerprint=fingerprint(whole),
        version=wardkeep.__version__,
    )


def _source(folder: HospitalFolder, asked: Asked, about: About) -> Source:
    engines = {name: version(name) for name in _ENGINES}
    site = load_site(folder)
    return Source(
        **msgspec.structs.asdict(about),
        hospital=site.name,
        zone=site.rules.timezone,
        replicas=asked.replicas,
        seed=asked.seed,
        engines={"Python": platform.python_version(), **engines},
    )
