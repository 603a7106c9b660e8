"""Breaking the glass: seeing patients beyond the own role, for a reason, for a short time."""

from __future__ import annotations

from litestar import Response, get, post
from litestar.response import Redirect

from wardkeep.access.events import GlassBroken
from wardkeep.access.glass import LONGEST_REASON, SHORTEST_REASON, is_said
from wardkeep.access.permission import Permission
from wardkeep.kernel.times import MINUTE
from wardkeep.web.doors import LoginNeededError, needs
from wardkeep.web.entering import own_address
from wardkeep.web.errors import OperationFailedError
from wardkeep.web.screen import Asked, Screen

GLASS_ALARM = "break-glass"


@get("/glass", opt=needs(Permission.BREAK_GLASS))
async def glass_form(screen: Asked) -> Response[bytes]:
    """Ask for name and reason, and say what follows."""
    return _show(screen, next_page=screen.parameter("next"))


def _show(
    screen: Screen, problem: str = "", next_page: str = "", status: int = 200
) -> Response[bytes]:
    account = screen.visitor.account
    context = {
        "problem": problem,
        "full_name": account.full_name if account else "",
        "minutes": screen.deps.site.login.glass_minutes,
        "next_page": own_address(next_page),
        "shortest": SHORTEST_REASON,
        "longest": LONGEST_REASON,
    }
    return screen.page("glass.html", context, status=status)


@post("/glass", opt=needs(Permission.BREAK_GLASS))
async def break_glass(screen: Asked) -> Response[bytes]:
    """Open patients to this session for a while; recorded in both ledgers, raises an alarm.

    Care goes first: where a ledger does not take it now, it is opened all the same and what is
    to be recorded waits, as looks do.
    """
    form = await screen.form()
    person, reason = (" ".join(str(form.get(f, "")).split()) for f in ("person", "reason"))
    next_page = str(form.get("next", ""))
    session = screen.visitor.session
    if session is None:
        raise LoginNeededError
    _ = screen.translate
    if not is_said(person, reason):
        return _show(
            screen, _("Your full name and a reason in words are needed."), next_page, 400
        )
    now = screen.deps.clock()
    until = now + screen.deps.site.login.glass_minutes * MINUTE
    await screen.note(screen.who, "break-glass", f"{person}: {reason}")
    event = GlassBroken(person=person, reason=reason, until=until, at=now, by=screen.who)
    try:
        await screen.append(event)
    except OperationFailedError:
        screen.web.unwritten.append(event)
    # Alarms are told in the system's log: a reason may name a patient, the ledgers keep it.
    await screen.alarm(GLASS_ALARM, screen.who, person)
    sessions = screen.web.sessions
    await screen.in_thread(lambda: sessions.change(session, glass_until=until))
    return Redirect(own_address(next_page) or "/", status_code=303)
