"""Logging in and out, and one's own password."""

from __future__ import annotations

from litestar import Response, get, post
from litestar.datastructures import Cookie
from litestar.response import Redirect

from wardkeep.access.decide import check_password
from wardkeep.access.errors import GuessablePasswordError, WeakPasswordError
from wardkeep.access.permission import Permission
from wardkeep.access.state import Account
from wardkeep.web.doors import PUBLIC, needs
from wardkeep.web.errors import OperationFailedError
from wardkeep.web.known_browser import browser_cookie_name, known_browser, with_account
from wardkeep.web.login_queue import TooManyAtOnceError
from wardkeep.web.screen import Asked, Screen
from wardkeep.web.security import (
    login_form_token,
    private_cookie,
    same,
    session_cookie_name,
)

_NONCE = "wardkeep-form"
_LONGEST_FIELD = 200
_YEAR_SECONDS = 365 * 24 * 3600


@get("/login", opt=PUBLIC, sync_to_thread=False)
def login_form(screen: Asked) -> Response[bytes]:
    """Show the login form."""
    return show_login(screen, next_page=screen.parameter("next"))


def show_login(
    screen: Screen, problem: str = "", next_page: str = "", status: int = 200
) -> Response[bytes]:
    """Return the login form; its token fits only the browser that gets the cookie with it."""
    nonce = screen.request.cookies.get(_NONCE) or screen.deps.new_token()
    return screen.page(
        "login.html",
        {
            "token": login_form_token(screen.web.login_secret, nonce),
            "problem": problem,
            "next_page": own_address(next_page),
        },
        status=status,
        cookies=[private_cookie(_NONCE, nonce, secure=screen.deps.secure)],
    )


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
    expected = login_form_token(screen.web.login_secret, screen.request.cookies.get(_NONCE, ""))
    _ = screen.translate
    if not same(expected, token):
        return show_login(
            screen, _("This form was too old. Please log in again."), next_page, 400
        )
    name = name.strip().lower()[:_LONGEST_FIELD]
    known = known_browser(_browser(screen), name, screen.deps.browser_secret)
    try:
        account = await _proved(screen, name, password, lane=f"{name}\0{known}")
    except TooManyAtOnceError:
        return show_login(screen, _too_many(screen), next_page, 429)
    if account is None:
        problem = _("Name or password is wrong. You can try again; nobody is locked out.")
        return show_login(screen, problem, next_page, 401)
    return await _enter(screen, account, next_page)


def _browser(screen: Screen) -> str:
    return screen.request.cookies.get(browser_cookie_name(secure=screen.deps.secure), "")


def _too_many(screen: Screen) -> str:
    _ = screen.translate
    return _(
        "Too many attempts on this account at once: yours was not looked at. Wait half a "
        "minute and try again. Somebody may be guessing the password: tell the service desk."
    )


async def _proved(screen: Screen, name: str, password: str, lane: str) -> Account | None:
    async with screen.web.logins.turn(lane):
        await screen.deps.sleep(screen.web.delays.attempt(lane, screen.deps.clock()))
        account = await _fitting(screen, name, password)
        if account is not None:
            screen.web.delays.succeeded(lane)
        return account


async def _fitting(screen: Screen, name: str, password: str) -> Account | None:
    account = (await screen.in_thread(screen.deps.accounts.accounts)).get(name)
    usable = account if account is not None and not account.disabled else None
    known = usable.password_hash if usable else None
    fits = await screen.hashing(
        lambda: screen.deps.passwords.fits(known, password[:_LONGEST_FIELD])
    )
    return usable if fits else None


async def _enter(screen: Screen, account: Account, next_page: str) -> Response[bytes]:
    await _leave(screen)
    sessions, now = screen.web.sessions, screen.deps.clock()
    token, _session = await screen.in_thread(lambda: sessions.begin(account.name, now))
    answer = Redirect(own_address(next_page) or "/", status_code=303)
    secure = screen.deps.secure
    answer.set_cookie(private_cookie(session_cookie_name(secure=secure), token, secure=secure))
    answer.set_cookie(_remembered(screen, account.name))
    return answer


async def _leave(screen: Screen) -> None:
    session = screen.visitor.session
    if session is not None:
        await screen.in_thread(lambda: screen.web.sessions.end(session))


def _remembered(screen: Screen, account: str) -> Cookie:
    deps = screen.deps
    value = with_account(_browser(screen), account, deps.browser_secret, deps.new_token())
    name = browser_cookie_name(secure=deps.secure)
    return private_cookie(name, value, secure=deps.secure, max_age=_YEAR_SECONDS)


@post("/logout", opt=needs(Permission.SEE_OWN_ACCOUNT))
async def logout(screen: Asked) -> Response[bytes]:
    """End the session."""
    await screen.form()
    await _leave(screen)
    answer = Redirect("/login", status_code=303)
    answer.delete_cookie(session_cookie_name(secure=screen.deps.secure))
    return answer


@get("/account", opt=needs(Permission.SEE_OWN_ACCOUNT), sync_to_thread=False)
def own_account(screen: Asked) -> Response[bytes]:
    """Show who is logged in, and the form for a new password."""
    return screen.page("account.html", {"problem": "", "done": False})


@post("/account", opt=needs(Permission.SEE_OWN_ACCOUNT))
async def change_password(screen: Asked) -> Response[bytes]:
    """Give the account a new password; its other sessions end, this one goes on anew."""
    form = await screen.form()
    old, new, again = (str(form.get(field, "")) for field in ("old", "new", "again"))
    _ = screen.translate
    problem = await _unfit(screen, old, new, again)
    if problem:
        return screen.page("account.html", {"problem": problem, "done": False}, status=400)
    hashed = await screen.hashing(lambda: screen.deps.passwords.hash(new))
    at = screen.deps.clock()
    try:
        await screen.in_thread(
            lambda: screen.deps.accounts.change_password(screen.who, hashed, at)
        )
    except OperationFailedError as fault:
        failed = {"problem": f"{fault} {_(fault.remedy)}", "done": False}
        return screen.page("account.html", failed, status=503)
    account = screen.visitor.account
    if account is None:
        return show_login(screen)
    return await _enter(screen, account, "/account")


async def _unfit(screen: Screen, old: str, new: str, again: str) -> str:
    _ = screen.translate
    try:
        check_password(new, [screen.who, *screen.deps.site.name.split()])
    except GuessablePasswordError:
        return _(
            "The new password is among those that are tried first. Use a few words that do "
            "not belong together."
        )
    except WeakPasswordError:
        return _("The new password needs 10 to 128 characters.")
    if new != again:
        return _("The two new passwords are not the same.")
    session = screen.visitor.session
    try:
        # Their own line: who guesses at the login cannot keep them from a new password.
        lane = f"{screen.who}\0{session.key if session else ''}"
        proved = await _proved(screen, screen.who, old, lane)
    except TooManyAtOnceError:
        return _too_many(screen)
    return "" if proved else _("The old password is wrong.")


@get("/about", opt=PUBLIC, sync_to_thread=False)
def about(screen: Asked) -> Response[bytes]:
    """Say what this is and what it does not promise."""
    return screen.page("about.html", {})


def own_address(address: str) -> str:
    """Return the address if it leads to a page of this site, else ""."""
    plain = address.isascii() and address.isprintable() and "\\" not in address
    return address if plain and address.startswith("/") and address[1:2] != "/" else ""
