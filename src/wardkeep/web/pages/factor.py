"""The second factor: given at a login, set up, taken away; security keys and apps' codes."""

from __future__ import annotations

from litestar import Response, get, post
from litestar.response import Redirect

from wardkeep.access.errors import SecurityKeyRefusedError
from wardkeep.access.events import FactorsRemoved, SecurityKeyEnrolled, TotpEnrolled
from wardkeep.access.state import Account
from wardkeep.adapters.security_keys import (
    RelyingParty,
    authentication_options,
    key_fits,
    registered_key,
    registration_options,
    relying_party,
)
from wardkeep.adapters.totp import new_secret, totp_fits, totp_picture
from wardkeep.kernel.times import MINUTE
from wardkeep.web.doors import ENROL, HALF, LoginNeededError
from wardkeep.web.entering import (
    LONGEST_FIELD,
    browser_lane,
    enter,
    proved,
    step_owed,
    too_many,
)
from wardkeep.web.errors import OperationFailedError
from wardkeep.web.login_queue import TooManyAtOnceError
from wardkeep.web.pages.login import is_by_pin, show_login
from wardkeep.web.screen import Asked, Screen
from wardkeep.web.sessions import Opening, Session, Step

# A FIDO2 answer with an RSA key and its certificate chain stays below.
_LONGEST_ANSWER = 8 * 1024
_LONGEST_LABEL = 40
_MOST_KEYS = 8
# OWASP ASVS 5.0, 7.5.1: whoever changes factors has just logged in, with all of them.
_FRESH = 10 * MINUTE


@get("/factor", opt=HALF)
async def factor_form(screen: Asked) -> Response[bytes]:
    """Ask for the second factor of whoever gave the password."""
    session, account = _asked(screen)
    if session.step is not Step.FACTOR:
        return Redirect("/", status_code=303)
    return _show_factor(screen, session, account)


def _show_factor(
    screen: Screen, session: Session, account: Account, problem: str = "", status: int = 200
) -> Response[bytes]:
    options = ""
    if account.keys:
        challenge = screen.web.challenges.new(session.key)
        options = authentication_options(party_of(screen), challenge, account.keys)
    context = {
        "problem": problem,
        "totp": bool(account.totp),
        "options": options,
        "next_page": screen.parameter("next"),
    }
    return screen.page("factor.html", context, status=status)


@post("/factor", opt=HALF)
async def prove_factor(screen: Asked) -> Response[bytes]:
    """Open the whole session if the second factor fits; else ask again after a delay."""
    form = await screen.form()
    session, account = _asked(screen)
    if session.step is not Step.FACTOR:
        return Redirect("/", status_code=303)
    code, answer = (str(form.get(field, "")) for field in ("code", "answer"))
    _ = screen.translate
    try:
        # Not a line of the session's own: the password opens as many of them as one likes.
        lane = f"factor\0{browser_lane(screen, account.name)}"
        fits = _factor_fits(screen, session, account, (code, answer))
        found = await proved(screen, account, lane, lambda _usable: bool(fits))
    except TooManyAtOnceError:
        return _show_factor(screen, session, account, too_many(screen), 429)
    if found is None:
        await screen.note(account.name, "login refused", "second factor")
        problem = _("This did not fit, or the code was used already. Wait for the next code.")
        return _show_factor(screen, session, account, problem, 401)
    how = f"{session.how} and {fits}"
    return await enter(
        screen, Opening(account=account.name, how=how), str(form.get("next", ""))
    )


def _factor_fits(
    screen: Screen, session: Session, account: Account, given: tuple[str, str]
) -> str:
    """Return which factor fits, "" where none does; a code that fits is used up."""
    code, answer = given
    if answer and account.keys:
        challenge = screen.web.challenges.take(session.key)
        try:
            key_fits(party_of(screen), answer[:_LONGEST_ANSWER], challenge, account.keys)
        except SecurityKeyRefusedError:
            return ""
        return "security key"
    sessions = screen.web.sessions
    last = sessions.last_step(account.name)
    step = totp_fits(account.totp, code, screen.now, last) if account.totp else None
    if step is None:
        return ""
    sessions.used_step(account.name, step)
    return "app code"


@get("/factors", opt=ENROL)
async def factors(screen: Asked) -> Response[bytes]:
    """Show the second factors of the account, and how to set one up."""
    return _stale(screen) or _show_factors(screen)


def _stale(screen: Screen) -> Response[bytes] | None:
    """Return the login form for whoever did not log in by the password just now, else None.

    A ward PC that somebody left open must not give or take an account's factors.
    """
    session, _account = _asked(screen)
    fresh = 0 <= screen.now - session.opened <= _FRESH and not is_by_pin(session)
    if fresh or session.roles:
        return None
    problem = screen.translate("This form was too old. Please log in again.")
    return show_login(screen, problem, "/factors", 401)


def _show_factors(screen: Screen, problem: str = "", status: int = 200) -> Response[bytes]:
    session, account = _asked(screen)
    if session.roles:
        return Redirect("/account", status_code=303)
    challenge = screen.web.challenges.new(session.key)
    secret = screen.web.challenges.secret(session.key, new_secret)
    known = [key.credential for key in account.keys]
    context = {
        "problem": problem,
        "account": account,
        "owed": session.step is Step.ENROL,
        "secret": " ".join(secret[at : at + 4] for at in range(0, len(secret), 4)),
        "picture": totp_picture(secret, account.name, screen.deps.site.name),
        "options": registration_options(
            party_of(screen), account.name, account.full_name, challenge, known
        ),
        "key_name": party_of(screen).id,
        "more_keys": len(account.keys) < _MOST_KEYS,
    }
    return screen.page("factors.html", context, status=status)


@post("/factors/totp", opt=ENROL)
async def enrol_totp(screen: Asked) -> Response[bytes]:
    """Take the app on once it shows a right code: a secret that was never read is no factor."""
    form = await screen.form()
    if stale := _stale(screen):
        return stale
    session, account = _asked(screen)
    secret = screen.web.challenges.secret(session.key, new_secret)
    step = totp_fits(secret, str(form.get("code", "")), screen.now, 0)
    _ = screen.translate
    if step is None or session.roles:
        problem = _("The code does not fit. Scan the picture again, then type the newest code.")
        return _show_factors(screen, problem, 400)
    at = screen.now
    enrolled = TotpEnrolled(name=account.name, secret=secret, at=at, by=account.name)
    screen.web.challenges.confirmed(session.key)
    screen.web.sessions.used_step(account.name, step)
    return await _enrolled(screen, enrolled, "app code")


@post("/factors/key", opt=ENROL)
async def enrol_key(screen: Asked) -> Response[bytes]:
    """Register a security key."""
    form = await screen.form()
    if stale := _stale(screen):
        return stale
    session, account = _asked(screen)
    answer = str(form.get("answer", ""))[:_LONGEST_ANSWER]
    label = " ".join(str(form.get("label", "")).split())[:_LONGEST_LABEL]
    _ = screen.translate
    if session.roles or len(account.keys) >= _MOST_KEYS:
        return Redirect("/factors", status_code=303)
    try:
        challenge = screen.web.challenges.take(session.key)
        key = registered_key(party_of(screen), answer, challenge, label or _("key"))
    except SecurityKeyRefusedError:
        problem = _(
            "The key was not registered. Plug it in, touch it when it blinks, try again."
        )
        return _show_factors(screen, problem, 400)
    enrolled = SecurityKeyEnrolled(
        name=account.name,
        credential=key.credential,
        public_key=key.public_key,
        label=key.label,
        at=screen.now,
        by=account.name,
    )
    return await _enrolled(screen, enrolled, "security key")


async def _enrolled(
    screen: Screen, event: TotpEnrolled | SecurityKeyEnrolled, how: str
) -> Response[bytes]:
    """Write it; whoever was kept at this step goes on with a whole session."""
    session, account = _asked(screen)
    _ = screen.translate
    try:
        await screen.append(event)
    except OperationFailedError as fault:
        return _show_factors(screen, f"{fault} {_(fault.remedy)}", 503)
    if session.step is not Step.ENROL:
        return Redirect("/factors", status_code=303)
    opening = Opening(account=account.name, how=f"{session.how} and new {how}")
    return await enter(screen, opening, "/")


@post("/factors/remove", opt=ENROL)
async def remove_factors_of_mine(screen: Asked) -> Response[bytes]:
    """Take the app or one key away; all sessions end, this one is logged in anew."""
    form = await screen.form()
    if stale := _stale(screen):
        return stale
    session, account = _asked(screen)
    credential = str(form.get("credential", ""))[: LONGEST_FIELD * 4]
    keys = tuple(k.credential for k in account.keys if k.credential == credential)
    totp = credential == "totp" and bool(account.totp)
    if session.step is not Step.NONE or not (keys or totp):
        return Redirect("/factors", status_code=303)
    removed = FactorsRemoved(
        name=account.name, totp=totp, credentials=keys, at=screen.deps.clock(), by=account.name
    )
    _ = screen.translate
    try:
        await screen.append(removed)
    except OperationFailedError as fault:
        return _show_factors(screen, f"{fault} {_(fault.remedy)}", 503)
    left = (await screen.in_thread(screen.deps.accounts.accounts))[account.name]
    owed = step_owed(left, screen.deps.site.login)
    # Whoever took the last one away sets another up now; with one left it was just proved.
    step = Step.ENROL if owed is Step.ENROL else Step.NONE
    opening = Opening(account=account.name, how=session.how, step=step)
    return await enter(screen, opening, "/factors")


def party_of(screen: Screen) -> RelyingParty:
    """Return whom security keys of this site are registered with."""
    site = screen.deps.site
    return relying_party(site.web_name, site.name, site.web_port)


def _asked(screen: Screen) -> tuple[Session, Account]:
    """Return session and account of the visitor, whom the guard let in."""
    session, account = screen.visitor.session, screen.visitor.account
    if session is None or account is None:
        raise LoginNeededError
    return session, account
