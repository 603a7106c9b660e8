"""What every page of the map does: whether there is a map to show, its age, its words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from litestar import Response

from wardkeep.access.permission import Permission
from wardkeep.adapters.errors import MapUnreadableError
from wardkeep.hospital.map.care import Mode
from wardkeep.web import map_words
from wardkeep.web.doors import needs
from wardkeep.web.map_boxes import MapWords, fitted
from wardkeep.web.map_port import KnownMap
from wardkeep.web.screen import Screen

SEE_MAP: Final = needs(Permission.SEE_MAP)
LONGEST_ASKED: Final = 200
"""Letters that an address may name: an id has 120 (hospital.map.item)."""


def with_map(
    screen: Screen, page: str, made: Callable[[KnownMap], Response[bytes]]
) -> Response[bytes]:
    """Return the page made from the map, or one that says why there is none to be shown."""
    try:
        known = screen.deps.map.known()
    except MapUnreadableError as fault:
        context = {"why": "unreadable", "detail": str(fault)}
        return screen.page("map_none.html", context, status=503)
    if not known.whole.items:
        copied = screen.following
        why = "empty" if copied is None else "copy"
        return screen.page("map_none.html", {"why": why, "detail": ""})
    # No look at a patient; but who saw where to strike is asked after a strike.
    screen.looked(page, [""])
    return made(known)


def page_of_map(
    screen: Screen,
    known: KnownMap,
    template: str,
    context: Mapping[str, object],
    status: int = 200,
    modes: Mapping[str, Mode] | None = None,
) -> Response[bytes]:
    """Return a page of the map with its age and its words; `modes`: of services that fell."""
    shared = {
        "told": map_words,
        "say": MapWords(known.whole, screen.translate, modes or {}),
        "fitted": fitted,
        "as_of": known.whole.as_of,
    }
    return screen.page(template, {**shared, **context}, status)
