"""Two officers open a session for a third: both log in at one screen, one after the other."""

from __future__ import annotations

import hashlib

from litestar import Response, get, post
from litestar.response import Redirect

from wardkeep.access.decide import check_pin
from wardkeep.access.errors import WeakPinError
from wardkeep.access.events import OpenedByTwo, Role
from wardkeep.access.permission import Permission
from wardkeep.access.sealed import LONGEST_HOURS, LONGEST_PERSON, SHORTEST_PERSON
from wardkeep.kernel.times import HOUR
from wardkeep.web.doors import needs
from wardkeep.web.entering import enter, leave
from wardkeep.web.errors import OperationFailedError
from wardkeep.web.pages.code import PIN_NEEDED
from wardkeep.web.screen import Asked, Screen
from wardkeep.web.security import host_cookie_name, private_cookie, session_cookie_name
from wardkeep.web.sessions import Opening
from wardkeep.web.thirds import PATIENCE, Third

_USUAL_HOURS = 12
_SECOND = 1_000_000


@get("/officers", opt=needs(Permission.OPEN_FOR_A_THIRD))
async def officers(screen: Asked) -> Response[bytes]:
    """Show what the first officer asked for, else the form to ask."""
    return _show(screen)


def _show(screen: Screen, problem: str = "", status: int = 200) -> Response[bytes]:
    third = screen.web.thirds.asked(_browser(screen), screen.now)
    context = {
        "problem": problem,
        "third": third,
        "same": third is not None and third.first == screen.who,
        "roles": list(Role),
        "hours": _USUAL_HOURS,
        "most_hours": LONGEST_HOURS,
        "longest": LONGEST_PERSON,
    }
    return screen.page("officers.html", context, status=status)


@post("/officers", opt=needs(Permission.OPEN_FOR_A_THIRD))
async def ask_for_a_third(screen: Asked) -> Response[bytes]:
    """Keep the wish in this browser, log the first officer out, lead to the second's login."""
    form = await screen.form()
    person = " ".join(str(form.get("person", "")).split())
    role, hours = str(form.get("role", "")), str(form.get("hours", ""))
    _ = screen.translate
    fits = SHORTEST_PERSON <= len(person) <= LONGEST_PERSON and person.isprintable()
    usable = hours.isascii() and hours.isdigit() and 0 < int(hours[:3]) <= LONGEST_HOURS
    if not (fits and usable and role in set(Role)):
        problem = _("The full name of the third, a role and 1 to %(hours)s hours are needed.")
        return _show(screen, problem % {"hours": LONGEST_HOURS}, 400)
    browser = screen.deps.new_token()
    third = Third(
        first=screen.who, person=person, role=Role(role), hours=int(hours), at=screen.now
    )
    screen.web.thirds.ask(_digest(browser), third)
    await leave(screen)
    secure = screen.deps.secure
    answer = Redirect("/login?next=/officers", status_code=303)
    answer.delete_cookie(session_cookie_name(secure=secure))
    seconds = PATIENCE // _SECOND
    answer.set_cookie(private_cookie(_name(screen), browser, secure=secure, max_age=seconds))
    return answer


@post("/officers/confirm", opt=needs(Permission.OPEN_FOR_A_THIRD))
async def confirm_third(screen: Asked) -> Response[bytes]:
    """Open the session that another officer asked for here; the second officer's ends."""
    form = await screen.form()
    third = screen.web.thirds.asked(_browser(screen), screen.now)
    _ = screen.translate
    if third is None or third.first == screen.who:
        return _show(screen, _("Another officer must confirm it, within ten minutes."), 400)
    pin = str(form.get("pin", ""))
    try:
        check_pin(pin, "")
    except WeakPinError:
        return _show(screen, _(PIN_NEEDED), 400)
    now = screen.deps.clock()
    until = now + third.hours * HOUR
    event = OpenedByTwo(
        second=screen.who,
        person=third.person,
        role=third.role,
        until=until,
        at=now,
        by=third.first,
    )
    try:
        await screen.append(event)
    except OperationFailedError as fault:
        return _show(screen, f"{fault} {_(fault.remedy)}", 503)
    screen.web.thirds.done(_browser(screen))
    return await _opened(screen, third, until, pin)


async def _opened(screen: Screen, third: Third, until: int, pin: str) -> Response[bytes]:
    pin_hash = await screen.hashing(lambda: screen.deps.passwords.hash(pin))
    by = f"{third.first}, {screen.who}"
    opening = Opening(
        account=f"{third.person} ({by})",
        how=f"officers {by}, {third.role}",
        roles=(third.role,),
        origin=by,
        until=until,
        pin_hash=pin_hash,
    )
    return await enter(screen, opening, "/", remember=False)


@post("/officers/forget", opt=needs(Permission.OPEN_FOR_A_THIRD))
async def forget_third(screen: Asked) -> Response[bytes]:
    """Give up what was asked for in this browser."""
    await screen.form()
    screen.web.thirds.done(_browser(screen))
    return Redirect("/officers", status_code=303)


def _name(screen: Screen) -> str:
    return host_cookie_name("wardkeep-third", secure=screen.deps.secure)


def _browser(screen: Screen) -> str:
    return _digest(screen.request.cookies.get(_name(screen), ""))


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
