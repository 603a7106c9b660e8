"""How somebody gets in: what was proved so far, the session that follows, its cookies."""

from __future__ import annotations

from collections.abc import Callable

from litestar import Response
from litestar.datastructures import Cookie
from litestar.response import Redirect

from wardkeep.access.decide import check_password
from wardkeep.access.errors import GuessablePasswordError, WeakPasswordError
from wardkeep.access.state import Account
from wardkeep.hospital.login import Login
from wardkeep.web.known_browser import browser_cookie_name, known_browser, with_account
from wardkeep.web.screen import Screen
from wardkeep.web.security import (
    host_cookie_name,
    login_form_token,
    private_cookie,
    same,
    session_cookie_name,
)
from wardkeep.web.sessions import Opening, Step
from wardkeep.web.ward_pc import marked_number

NONCE = "wardkeep-form"
LONGEST_FIELD = 200
YEAR_SECONDS = 365 * 24 * 3600
_PLACES = {Step.FACTOR: "/factor", Step.ENROL: "/factors"}


def login_nonce(screen: Screen) -> str:
    """Return the nonce of this browser's login forms, a fresh one where it has none."""
    return screen.request.cookies.get(NONCE) or screen.deps.new_token()


def nonce_cookie(screen: Screen, nonce: str) -> Cookie:
    """Return the cookie that goes with a login form."""
    return private_cookie(NONCE, nonce, secure=screen.deps.secure)


def form_token(screen: Screen, nonce: str) -> str:
    """Return the hidden field that only this browser's login forms hold."""
    return login_form_token(screen.web.login_secret, nonce)


def is_our_form(screen: Screen, token: str) -> bool:
    """Say whether a login form came from a page that this browser was given."""
    return same(form_token(screen, screen.request.cookies.get(NONCE, "")), token)


def step_owed(account: Account, rules: Login) -> Step:
    """Return what a login with the password alone still lacks."""
    if account.has_second_factor:
        return Step.FACTOR
    asked = not {role.value for role in account.roles}.isdisjoint(rules.second_factor_roles)
    return Step.ENROL if asked else Step.NONE


async def proved(
    screen: Screen, account: Account | None, lane: str, fits: Callable[[Account | None], bool]
) -> Account | None:
    """Return the account if its secret fits, after the delay of its lane; else None.

    `fits` hashes in a thread and takes as long for None. Attempts of one lane come one after
    another; raises TooManyAtOnceError.
    """
    async with screen.web.logins.turn(lane):
        await screen.deps.sleep(screen.web.delays.attempt(lane, screen.deps.clock()))
        usable = account if account is not None and not account.disabled else None
        if not await screen.hashing(lambda: fits(usable)) or usable is None:
            return None
        screen.web.delays.succeeded(lane)
        return usable


async def proved_by_password(
    screen: Screen, name: str, password: str, lane: str
) -> Account | None:
    """Return the account of that name if the password is its own; raises TooManyAtOnceError."""
    account = (await screen.in_thread(screen.deps.accounts.accounts)).get(name)
    passwords, typed = screen.deps.passwords, password[:LONGEST_FIELD]
    return await proved(
        screen,
        account,
        lane,
        lambda usable: passwords.fits((usable and usable.password_hash) or None, typed),
    )


def browser_lane(screen: Screen, name: str) -> str:
    """Return the line in which a login of this name stands, from this browser."""
    known = known_browser(_browser(screen), name, screen.deps.browser_secret)
    return f"{name}\0{known}"


def pin_browser(screen: Screen, name: str) -> str | None:
    """Return by what PINs typed here are counted, None where no PIN may be used here."""
    rule = screen.deps.site.login.pin_from
    cookie = screen.request.cookies.get(ward_pc_name(screen), "")
    number = marked_number(cookie, screen.deps.browser_secret)
    if number and rule != "nowhere":
        return number
    if rule != "anywhere":
        return None
    return known_browser(_browser(screen), name, screen.deps.browser_secret)


def ward_pc_name(screen: Screen) -> str:
    """Return the name of the cookie that marks a ward PC."""
    return host_cookie_name("wardkeep-ward-pc", secure=screen.deps.secure)


async def enter(
    screen: Screen, opening: Opening, next_page: str, *, remember: bool = True
) -> Response[bytes]:
    """Open a session under a new id, end the one before, lead to the page or the step owed.

    The login is recorded once nothing is owed any more.
    """
    await leave(screen)
    sessions, now = screen.web.sessions, screen.deps.clock()
    token, _session = await screen.in_thread(lambda: sessions.begin(opening, now))
    if opening.step is Step.NONE:
        await screen.note(opening.account, "login", opening.how)
    place = _PLACES.get(opening.step, own_address(next_page) or "/")
    answer = Redirect(place, status_code=303)
    secure = screen.deps.secure
    answer.set_cookie(private_cookie(session_cookie_name(secure=secure), token, secure=secure))
    # A browser in which only the password was right is nobody's known one: in its own line it
    # could go on guessing the second factor.
    if remember and opening.step is not Step.FACTOR:
        answer.set_cookie(_remembered(screen, opening.account))
    return answer


async def leave(screen: Screen) -> None:
    """End the session of this browser, if it has one."""
    session = screen.visitor.session
    if session is not None:
        await screen.in_thread(lambda: screen.web.sessions.end(session))


def _browser(screen: Screen) -> str:
    return screen.request.cookies.get(browser_cookie_name(secure=screen.deps.secure), "")


def _remembered(screen: Screen, account: str) -> Cookie:
    deps = screen.deps
    value = with_account(_browser(screen), account, deps.browser_secret, deps.new_token())
    name = browser_cookie_name(secure=deps.secure)
    return private_cookie(name, value, secure=deps.secure, max_age=YEAR_SECONDS)


def own_address(address: str) -> str:
    """Return the address if it leads to a page of this site, else ""."""
    plain = address.isascii() and address.isprintable() and "\\" not in address
    return address if plain and address.startswith("/") and address[1:2] != "/" else ""


def unfit_password(screen: Screen, account: Account, new: str, again: str) -> str:
    """Return why the account may not have this new password, "" where it may."""
    _ = screen.translate
    try:
        check_password(new, [account.name, account.full_name, *screen.deps.site.name.split()])
    except GuessablePasswordError:
        return _(
            "The new password is among those that are tried first. Use a few words that do "
            "not belong together."
        )
    except WeakPasswordError:
        return _("The new password needs 10 to 128 characters.")
    return "" if new == again else _("The two new passwords are not the same.")


def too_many(screen: Screen) -> str:
    """Return what is said to whom the lot turned away."""
    _ = screen.translate
    return _(
        "Too many attempts on this account at once: yours was not looked at. Wait half a "
        "minute and try again. Somebody may be guessing the password: tell the service desk."
    )
