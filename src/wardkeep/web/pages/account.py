"""Logging in and out, and one's own password."""

from __future__ import annotations

from litestar import Response, get, post
from litestar.response import Redirect

from wardkeep.access.decide import check_password
from wardkeep.access.errors import WeakPasswordError
from wardkeep.access.permission import Permission
from wardkeep.access.state import Account
from wardkeep.web.doors import PUBLIC, needs
from wardkeep.web.errors import OperationFailedError
from wardkeep.web.screen import Asked, Screen
from wardkeep.web.security import (
    login_form_token,
    private_cookie,
    same,
    session_cookie_name,
)

_NONCE = "wardkeep-form"
_LONGEST_FIELD = 200


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
    """Open a session under a new id, or show the form again after the account's delay."""
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
    account = await _proved(screen, name.strip().lower()[:_LONGEST_FIELD], password)
    if account is None:
        problem = _("Name or password is wrong. You can try again; nobody is locked out.")
        return show_login(screen, problem, next_page, 401)
    return _enter(screen, account, next_page)


async def _proved(screen: Screen, name: str, password: str) -> Account | None:
    web = screen.web
    await screen.deps.sleep(web.delays.attempt(name, screen.now))
    account = (await screen.in_thread(screen.deps.accounts.accounts)).get(name)
    usable = account if account is not None and not account.disabled else None
    known = usable.password_hash if usable else None
    fits = await screen.hashing(
        lambda: screen.deps.passwords.fits(known, password[:_LONGEST_FIELD])
    )
    if usable is None or not fits:
        return None
    web.delays.succeeded(name)
    return usable


def _enter(screen: Screen, account: Account, next_page: str) -> Response[bytes]:
    if screen.visitor.session is not None:
        screen.web.sessions.end(screen.visitor.session)
    token, _session = screen.web.sessions.begin(account.name, screen.deps.clock())
    answer = Redirect(own_address(next_page) or "/", status_code=303)
    secure = screen.deps.secure
    answer.set_cookie(private_cookie(session_cookie_name(secure=secure), token, secure=secure))
    return answer


@post("/logout", opt=needs(Permission.SEE_OWN_ACCOUNT))
async def logout(screen: Asked) -> Response[bytes]:
    """End the session."""
    await screen.form()
    if screen.visitor.session is not None:
        screen.web.sessions.end(screen.visitor.session)
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
    return _enter(screen, account, "/account")


async def _unfit(screen: Screen, old: str, new: str, again: str) -> str:
    _ = screen.translate
    try:
        check_password(new)
    except WeakPasswordError:
        return _("The new password needs 10 to 128 characters.")
    if new != again:
        return _("The two new passwords are not the same.")
    if await _proved(screen, screen.who, old) is None:
        return _("The old password is wrong.")
    return ""


@get("/about", opt=PUBLIC, sync_to_thread=False)
def about(screen: Asked) -> Response[bytes]:
    """Say what this is and what it does not promise."""
    return screen.page("about.html", {})


def own_address(address: str) -> str:
    """Return the address if it leads to a page of this site, else ""."""
    plain = address.isascii() and address.isprintable() and "\\" not in address
    return address if plain and address.startswith("/") and address[1:2] != "/" else ""
