"""Find a patient by name, birth date, number or bed."""

from __future__ import annotations

from litestar import Response, get

from wardkeep.access.permission import Permission
from wardkeep.chart.found import FoundPatient
from wardkeep.web.board import bed_at
from wardkeep.web.doors import needs
from wardkeep.web.screen import Asked
from wardkeep.web.standing import standing_in

_SHORTEST = 2
_LONGEST = 100
_MOST = 50


@get("/search", opt=needs(Permission.SEE_PATIENTS), sync_to_thread=True)
def search(screen: Asked) -> Response[bytes]:
    """Show who fits ?q=; recorded as a look at everyone found."""
    text = screen.parameter("q").strip()[:_LONGEST]
    charts = screen.deps.charts
    found: list[FoundPatient] = charts.find(text, _MOST) if len(text) >= _SHORTEST else []
    screen.looked("search", (p.record for p in found))
    return screen.page(
        "search.html",
        {
            "standing": standing_in(charts, screen.now),
            "text": text,
            "too_short": len(text) < _SHORTEST,
            "found": found,
            "more": len(found) == _MOST,
            "bed_at": bed_at,
        },
    )
