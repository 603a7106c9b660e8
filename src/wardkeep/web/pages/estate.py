"""The map of the estate: as a picture with its table, as lists, and each thing by itself."""

from __future__ import annotations

from litestar import Response, get

from wardkeep.hospital.map.drawing import drawn
from wardkeep.hospital.map.item import split
from wardkeep.hospital.map.placing import VIEWS, View
from wardkeep.web.map_facts import facts, namers
from wardkeep.web.map_lists import ROWS, listed
from wardkeep.web.map_port import KnownMap
from wardkeep.web.map_screen import LONGEST_ASKED, SEE_MAP, page_of_map, with_map
from wardkeep.web.pages.quarantine import number
from wardkeep.web.screen import Asked, Screen


@get("/map", opt=SEE_MAP, sync_to_thread=True)
def map_page(screen: Asked) -> Response[bytes]:
    """Draw the map by ?by= site, segment, tier or service; ?in= one column of it alone."""

    def made(known: KnownMap) -> Response[bytes]:
        view, key = _view(screen), screen.parameter("in")
        columns = known.placing.columns(view)
        inside = next((each for each in columns if each.key == key), None)
        found, heading = known.boxed(view, inside), view if inside is None else "kind"
        context = {
            "view": view,
            "inside": inside.key if inside else "",
            "heading": heading,
            "found": found,
            "drawing": drawn(found),
            "parts": known.parts,
        }
        return page_of_map(screen, known, "map.html", context)

    return with_map(screen, "map", made)


@get("/map/list", opt=SEE_MAP, sync_to_thread=True)
def map_list(screen: Asked) -> Response[bytes]:
    """List things of the map, 100 a page: those of a box, those that name one, those found."""

    def made(known: KnownMap) -> Response[bytes]:
        wanted = {
            name: screen.parameter(name)[:LONGEST_ASKED]
            for name in ("by", "in", "kind", "part", "names", "falls", "needs", "q")
        }
        members = listed(known, wanted)
        parts = max(1, -(-len(members) // ROWS))
        part = min(max(1, number(screen.parameter("page"))), parts)
        context = {
            "wanted": wanted,
            "number": len(members),
            "members": members[(part - 1) * ROWS : part * ROWS],
            "page": part,
            "pages": parts,
        }
        return page_of_map(screen, known, "map_list.html", context)

    return with_map(screen, "map", made)


@get("/map/item", opt=SEE_MAP, sync_to_thread=True)
def map_item(screen: Asked) -> Response[bytes]:
    """Show what the map says of ?item=, and what names it."""
    reference = screen.parameter("item")[:LONGEST_ASKED]

    def made(known: KnownMap) -> Response[bytes]:
        item = known.whole.items.get(reference)
        naming = namers(known, reference)
        context = {
            "reference": reference,
            "kind": split(reference)[0],
            "item": item,
            "facts": facts(item, screen.translate) if item else (),
            "namers": naming,
        }
        status = 200 if item or naming else 404
        return page_of_map(screen, known, "map_item.html", context, status)

    return with_map(screen, f"map {reference}", made)


def _view(screen: Screen) -> View:
    asked = screen.parameter("by")
    return next((each for each in VIEWS if each == asked), "site")
