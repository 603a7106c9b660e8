"""Logging in by password, or by badge and PIN on a ward PC; and out."""

from __future__ import annotations

from litestar import Response, get, post
from litestar.response import Redirect

from wardkeep.access.state import Account
from wardkeep.web.doors import HALF, PUBLIC
from wardkeep.web.entering import (
    LONGEST_FIELD,
    browser_lane,
    enter,
    form_token,
    is_our_form,
    leave,
    login_nonce,
    nonce_cookie,
    own_address,
    pin_browser,
    proved,
    proved_by_password,
    step_owed,
    too_many,
)
from wardkeep.web.login_queue import TooManyAtOnceError
from wardkeep.web.screen import Asked, Screen
from wardkeep.web.security import session_cookie_name
from wardkeep.web.sessions import Opening, Session, Step

BY_PIN = "badge and PIN"
"""How a session is opened on a ward PC: it changes no factors (web.pages.factor)."""


@get("/login", opt=PUBLIC, sync_to_thread=False)
def login_form(screen: Asked) -> Response[bytes]:
    """Show the login form."""
    return show_login(screen, next_page=screen.parameter("next"))


def show_login(
    screen: Screen, problem: str = "", next_page: str = "", status: int = 200
) -> Response[bytes]:
    """Return the login form; its token fits only the browser that gets the cookie with it."""
    nonce = login_nonce(screen)
    return screen.page(
        "login.html",
        {
            "token": form_token(screen, nonce),
            "problem": problem,
            "next_page": own_address(next_page),
            "sign_on": _label(screen),
            "pin": pin_browser(screen, "") is not None,
        },
        status=status,
        cookies=[nonce_cookie(screen, nonce)],
    )


def _label(screen: Screen) -> str:
    """Return what the button of single sign-on names, "" where there is none."""
    oidc = screen.deps.site.oidc
    if oidc is None or screen.deps.single_sign_on is None:
        return ""
    return oidc.label or oidc.issuer.split("://", 1)[-1].split("/", 1)[0]


def is_by_pin(session: Session) -> bool:
    """Tell whether a PIN opened the session or uncovered it last: too little for accounts."""
    return session.by_pin or session.how.startswith(BY_PIN)


@post("/login", opt=PUBLIC)
async def login(screen: Asked) -> Response[bytes]:
    """Open a session under a new id, or show the form again after the account's delay.

    Attempts on one account are looked at one after another; a browser that the account knows
    has a line of its own. 429 says that this one was not looked at.
    """
    form = await screen.request.form()
    name, password, token, next_page = (
        str(form.get(field, "")) for field in ("name", "password", "token", "next")
    )
    _ = screen.translate
    if not is_our_form(screen, token):
        return show_login(
            screen, _("This form was too old. Please log in again."), next_page, 400
        )
    name = name.strip().lower()[:LONGEST_FIELD]
    lane = browser_lane(screen, name)
    try:
        account = await proved_by_password(screen, name, password, lane)
    except TooManyAtOnceError:
        return show_login(screen, too_many(screen), next_page, 429)
    if account is None:
        await _refused(screen, name, "password")
        problem = _("Name or password is wrong. You can try again; nobody is locked out.")
        return show_login(screen, problem, next_page, 401)
    browser = pin_browser(screen, name)
    if browser is not None:
        screen.web.pins.forgive(name, browser)
    step = step_owed(account, screen.deps.site.login)
    return await enter(screen, Opening(account=name, step=step), next_page)


@post("/login/pin", opt=PUBLIC)
async def pin_login(screen: Asked) -> Response[bytes]:
    """Open a session by badge number and PIN, where the site allows it in this browser."""
    form = await screen.request.form()
    badge, pin, token, next_page = (
        str(form.get(field, "")) for field in ("badge", "pin", "token", "next")
    )
    _ = screen.translate
    if not is_our_form(screen, token):
        return show_login(
            screen, _("This form was too old. Please log in again."), next_page, 400
        )
    badge = badge.strip().upper()[:LONGEST_FIELD]
    browser = pin_browser(screen, badge)
    if browser is None:
        return show_login(
            screen, _("Badge and PIN work on marked ward PCs only."), next_page, 403
        )
    try:
        account, problem, status = await _by_badge_and_pin(screen, badge, pin, browser)
    except TooManyAtOnceError:
        return show_login(screen, too_many(screen), next_page, 429)
    if account is None:
        return show_login(screen, problem, next_page, status)
    opening = Opening(account=account.name, how=BY_PIN)
    return await enter(screen, opening, next_page, remember=False)


async def _by_badge_and_pin(
    screen: Screen, badge: str, pin: str, browser: str
) -> tuple[Account | None, str, int]:
    """Return the account that badge and PIN open, or None, why not, and the status."""
    _ = screen.translate
    found = await _by_badge(screen, badge)
    name = found.name if found else badge
    pins = screen.web.pins
    if not (pins.may_try if found else pins.may_try_badge)(name, browser):
        return None, _("Too many wrong PINs in this browser: log in with your password."), 401
    account = await _proved_by_pin(screen, found, pin, f"pin\0{badge}\0{browser}")
    if account is None:
        await _refused(screen, name, "badge and PIN")
        return None, _("Badge or PIN is wrong."), 401
    pins.forgive(name, browser)
    if step_owed(account, screen.deps.site.login) is not Step.NONE:
        return None, _("This account needs its password and its second factor."), 403
    return account, "", 200


async def _by_badge(screen: Screen, badge: str) -> Account | None:
    accounts = await screen.in_thread(screen.deps.accounts.accounts)
    return next((a for a in accounts.values() if badge and a.badge == badge), None)


async def _proved_by_pin(
    screen: Screen, found: Account | None, pin: str, lane: str
) -> Account | None:
    passwords, typed = screen.deps.passwords, pin[:LONGEST_FIELD]
    return await proved(
        screen,
        found,
        lane,
        lambda usable: passwords.fits((usable and usable.pin_hash) or None, typed),
    )


async def _refused(screen: Screen, name: str, how: str) -> None:
    """Record a wrong secret of an account that exists: names are invented for nothing."""
    if name in await screen.in_thread(screen.deps.accounts.accounts):
        await screen.note(name, "login refused", how)


@post("/logout", opt=HALF)
async def logout(screen: Asked) -> Response[bytes]:
    """End the session."""
    await screen.form()
    await leave(screen)
    answer = Redirect("/login", status_code=303)
    answer.delete_cookie(session_cookie_name(secure=screen.deps.secure))
    # The back button of a shared PC shows nobody's patients. Cookies stay: language, browser.
    answer.headers["clear-site-data"] = '"cache", "storage"'
    return answer
