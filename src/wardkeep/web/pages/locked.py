"""The covered screen: whose session it is and how to uncover it, nothing of any patient."""

from __future__ import annotations

from litestar import Response, get, post
from litestar.response import Redirect

from wardkeep.access.state import Account
from wardkeep.web.doors import HALF, LoginNeededError
from wardkeep.web.entering import LONGEST_FIELD, own_address, proved, too_many
from wardkeep.web.login_queue import TooManyAtOnceError
from wardkeep.web.screen import Asked, Screen
from wardkeep.web.sessions import Session, Step


@get("/locked", opt=HALF)
async def locked(screen: Asked) -> Response[bytes]:
    """Show the cover, or the page itself where the screen is not covered."""
    if not screen.visitor.covered:
        return Redirect(own_address(screen.parameter("next")) or "/", status_code=303)
    return _show(screen, next_page=screen.parameter("next"))


def _show(
    screen: Screen, problem: str = "", next_page: str = "", status: int = 200
) -> Response[bytes]:
    session, account = _mine(screen)
    by_pin = bool(session.pin_hash if session.roles else account.pin_hash)
    context = {
        "problem": problem,
        "account": account,
        "by_pin": by_pin and screen.web.pins.may_be_tried(account.name, session.key),
        "by_password": not session.roles,
        "next_page": own_address(next_page),
    }
    return screen.page("locked.html", context, status=status)


@post("/locked", opt=HALF)
async def uncover(screen: Asked) -> Response[bytes]:
    """Uncover the screen by the PIN, five times at most, or by the password."""
    form = await screen.form()
    session, account = _mine(screen)
    next_page = str(form.get("next", ""))
    if session.step is not Step.NONE:
        return Redirect("/", status_code=303)
    _ = screen.translate
    pin, password = str(form.get("pin", "")), str(form.get("password", ""))
    try:
        fits = await _fits(screen, session, account, (pin, password))
    except TooManyAtOnceError:
        return _show(screen, too_many(screen), next_page, 429)
    if not fits:
        await screen.note(account.name, "unlock refused", "PIN" if pin else "password")
        return _show(screen, _("This did not fit. The screen stays locked."), next_page, 401)
    screen.web.pins.forgive(account.name, session.key)
    now = screen.deps.clock()
    sessions = screen.web.sessions
    marks = {"locked": False, "touched": now, "by_pin": bool(pin)}
    await screen.in_thread(lambda: sessions.change(session, **marks))
    return Redirect(own_address(next_page) or "/", status_code=303)


async def _fits(
    screen: Screen, session: Session, account: Account, given: tuple[str, str]
) -> bool:
    pin, password = given
    kept, typed = (session.pin_hash if session.roles else account.pin_hash), pin
    if not pin:
        kept, typed = account.password_hash, password
    elif not screen.web.pins.may_try(account.name, session.key):
        return False
    passwords = screen.deps.passwords
    found = await proved(
        screen,
        account,
        f"unlock\0{session.key}",
        lambda _usable: passwords.fits(kept or None, typed[:LONGEST_FIELD]),
    )
    return found is not None


@post("/lock", opt=HALF)
async def lock_now(screen: Asked) -> Response[bytes]:
    """Cover the screen at once."""
    await screen.form()
    session, _account = _mine(screen)
    await screen.in_thread(lambda: screen.web.sessions.change(session, locked=True))
    return Redirect("/locked", status_code=303)


def _mine(screen: Screen) -> tuple[Session, Account]:
    session, account = screen.visitor.session, screen.visitor.account
    if session is None or account is None:
        raise LoginNeededError
    return session, account
