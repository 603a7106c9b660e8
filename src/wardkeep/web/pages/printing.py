"""The wards' paper: how the printing of each stands, who ordered it, the way to order it."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import msgspec
from litestar import Response, get, post
from litestar.exceptions import NotFoundException
from litestar.response import Redirect

from wardkeep.access.permission import Permission
from wardkeep.kernel.errors import WardkeepError
from wardkeep.pack import print_decide
from wardkeep.pack.events import PrintEvent
from wardkeep.pack.prints import Print, Prints, PrintState, standing, worst
from wardkeep.web import printing_words
from wardkeep.web.doors import needs
from wardkeep.web.papers import Paper, papers
from wardkeep.web.screen import Asked, Screen
from wardkeep.web.standing import standing_in

_Decide = Callable[[Prints, str, str, str, int], list[PrintEvent]]
_DECISIONS: Mapping[str, _Decide] = {
    "confirm": print_decide.confirm,
    "give-up": print_decide.give_up,
}


class WardPrinting(msgspec.Struct, frozen=True, kw_only=True):
    """One line of the page: a ward, its paper, and its newest orders; `last` says the worst."""

    ward: str
    name: str
    paper: Paper
    orders: tuple[Print, ...] = ()
    last: Print | None = None


@get("/print", opt=needs(Permission.SEE_OVERVIEW), sync_to_thread=True)
def printing(screen: Asked) -> Response[bytes]:
    """Show how the printing of every ward stands."""
    return _page(screen)


# Paths of their own: see web.pages.quarantine.
@post("/print/order", opt=needs(Permission.SEE_PATIENTS))
async def order_print(screen: Asked) -> Response[bytes]:
    """Order one ward's paper, recorded as a look at everyone on it; then show how it stands."""
    form = await screen.form()
    ward = str(form.get("ward", ""))

    def order() -> None:
        if ward not in screen.deps.packs.made():
            raise NotFoundException
        records = [patient.record for patient in screen.deps.charts.ward(ward)]
        screen.looked("ward printed", records, f"ward {ward}")
        screen.deps.printing.order(ward, screen.who)

    return await _done(screen, order, ward)


@post("/print/decide", opt=needs(Permission.SEE_PATIENTS))
async def decide_print(screen: Asked) -> Response[bytes]:
    """Record what somebody saw in the tray: all sheets of an order lie there, or not."""
    form = await screen.form()
    number, why = str(form.get("order", "")), str(form.get("why", ""))
    decision = _DECISIONS.get(str(form.get("decision", "")))
    if decision is None:
        raise NotFoundException

    def decide() -> None:
        prints = screen.deps.printing.prints()
        screen.deps.printing.record(decision(prints, number, screen.who, why, screen.now))

    return await _done(screen, decide, "")


async def _done(screen: Screen, work: Callable[[], None], ward: str) -> Response[bytes]:
    try:
        await screen.in_thread(work)
    except WardkeepError as fault:
        problem = screen.translate(fault.remedy)
        return await screen.in_thread(lambda: _page(screen, problem=problem, ward=ward))
    return Redirect("/print", status_code=303)


def _page(screen: Screen, *, problem: str = "", ward: str = "") -> Response[bytes]:
    charts, wards = screen.deps.charts, screen.deps.charts.wards()
    paper = papers(screen.deps.packs, [each.ward for each in wards], screen.now)
    orders = standing(screen.deps.printing.prints())
    lines = [
        WardPrinting(
            ward=each.ward,
            name=each.name,
            paper=paper[each.ward],
            orders=tuple(orders.get(each.ward, ())),
            last=worst(orders[each.ward]) if each.ward in orders else None,
        )
        for each in wards
    ]
    return screen.page(
        "printing.html",
        {
            "standing": standing_in(charts, screen.now),
            "lines": lines,
            "told": printing_words,
            "stuck": [o for line in lines for o in line.orders if o.state is PrintState.STUCK],
            "printers": screen.deps.site.printers,
            "problem": problem,
            "failed_ward": ward,
        },
        status=503 if problem else 200,
    )
