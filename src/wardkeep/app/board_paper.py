"""Draws a forecast and makes the board paper of it, in one go that can be broken off."""

from __future__ import annotations

import platform
from importlib.metadata import version
from pathlib import Path

import msgspec

from wardkeep.adapters.board_press import press_board_paper
from wardkeep.adapters.files import why_not_writable, write_private
from wardkeep.adapters.key_ring import KeyRing
from wardkeep.app.drawing_attacks import Asked, Progress
from wardkeep.app.errors import BoardPaperError
from wardkeep.app.first import is_copy, read_following
from wardkeep.app.folder import HospitalFolder
from wardkeep.app.governance import decided, funding_calls, today
from wardkeep.app.kept_forecasts import Kept, drawn, foresee_and_keep
from wardkeep.app.settings import load_site
from wardkeep.foresight.board.contents import Decided, board_paper
from wardkeep.foresight.board.paper import BoardPaper, MapCopy, Source
from wardkeep.foresight.kept import About
from wardkeep.kernel.wall_clock import utc

_ENGINES = ("numpy", "numba")


def make(
    folder: HospitalFolder, ring: KeyRing, asked: Asked, progress: Progress
) -> tuple[BoardPaper, Kept]:
    """Return the paper of the map as it is, and the forecast, which is kept.

    Raises ForesightEventError, FundingError, MapUnreadableError, MeasureError,
    NothingEncryptsError, NotOnTheMapError, StoreFailedError.
    """
    risks, road, unread = decided(folder, ring)
    calls, calls_from = funding_calls(folder)
    kept = foresee_and_keep(folder, ring, asked, progress)
    paper = board_paper(
        kept.whole,
        drawn(kept),
        Decided(risks, road, calls, calls_from, today(folder), unread),
        _source(folder, asked, kept.about),
        kept.before,
    )
    return paper, kept


def refuse_unwritable(out: Path) -> None:
    """Raise BoardPaperError where no paper could be put at `out`, before it is drawn."""
    if why := why_not_writable(out):
        raise BoardPaperError(f"{out}: {why}")


def put(paper: BoardPaper, language: str, out: Path) -> None:
    """Typeset a paper and put it at `out`, whole or not at all; its owner alone reads it.

    Raises OSError and TypesettingError.
    """
    write_private(out, press_board_paper(paper, language))


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
        map_copy=_map_copy(folder),
    )


def _map_copy(folder: HospitalFolder) -> MapCopy | None:
    if not is_copy(folder):
        return None
    standing = read_following(folder)
    at = standing.map.as_of if standing else 0
    return MapCopy(as_of=utc(at) if at else None)
