"""One's own account: password, PIN, what this browser is; and what Wardkeep is."""

from __future__ import annotations

from functools import partial

from litestar import Response, get, post
from litestar.response import Redirect

from wardkeep.access.decide import check_pin
from wardkeep.access.errors import WeakPinError
from wardkeep.access.events import AccessEvent, PasswordChanged, PinSet, WardPcMarked
from wardkeep.access.permission import Permission
from wardkeep.access.state import Account
from wardkeep.web.doors import PUBLIC, LoginNeededError, needs
from wardkeep.web.entering import (
    YEAR_SECONDS,
    enter,
    pin_browser,
    proved_by_password,
    too_many,
    unfit_password,
    ward_pc_name,
)
from wardkeep.web.errors import OperationFailedError
from wardkeep.web.login_queue import TooManyAtOnceError
from wardkeep.web.pages.code import PIN_NEEDED
from wardkeep.web.screen import Asked, Screen
from wardkeep.web.security import private_cookie, same
from wardkeep.web.sessions import Opening, Session
from wardkeep.web.ward_pc import ward_pc_cookie

_LONGEST_PLACE = 40


@get("/account", opt=needs(Permission.SEE_OWN_ACCOUNT), sync_to_thread=False)
def own_account(screen: Asked) -> Response[bytes]:
    """Show who is logged in, and the forms for a new password and PIN."""
    return _show(screen)


def _show(screen: Screen, problem: str = "", status: int = 200) -> Response[bytes]:
    context = {
        "problem": problem,
        "ward_pc": bool(pin_browser(screen, screen.who)),
        "mine": not _session(screen).roles,
        "pin_rule": screen.deps.site.login.pin_from,
        "sessions": screen.web.sessions.alike(_session(screen), _account(screen), screen.now),
    }
    return screen.page("account.html", context, status=status)


@post("/account", opt=needs(Permission.SEE_OWN_ACCOUNT))
async def change_password(screen: Asked) -> Response[bytes]:
    """Give the account a new password; its other sessions end, this one goes on anew."""
    form = await screen.form()
    old, new, again = (str(form.get(field, "")) for field in ("old", "new", "again"))
    problem = await _unfit(screen, old, new, again)
    if problem:
        return _show(screen, problem, 400)
    hashed = await screen.hashing(lambda: screen.deps.passwords.hash(new))
    at = screen.deps.clock()
    event = PasswordChanged(name=screen.who, password_hash=hashed, at=at, by=screen.who)
    if failed := await _failed(screen, event):
        return failed
    opening = Opening(account=screen.who, how=_session(screen).how)
    return await enter(screen, opening, "/account")


@post("/account/pin", opt=needs(Permission.SEE_OWN_ACCOUNT))
async def change_pin(screen: Asked) -> Response[bytes]:
    """Give the account a PIN, or take it away where none is typed."""
    form = await screen.form()
    old, pin = str(form.get("old", "")), str(form.get("pin", ""))
    _ = screen.translate
    try:
        if pin:
            check_pin(pin, _account(screen).badge)
    except WeakPinError:
        return _show(screen, _(PIN_NEEDED), 400)
    if problem := await _wrong_password(screen, old):
        return _show(screen, problem, 400)
    hashed = await screen.hashing(lambda: screen.deps.passwords.hash(pin)) if pin else ""
    at = screen.deps.clock()
    event = PinSet(name=screen.who, pin_hash=hashed, at=at, by=screen.who)
    return await _failed(screen, event) or Redirect("/account", status_code=303)


@post("/account/ward-pc", opt=needs(Permission.MARK_WARD_PC))
async def mark_ward_pc(screen: Asked) -> Response[bytes]:
    """Say of this browser that badge and PIN may be used in it; recorded with its place."""
    form = await screen.form()
    place = " ".join(str(form.get("place", "")).split())[:_LONGEST_PLACE]
    marked = WardPcMarked(place=place, at=screen.deps.clock(), by=screen.who)
    if failed := await _failed(screen, marked):
        return failed
    deps = screen.deps
    answer = Redirect("/account", status_code=303)
    value = ward_pc_cookie(deps.new_token(), deps.browser_secret)
    answer.set_cookie(
        private_cookie(ward_pc_name(screen), value, secure=deps.secure, max_age=YEAR_SECONDS)
    )
    return answer


@post("/account/session", opt=needs(Permission.SEE_OWN_ACCOUNT))
async def end_session(screen: Asked) -> Response[bytes]:
    """End one session of one's own on another screen; recorded."""
    form = await screen.form()
    handle = str(form.get("session", ""))
    mine, sessions = _session(screen), screen.web.sessions
    for each in sessions.alike(mine, _account(screen), screen.now):
        if each.key != mine.key and same(each.handle, handle):
            await screen.in_thread(partial(sessions.end, each))
            await screen.note(screen.who, "session ended", each.how)
    return Redirect("/account#sessions", status_code=303)


async def _failed(screen: Screen, event: AccessEvent) -> Response[bytes] | None:
    """Write an event; return the page that says so where it could not be written."""
    _ = screen.translate
    try:
        await screen.append(event)
    except OperationFailedError as fault:
        return _show(screen, f"{fault} {_(fault.remedy)}", 503)
    return None


async def _unfit(screen: Screen, old: str, new: str, again: str) -> str:
    if problem := unfit_password(screen, _account(screen), new, again):
        return problem
    return await _wrong_password(screen, old)


async def _wrong_password(screen: Screen, old: str) -> str:
    _ = screen.translate
    try:
        # Their own line: who guesses at the login cannot keep them from a new password.
        lane = f"{screen.who}\0{_session(screen).key}"
        found = await proved_by_password(screen, screen.who, old, lane)
    except TooManyAtOnceError:
        return too_many(screen)
    return "" if found else _("The old password is wrong.")


@get("/about", opt=PUBLIC, sync_to_thread=False)
def about(screen: Asked) -> Response[bytes]:
    """Say what this is and what it does not promise."""
    return screen.page("about.html", {})


def _session(screen: Screen) -> Session:
    if screen.visitor.session is None:
        raise LoginNeededError
    return screen.visitor.session


def _account(screen: Screen) -> Account:
    if screen.visitor.account is None:
        raise LoginNeededError
    return screen.visitor.account
