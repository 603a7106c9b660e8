"""Logging in by the hospital's own provider in normal times; the local login stays."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache

from litestar import Response, get
from litestar.datastructures import Cookie
from litestar.exceptions import NotFoundException
from litestar.response import Redirect

from wardkeep.access.errors import SingleSignOnError
from wardkeep.access.state import Account
from wardkeep.adapters.oidc import Asked as LoginAsked
from wardkeep.web.doors import PUBLIC
from wardkeep.web.entering import LONGEST_FIELD, enter, step_owed
from wardkeep.web.pages.login import show_login
from wardkeep.web.screen import Asked, Screen
from wardkeep.web.security import host_cookie_name, same
from wardkeep.web.sessions import Opening, Step

_PATIENCE_SECONDS = 600
_ANSWER_SECONDS = 15.0
_AT_ONCE = 4


@get("/oidc/start", opt=PUBLIC)
async def begin(screen: Asked) -> Response[bytes]:
    """Send the browser to the provider, with texts that only this browser keeps."""
    provider = screen.deps.single_sign_on
    if provider is None:
        raise NotFoundException
    new = screen.deps.new_token
    asked = LoginAsked(state=new(), nonce=new(), verifier=f"{new()}{new()}")
    try:
        place = await _in_time(lambda: provider.begin(asked))
    except SingleSignOnError:
        return _failed(screen)
    answer = Redirect(place, status_code=303)
    answer.set_cookie(_kept(screen, f"{asked.state}.{asked.nonce}.{asked.verifier}"))
    return answer


@get("/oidc/return", opt=PUBLIC)
async def end(screen: Asked) -> Response[bytes]:
    """Open a session of the account that the provider's token names; makes none."""
    provider = screen.deps.single_sign_on
    if provider is None:
        raise NotFoundException
    state, nonce, verifier = _asked(screen)
    if not state or not same(state, screen.parameter("state")):
        return _failed(screen)
    asked = LoginAsked(state=state, nonce=nonce, verifier=verifier)
    code, now = screen.parameter("code"), screen.deps.clock()
    try:
        name = await _in_time(lambda: provider.end(code, asked, now))
    except SingleSignOnError:
        return _failed(screen)
    accounts = await screen.in_thread(screen.deps.accounts.accounts)
    account = accounts.get(name.strip().lower()[:LONGEST_FIELD])
    if account is None or account.disabled:
        _ = screen.translate
        problem = _("You are known there, but have no account here. Ask IT for one.")
        return show_login(screen, problem, status=403)
    if not _may_be_led_in(screen, account):
        _ = screen.translate
        problem = _("This account does not log in this way. Use its own password.")
        return show_login(screen, problem, status=403)
    step = step_owed(account, screen.deps.site.login)
    if step is Step.ENROL:
        # Whoever holds the directory would set up a factor of their own.
        _ = screen.translate
        problem = _("This account needs its password and its second factor.")
        return show_login(screen, problem, status=403)
    opening = Opening(account=account.name, how="single sign-on", step=step)
    entered = await enter(screen, opening, "/", remember=False)
    # A page of ours in between: browsers keep strict cookies from what another site led to.
    place = entered.url if isinstance(entered, Redirect) else "/"
    page = screen.page("signed_on.html", {"place": place}, cookies=entered.cookies)
    page.headers["refresh"] = f"0; url={place}"
    return page


def _may_be_led_in(screen: Screen, account: Account) -> bool:
    settings = screen.deps.site.oidc
    return settings is not None and {role.value for role in account.roles} <= {*settings.roles}


async def _in_time(work: Callable[[], str]) -> str:
    """Ask the provider, in threads of its own; raises SingleSignOnError."""
    try:
        async with asyncio.timeout(_ANSWER_SECONDS):
            return await asyncio.get_running_loop().run_in_executor(_threads(), work)
    except TimeoutError as fault:
        raise SingleSignOnError("the provider does not answer in time") from fault


@cache
def _threads() -> ThreadPoolExecutor:
    # A provider that hangs takes none of the threads that every page is made in.
    return ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="single sign-on")


def _failed(screen: Screen) -> Response[bytes]:
    _ = screen.translate
    problem = _("Single sign-on does not work now. Log in with the account's own password.")
    return show_login(screen, problem, status=503)


def _asked(screen: Screen) -> tuple[str, str, str]:
    parts = screen.request.cookies.get(_name(screen), "").split(".")
    return (parts[0], parts[1], parts[2]) if len(parts) == 3 else ("", "", "")  # noqa: PLR2004


def _kept(screen: Screen, value: str) -> Cookie:
    # Lax, unlike all others: the provider leads the browser back from another site.
    return Cookie(
        key=_name(screen),
        value=value,
        path="/",
        httponly=True,
        samesite="lax",
        secure=screen.deps.secure,
        max_age=_PATIENCE_SECONDS,
    )


def _name(screen: Screen) -> str:
    return host_cookie_name("wardkeep-oidc", secure=screen.deps.secure)
