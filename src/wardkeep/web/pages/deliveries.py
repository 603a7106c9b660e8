"""Whether each ward's pack reached where it should lie, what is stuck, the way to try again."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import urlencode

from litestar import Response, get, post
from litestar.exceptions import NotFoundException
from litestar.response import Redirect

from wardkeep.access.permission import Permission
from wardkeep.pack.house_lists import looks_like_list
from wardkeep.pack.prints import Print, standing, worst
from wardkeep.web import delivery_words, printing_words
from wardkeep.web.doors import needs
from wardkeep.web.errors import OperationFailedError
from wardkeep.web.in_hand import in_hand
from wardkeep.web.papers import papers
from wardkeep.web.screen import Asked, Screen
from wardkeep.web.standing import standing_in
from wardkeep.web.targets import Known, TargetLine, TargetState, target_lines, ward_deliveries


@get("/deliveries", opt=needs(Permission.SEE_OVERVIEW), sync_to_thread=True)
def deliveries(screen: Asked) -> Response[bytes]:
    """Show how every target and every ward stands."""
    return _page(screen)


# A path of its own: see web.pages.quarantine.
@post("/deliveries/again", opt=needs(Permission.DELIVER_PACKS))
async def deliver_again(screen: Asked) -> Response[bytes]:
    """Ask that a target gets all its packs again, recorded with the name; then show it."""
    form = await screen.form()
    target = str(form.get("target", ""))
    if target not in {each.name for each in screen.deps.site.deliveries}:
        raise NotFoundException
    try:
        asked = await screen.in_thread(lambda: screen.deps.deliveries.ask(target, screen.who))
    except OperationFailedError as fault:
        problem = screen.translate(fault.remedy)
        return await screen.in_thread(lambda: _page(screen, problem=problem, target=target))
    where = "/deliveries" if asked else f"/deliveries?{urlencode({'already': target})}"
    return Redirect(where, status_code=303)


def _page(screen: Screen, *, problem: str = "", target: str = "") -> Response[bytes]:
    charts, packs, site = screen.deps.charts, screen.deps.packs, screen.deps.site
    server, made = screen.deps.supervision.status(), packs.made()
    alarms = server.alarms if server else ()
    places = screen.deps.deliveries
    known = Known(places.standing(), places.asks(), alarms, places.looks())
    targets = target_lines(site.deliveries, known, made, screen.now)
    names = {each.ward: each.name for each in charts.wards()}
    wards = [*names, *sorted(_elsewhere(targets, made) - set(names))]
    return screen.page(
        "deliveries.html",
        {
            "standing": standing_in(charts, screen.now),
            "targets": targets,
            "troubled": [t for t in targets if t.state is not TargetState.GOOD],
            "wards": ward_deliveries(wards, targets, alarms),
            "names": names,
            "papers": papers(packs, wards, screen.now),
            "prints": _prints(screen),
            "hands": in_hand(screen.deps.receipts, wards, screen.now),
            "told": delivery_words,
            "print_words": printing_words,
            "server": server,
            "copies": screen.following is not None,
            "already": _already(screen, targets),
            "problem": problem,
            "failed_target": target,
        },
        status=503 if problem else 200,
    )


def _already(screen: Screen, targets: Iterable[TargetLine]) -> str:
    """Return the target that was asked for twice, "" once the first ask has its outcome."""
    name = screen.parameter("already")
    is_open = {each.delivery.name for each in targets if each.ask and each.ask.is_open}
    return name if name in is_open else ""


def _elsewhere(targets: list[TargetLine], made: Iterable[str]) -> set[str]:
    """Return the wards that have a pack or lie at a target, patients or not."""
    lying = {*made, *(ward for line in targets for ward in line.wards)}
    return {ward for ward in lying if not looks_like_list(ward)}


def _prints(screen: Screen) -> dict[str, Print]:
    orders = standing(screen.deps.printing.prints())
    return {ward: worst(found) for ward, found in orders.items()}
