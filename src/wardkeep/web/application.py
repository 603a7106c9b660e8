"""Puts the web together: routes, guard, headers, error pages, live streams."""

from __future__ import annotations

import asyncio
import logging
import traceback
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import msgspec
from litestar import Litestar, Request, Response, get
from litestar.connection import ASGIConnection
from litestar.di import Provide
from litestar.exceptions import HTTPException, NotFoundException, PermissionDeniedException
from litestar.handlers.base import BaseRouteHandler
from litestar.response import Redirect, Stream

from wardkeep.access.permission import Permission
from wardkeep.kernel.errors import WardkeepError
from wardkeep.web.assets import static_file
from wardkeep.web.doors import LoginNeededError, StepNeededError, guard, needs
from wardkeep.web.errors import OperationFailedError
from wardkeep.web.others import PARAMETER, PATHS
from wardkeep.web.pages import (
    account,
    audit,
    bedside,
    certificate,
    code,
    deliveries,
    estate,
    estate_checks,
    estate_falls,
    factor,
    forecast,
    glass,
    hand,
    held,
    locked,
    login,
    officers,
    overview,
    patient,
    people,
    printing,
    quarantine,
    search,
    senders,
    settings,
    single_sign_on,
    struck,
    ward,
)
from wardkeep.web.ports import WebDependencies
from wardkeep.web.screen import REFRESH_HEADER, Asked, Screen, Visitor, Web
from wardkeep.web.security import add_headers, session_cookie_name
from wardkeep.web.templating import compile_all

_log = logging.getLogger("wardkeep.web")
# The longest form is a password change: three fields and a token.
_LARGEST_BODY = 16 * 1024
# The writer is back within a second or two after a failure (app.supervisor).
_RETRY_LOOKS_SECONDS = 2.0
# 40 wards that all changed take 0.3 s of a core: 2 % of it.
_READ_AHEAD_SECONDS = 15.0
# A look takes some 30 ms: no page waits for one but that which asks for a new one.
_LOOK_AT_SETTINGS_SECONDS = 60.0
# A step takes some 5 ms: 5 % of a core until a month of looks is read back.
_READ_LOGINS_SECONDS = 0.1

# What a browser asks for without a person.
_UNTOUCHED = {"/live", "/locked"}

_PAGES = [
    static_file,
    overview.overview,
    overview.streams,
    ward.ward_board,
    ward.ward_pack,
    patient.patient_sheet,
    patient.raw_message,
    held.held,
    held.held_pack,
    held.decide_held,
    printing.printing,
    printing.order_print,
    printing.decide_print,
    deliveries.deliveries,
    deliveries.deliver_again,
    hand.hand,
    hand.say_in_hand,
    hand.take_code,
    bedside.bedside,
    bedside.check,
    bedside.answer_check,
    bedside.settle_difference,
    people.people_page,
    people.people_paper,
    people.person_page,
    people.change_person,
    settings.settings,
    estate.map_page,
    estate.map_list,
    estate.map_item,
    estate_falls.map_falls,
    estate_falls.map_needs,
    estate_checks.map_checks,
    forecast.map_forecast,
    struck.map_struck,
    senders.senders,
    senders.know_sender,
    quarantine.quarantine,
    quarantine.replay,
    search.search,
    single_sign_on.begin,
    single_sign_on.end,
    login.login_form,
    login.login,
    login.pin_login,
    login.logout,
    code.code_form,
    code.use_paper_code,
    code.choose_password,
    factor.factor_form,
    factor.prove_factor,
    factor.factors,
    factor.enrol_totp,
    factor.enrol_key,
    factor.remove_factors_of_mine,
    locked.locked,
    locked.uncover,
    locked.lock_now,
    glass.glass_form,
    glass.break_glass,
    officers.officers,
    officers.ask_for_a_third,
    officers.confirm_third,
    officers.forget_third,
    audit.audit,
    audit.end_alarm,
    account.own_account,
    account.change_password,
    account.change_pin,
    account.mark_ward_pc,
    account.end_session,
    account.about,
    certificate.certificate,
    certificate.root_pem,
    certificate.root_der,
]


def create_app(deps: WebDependencies) -> Litestar:
    """Return the web of a site as an ASGI application.

    `app.state.web` is its Web; whoever serves it calls `app.state.web.broadcaster.close()`
    before a graceful stop, so that open event streams do not hold it up.
    """
    web = Web(deps)

    async def admit(
        connection: ASGIConnection[Any, Any, Any, Any], handler: BaseRouteHandler
    ) -> None:
        # Accounts are asked of their store and sessions are written to theirs: a slow disk may
        # hold up this page and no other.
        connection.state.visitor = await asyncio.to_thread(_identify, web, connection)
        guard(connection, handler)
        code = connection.query_params.get(PARAMETER)
        if code is not None and connection.url.path in PATHS and code not in web.others:
            raise NotFoundException  # never this site's patients in the place of another's

    def screen(request: Request[Any, Any, Any]) -> Screen:
        return Screen(web, request, request.state.visitor)

    app = Litestar(
        [*_PAGES, live],
        guards=[admit],
        dependencies={"screen": Provide(screen, sync_to_thread=False)},
        before_send=[add_headers],
        exception_handlers={
            LoginNeededError: _to_login,
            StepNeededError: _to_step,
            HTTPException: _error_page(web),
            Exception: _error_page(web),
        },
        request_max_body_size=_LARGEST_BODY,
        openapi_config=None,
        logging_config=None,
        lifespan=[_watching],
    )
    app.state.web = web
    return app


@asynccontextmanager
async def _watching(app: Litestar) -> AsyncIterator[None]:
    """Keep screens told and waiting looks recorded while the app runs."""
    web = app.state.web
    broadcasters = [web.broadcaster, *(other.broadcaster for other in web.others.values())]
    for broadcaster in broadcasters:
        await broadcaster.start()
    tasks = [
        asyncio.create_task(_retry_looks(web), name="record waiting looks"),
        asyncio.create_task(_read_ahead(web), name="read boards ahead"),
        asyncio.create_task(_forget_rows(web), name="forget rows"),
        asyncio.create_task(_count_held(web), name="count held packs"),
        asyncio.create_task(_look_at_settings(web), name="look at settings"),
        asyncio.create_task(_read_logins(web), name="read last logins"),
    ]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        for broadcaster in broadcasters:
            await broadcaster.stop()
        await asyncio.to_thread(web.looks.retry)


@get("/live", opt=needs(Permission.SEE_OVERVIEW))
async def live(screen: Asked) -> Stream:
    """Stream "changed" and "tick"; what changed is not said, so nobody learns a name by it."""
    return Stream(
        screen.broadcaster.stream(screen.parameter("ward")),
        media_type="text/event-stream",
        headers={"cache-control": "no-store", "x-accel-buffering": "no"},
    )


async def _retry_looks(web: Web) -> None:
    while True:
        await asyncio.sleep(_RETRY_LOOKS_SECONDS)
        for looks in (web.looks, *(other.looks for other in web.others.values())):
            if looks.waiting:
                await asyncio.to_thread(looks.retry)
        if web.untold or web.unwritten:
            await asyncio.to_thread(_tell_again, web)


def _tell_again(web: Web) -> None:
    while web.untold and web.deps.operations.alarm(*web.untold[0]):
        web.untold.pop(0)
    with suppress(OperationFailedError):
        while web.unwritten:
            web.deps.accounts.append(web.unwritten[:1])
            web.unwritten.pop(0)


async def _read_logins(web: Web) -> None:
    """Read back, step by step, when each account last logged in: no page waits for it."""
    while True:
        more = False
        with suppress(OSError, WardkeepError):
            more = await asyncio.to_thread(web.last_logins.read_older)
        await asyncio.sleep(_READ_LOGINS_SECONDS if more else _READ_AHEAD_SECONDS)


async def _look_at_settings(web: Web) -> None:
    while True:
        with suppress(OSError, WardkeepError):
            web.settings_look = await asyncio.to_thread(web.deps.settings.look)
        await asyncio.sleep(_LOOK_AT_SETTINGS_SECONDS)


async def _count_held(web: Web) -> None:
    while True:
        with suppress(OSError, WardkeepError):
            web.held = len(await asyncio.to_thread(web.deps.packs.held))
        await asyncio.sleep(_READ_AHEAD_SECONDS)


async def _read_ahead(web: Web) -> None:
    """Read the boards of wards that changed before somebody asks for them.

    A page always shows the newest charts; here only less is left to be decoded for it.
    """
    await asyncio.to_thread(compile_all)
    while True:
        with suppress(OSError, WardkeepError):
            for each in await asyncio.to_thread(web.deps.charts.wards):
                await asyncio.to_thread(ward.read_ahead, web, each)
        await asyncio.sleep(_READ_AHEAD_SECONDS)


async def _forget_rows(web: Web) -> None:
    """Let rows go in time, whatever becomes of the reading ahead: they name patients."""
    while True:
        web.rows.forget(web.deps.clock())
        await asyncio.sleep(_READ_AHEAD_SECONDS)


def _identify(web: Web, connection: ASGIConnection[Any, Any, Any, Any]) -> Visitor:
    token = connection.cookies.get(session_cookie_name(secure=web.deps.secure))
    if not token:
        return Visitor()
    now = web.deps.clock()
    found = web.sessions.find(token, web.deps.accounts.accounts(), now)
    if found is None:
        return Visitor()
    session, who = found
    if session.origin and _is_revoked(web, session.origin):
        web.sessions.end(session)
        return Visitor()
    covered = web.sessions.is_covered(session, now)
    if not (covered or _by_itself(connection)):
        web.sessions.touch(session, now)
        session = msgspec.structs.replace(session, touched=now)
    return Visitor(session, who, covered, now < session.glass_until)


def _is_revoked(web: Web, origin: str) -> bool:
    """Say whether the code was revoked, or one of the two officers was disabled since."""
    first, both, second = origin.partition(", ")
    if both:
        accounts = web.deps.accounts.accounts()
        officers = [accounts.get(name) for name in (first, second)]
        return any(officer is None or officer.disabled for officer in officers)
    return any(
        code.name == origin and code.revoked for code in web.deps.accounts.codes().values()
    )


def _by_itself(connection: ASGIConnection[Any, Any, Any, Any]) -> bool:
    """Say whether a screen refreshed itself: by its script, or by its own address without."""
    asked = connection.query_params.get("by") == "itself"
    return asked or REFRESH_HEADER in connection.headers or connection.url.path in _UNTOUCHED


def _to_login(request: Request[Any, Any, Any], _fault: Exception) -> Response[Any]:
    here = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    asked = "?" + urlencode({"next": here}) if here != "/" else ""
    return Redirect(f"/login{asked}", status_code=303)


def _to_step(request: Request[Any, Any, Any], fault: StepNeededError) -> Response[Any]:
    here = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    asked = "?" + urlencode({"next": here}) if request.method == "GET" and here != "/" else ""
    return Redirect(f"{fault.place}{asked}", status_code=303)


def _place_of(fault: Exception) -> str:
    """Say what was raised and where in the code; what it says may name a patient."""
    places = traceback.extract_tb(fault.__traceback__)
    where = "".join(f" at {Path(each.filename).name}:{each.lineno}" for each in places[-2:])
    return f"{type(fault).__name__}{where}"


def _error_page(web: Web) -> Callable[[Request[Any, Any, Any], Exception], Response[Any]]:
    def answer(request: Request[Any, Any, Any], fault: Exception) -> Response[Any]:
        status = fault.status_code if isinstance(fault, HTTPException) else 500
        if status >= 500:  # noqa: PLR2004 - RFC 9110 15.6: the server's own failures
            # Places in the code and the path without its query: neither names a patient.
            _log.error("page %s failed: %s", request.url.path, _place_of(fault))
        visitor = getattr(request.state, "visitor", None) or Visitor()
        screen = Screen(web, request, visitor)
        remedy = fault.remedy if isinstance(fault, WardkeepError) else ""
        barred = (
            isinstance(fault, PermissionDeniedException)
            and Permission.BREAK_GLASS in screen.own_rights
        )
        barred = barred and not visitor.glass and request.method == "GET"
        context = {
            "status": status,
            "glass": barred,
            "remedy": screen.translate(remedy) if remedy else "",
        }
        return screen.page("error.html", context, status=status)

    return answer
