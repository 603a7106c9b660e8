"""Codes on paper: a person's first login, and the sealed codes of a role."""

from __future__ import annotations

from litestar import Response, get, post

from wardkeep.access.decide import check_pin
from wardkeep.access.errors import (
    CodeMistypedError,
    CodeRefusedError,
    WeakPinError,
)
from wardkeep.access.events import AccessEvent, PasswordChanged, PinSet
from wardkeep.access.one_time_code import digest_of
from wardkeep.access.sealed import LONGEST_PERSON, use_code
from wardkeep.access.state import Account
from wardkeep.kernel.times import HOUR
from wardkeep.web.doors import PUBLIC
from wardkeep.web.entering import (
    LONGEST_FIELD,
    enter,
    form_token,
    is_our_form,
    login_nonce,
    nonce_cookie,
    step_owed,
    unfit_password,
)
from wardkeep.web.errors import OperationFailedError
from wardkeep.web.screen import Asked, Screen
from wardkeep.web.security import same
from wardkeep.web.sessions import Opening
from wardkeep.web.words import N_


class NotTheSlipsNameError(Exception):
    """A first code is right, and the name that was typed is not the one on its slip."""


_REFUSALS = (
    CodeMistypedError,
    CodeRefusedError,
    NotTheSlipsNameError,
    WeakPinError,
    OperationFailedError,
)
SEALED_ALARM = "sealed-code-used"
PIN_NEEDED = N_("A PIN has 6 to 12 digits: no row like 123456, no repetition, not your badge.")


@get("/code", opt=PUBLIC, sync_to_thread=False)
def code_form(screen: Asked) -> Response[bytes]:
    """Ask for a name and the code that stands on paper."""
    return _show(screen)


def _show(screen: Screen, problem: str = "", status: int = 200) -> Response[bytes]:
    nonce = login_nonce(screen)
    return screen.page(
        "code.html",
        {
            "token": form_token(screen, nonce),
            "problem": problem,
            "longest": LONGEST_PERSON,
            "pin_rule": screen.translate(PIN_NEEDED),
        },
        status=status,
        cookies=[nonce_cookie(screen, nonce)],
    )


@post("/code", opt=PUBLIC)
async def use_paper_code(screen: Asked) -> Response[bytes]:
    """Open what the code opens: a session of a role, or the choice of a password."""
    form = await screen.request.form()
    _ = screen.translate
    if not is_our_form(screen, str(form.get("token", ""))):
        return _show(screen, _("This form was too old. Please begin again."), 400)
    typed, person, pin = (str(form.get(field, "")) for field in ("code", "name", "pin"))
    try:
        account = await _activated(screen, person, typed)
        if account is not None:
            return _choose(screen, account, typed)
        check_pin(pin, "")
        hashed = await screen.hashing(lambda: screen.deps.passwords.hash(pin))
        return await _open_sealed(screen, typed, person, hashed)
    except _REFUSALS as fault:
        return _show(screen, *_told(screen, fault))


def _told(screen: Screen, fault: Exception) -> tuple[str, int]:
    """Return why a code opened nothing, in the reader's words, and the status."""
    _ = screen.translate
    match fault:
        case CodeMistypedError():
            return _("The code was mistyped: compare it letter by letter."), 401
        case CodeRefusedError():
            return _(
                "This code opens nothing: it was used, was revoked, or belongs to another name."
            ), 401
        case NotTheSlipsNameError():
            return _(
                "This is the code of a first login. Type the name of your account as it stands"
                " on the slip."
            ), 401
        case WeakPinError():
            return _("A sealed code needs a PIN as well.") + " " + _(PIN_NEEDED), 400
        case _:
            failed = OperationFailedError("")
            return f"{fault} {_(failed.remedy)}", 503


async def _activated(screen: Screen, name: str, typed: str) -> Account | None:
    """Return the account whose first code this is, None where it is none of an account.

    Its owner is named by the account or in full, as on the slip; raises NotTheSlipsNameError.
    """
    digest = digest_of(typed[:LONGEST_FIELD])
    accounts = await screen.in_thread(screen.deps.accounts.accounts)
    found = [a for a in accounts.values() if a.activation and same(a.activation, digest)]
    if not found or found[0].disabled:
        return None
    named = " ".join(name[:LONGEST_FIELD].split()).casefold()
    if named not in {found[0].name, " ".join(found[0].full_name.split()).casefold()}:
        raise NotTheSlipsNameError
    return found[0]


async def _open_sealed(
    screen: Screen, typed: str, person: str, pin_hash: str
) -> Response[bytes]:
    now = screen.deps.clock()
    async with screen.web.one_code:
        codes = await screen.in_thread(screen.deps.accounts.codes)
        code, used = use_code(codes, typed, person[:LONGEST_FIELD], now)
        await screen.append(used)
    await screen.alarm(SEALED_ALARM, code.name, f"{code.role}: {used.by}")
    opening = Opening(
        account=f"{used.by} ({code.name})",
        how=f"sealed code {code.name}, {code.role}",
        roles=(code.role,),
        origin=code.name,
        until=now + code.hours * HOUR,
        pin_hash=pin_hash,
    )
    return await enter(screen, opening, "/", remember=False)


def _choose(
    screen: Screen, account: Account, typed: str, problem: str = "", status: int = 200
) -> Response[bytes]:
    nonce = login_nonce(screen)
    context = {
        "token": form_token(screen, nonce),
        "problem": problem,
        "account": account,
        "code": typed,
        "pin_rule": screen.translate(PIN_NEEDED),
    }
    cookies = [nonce_cookie(screen, nonce)]
    return screen.page("first_password.html", context, status=status, cookies=cookies)


@post("/code/password", opt=PUBLIC)
async def choose_password(screen: Asked) -> Response[bytes]:
    """Give the account of a first code its owner's password, and a PIN where one is wished."""
    form = await screen.request.form()
    _ = screen.translate
    if not is_our_form(screen, str(form.get("token", ""))):
        return _show(screen, _("This form was too old. Please begin again."), 400)
    typed = str(form.get("code", ""))
    gone = _("This code opens nothing any more. Ask IT for another.")
    try:
        async with screen.web.one_code:
            account = await _activated(screen, str(form.get("name", "")), typed)
            if account is None:
                return _show(screen, gone, 401)
            new, once_more, pin = (str(form.get(f, "")) for f in ("new", "again", "pin"))
            if problem := _unfit(screen, account, (new, once_more), pin):
                return _choose(screen, account, typed, problem, 400)
            await screen.append(*await _chosen(screen, account, new, pin))
    except _REFUSALS as fault:
        return _show(screen, *_told(screen, fault))
    step = step_owed(account, screen.deps.site.login)
    return await enter(screen, Opening(account=account.name, how="first code", step=step), "/")


def _unfit(screen: Screen, account: Account, new: tuple[str, str], pin: str) -> str:
    if problem := unfit_password(screen, account, *new):
        return problem
    try:
        if pin:
            check_pin(pin, account.badge)
    except WeakPinError:
        return screen.translate(PIN_NEEDED)
    return ""


async def _chosen(screen: Screen, account: Account, new: str, pin: str) -> list[AccessEvent]:
    passwords, now, name = screen.deps.passwords, screen.deps.clock(), account.name
    hashed = await screen.hashing(lambda: passwords.hash(new))
    events: list[AccessEvent] = [
        PasswordChanged(name=name, password_hash=hashed, at=now, by=name)
    ]
    if pin:
        pin_hash = await screen.hashing(lambda: passwords.hash(pin))
        events.append(PinSet(name=name, pin_hash=pin_hash, at=now, by=name))
    return events
