"""Packs that are held because too much changed at once, and the decision of a person."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from litestar import Response, get, post
from litestar.exceptions import NotFoundException
from litestar.response import Redirect

from wardkeep.access.permission import Permission
from wardkeep.kernel.errors import WardkeepError
from wardkeep.pack.decide import keep, release
from wardkeep.pack.events import Decision
from wardkeep.pack.state import Shelf
from wardkeep.web.doors import needs
from wardkeep.web.pages.ward import inline
from wardkeep.web.screen import Asked, Screen
from wardkeep.web.standing import standing_in

_Decide = Callable[[Shelf, str, str, str, int], Sequence[Decision]]
_DECISIONS: Mapping[str, _Decide] = {"release": release, "keep": keep}


@get("/held", opt=needs(Permission.DECIDE_HELD_PACKS), sync_to_thread=True)
def held(screen: Asked) -> Response[bytes]:
    """List the wards whose pack is held; after a decision, say first which."""
    return _page(screen, done=screen.parameter("done"))


@get("/held/pack", opt=needs(Permission.SEE_PATIENTS), sync_to_thread=True)
def held_pack(screen: Asked) -> Response[bytes]:
    """Send the new pack of the held ward ?code= as PDF: what its feeds say now."""
    code = screen.parameter("code")
    pack = screen.deps.packs.beside(code)
    if pack is None:
        raise NotFoundException
    patients = screen.deps.charts.ward(code)
    screen.looked("held ward pack", (p.record for p in patients), f"ward {code}")
    return Response(pack.pdf, media_type="application/pdf", headers=inline(code))


# A path of its own: see web.pages.quarantine.
@post("/held/decide", opt=needs(Permission.DECIDE_HELD_PACKS))
async def decide_held(screen: Asked) -> Response[bytes]:
    """Record the decision on one ward, then list what is held."""
    form = await screen.form()
    ward, why = str(form.get("ward", "")), str(form.get("why", ""))
    decision = _DECISIONS.get(str(form.get("decision", "")))
    if decision is None:
        raise NotFoundException

    def decide() -> None:
        shelf = Shelf(held=dict(screen.deps.packs.held()))
        for event in decision(shelf, ward, screen.who, why, screen.now):
            screen.deps.operations.decide(event)

    try:
        await screen.in_thread(decide)
    except WardkeepError as fault:
        remedy = screen.translate(fault.remedy)
        return await screen.in_thread(lambda: _page(screen, ward=ward, problem=remedy))
    return Redirect("/held?done=1", status_code=303)


def _page(
    screen: Screen, *, done: str = "", ward: str = "", problem: str = ""
) -> Response[bytes]:
    charts = screen.deps.charts
    found = sorted(screen.deps.packs.held().values(), key=lambda hold: hold.held.at)
    screen.web.held = len(found)
    return screen.page(
        "held.html",
        {
            "standing": standing_in(charts, screen.now),
            "holds": found,
            "done": done,
            "failed_ward": ward,
            "problem": problem,
        },
        status=503 if problem else 200,
    )
