"""Who has an account and how it stands; changing one, by right, each change with its name."""

from __future__ import annotations

from contextlib import suppress

from litestar import Response, get, post
from litestar.datastructures import FormMultiDict
from litestar.exceptions import NotFoundException, PermissionDeniedException
from litestar.response import Redirect

from wardkeep.access.events import Role
from wardkeep.access.keeping import Change, Keeper, Wish, change_account, is_above
from wardkeep.access.permission import Permission
from wardkeep.kernel.errors import WardkeepError
from wardkeep.web import people_words
from wardkeep.web.doors import LoginNeededError, needs
from wardkeep.web.last_logins import LastLogins
from wardkeep.web.pages.login import is_by_pin
from wardkeep.web.pages.quarantine import number
from wardkeep.web.people import (
    STATES,
    Standings,
    Wanted,
    codes_by_role,
    fitting,
    keepers,
    without_account,
)
from wardkeep.web.screen import Asked, Screen

_ROWS = 100
# A list on paper: some twenty pages of A4 a part.
_ROWS_ON_PAPER = 1_000
_LONGEST_TEXT = 80


@get("/people", opt=needs(Permission.SEE_PEOPLE), sync_to_thread=True)
def people_page(screen: Asked) -> Response[bytes]:
    """List the accounts that fit ?q=, ?role= and ?state=, 100 a page, and the sealed codes."""
    return screen.page("people.html", _listed(screen, _ROWS))


@get("/people/paper", opt=needs(Permission.SEE_PEOPLE), sync_to_thread=True)
def people_paper(screen: Asked) -> Response[bytes]:
    """Show the same list to be printed: what is left when the directory is gone."""
    return screen.page("people_paper.html", _listed(screen, _ROWS_ON_PAPER))


def _listed(screen: Screen, rows: int) -> dict[str, object]:
    accounts, logins = screen.deps.accounts.accounts(), _logins(screen)
    wanted = _wanted(screen)
    known = Standings(screen.web, accounts, screen.now)
    found = fitting(accounts, wanted, known)
    parts = max(1, -(-len(found) // rows))
    part = min(max(1, number(screen.parameter("part"))), parts)
    return {
        "people": [known.person(each) for each in found[(part - 1) * rows : part * rows]],
        "fitting": len(found),
        "all": len(accounts),
        "part": part,
        "parts": parts,
        "wanted": wanted,
        "states": STATES,
        "roles": list(Role),
        "codes": codes_by_role(screen.deps.accounts.codes()),
        "keepers": keepers(accounts),
        "strangers": without_account(known.open_now),
        "logins": logins,
        "told": people_words,
    }


def _logins(screen: Screen) -> LastLogins:
    """Return who last logged in when; an access ledger that fails keeps nobody in."""
    logins = screen.web.last_logins
    with suppress(OSError, WardkeepError):
        logins.catch_up()
    return logins


def _wanted(screen: Screen) -> Wanted:
    role, state = screen.parameter("role"), screen.parameter("state")
    return Wanted(
        text=screen.parameter("q").strip()[:_LONGEST_TEXT],
        role=role if role in set(Role) else "",
        state=state if state in STATES else "",
    )


@get("/people/account", opt=needs(Permission.SEE_PEOPLE), sync_to_thread=True)
def person_page(screen: Asked) -> Response[bytes]:
    """Show the account ?name=, what was done to it, and what may be done."""
    return _person(screen, screen.parameter("name"))


@post("/people/change", opt=needs(Permission.KEEP_ACCOUNTS))
async def change_person(screen: Asked) -> Response[bytes]:
    """Change an account as the form says, recorded with the name; then show it."""
    form = await screen.form()
    wish = _wish(form)
    if _by_pin(screen):
        raise PermissionDeniedException("badge and PIN")
    try:
        async with screen.web.one_change:
            await screen.in_thread(lambda: _carry_out(screen, wish))
    except WardkeepError as fault:
        refused = people_words.REFUSALS.get(fault.code, people_words.OTHER_REFUSAL)
        status = 503 if fault.code == "operation-failed" else 409
        return await screen.in_thread(lambda: _person(screen, wish.name, refused, status))
    return Redirect(screen.to("/people/account", name=wish.name), status_code=303)


def _carry_out(screen: Screen, wish: Wish) -> None:
    book = screen.deps.accounts
    events = change_account(book.accounts(), _keeper(screen), wish, screen.deps.clock())
    if events:
        book.append(events)


def _wish(form: FormMultiDict) -> Wish:
    change = str(form.get("change", ""))
    if change not in set(Change):
        raise NotFoundException
    asked = {str(role) for role in form.getall("role", [])}
    return Wish(
        name=str(form.get("name", "")),
        change=Change(change),
        roles=tuple(role for role in Role if role in asked),
        sure=form.get("sure") == "yes",
    )


def _keeper(screen: Screen) -> Keeper:
    if screen.visitor.account is None:
        raise LoginNeededError
    return Keeper(screen.who, screen.visitor.account.roles)


def _by_pin(screen: Screen) -> bool:
    """Tell whether six digits opened or uncovered the session: too little for accounts."""
    session = screen.visitor.session
    return session is not None and is_by_pin(session)


def _person(screen: Screen, name: str, problem: str = "", status: int = 200) -> Response[bytes]:
    accounts = screen.deps.accounts.accounts()
    if name not in accounts:
        raise NotFoundException
    logins = _logins(screen)
    found = Standings(screen.web, accounts, screen.now).person(accounts[name])
    context = {
        "person": found,
        "deeds": screen.deps.accounts.deeds(name),
        "keeps": Permission.KEEP_ACCOUNTS in screen.visitor.may and not _by_pin(screen),
        "by_pin": Permission.KEEP_ACCOUNTS in screen.visitor.may and _by_pin(screen),
        "mine": name == screen.who,
        "above": is_above(_keeper(screen), found.account),
        "last": keepers(accounts) == [name],
        "roles": list(Role),
        "reserved": screen.visitor.account and Role.LEAD not in screen.visitor.account.roles,
        "logins": logins,
        "told": people_words,
        "problem": screen.translate(problem) if problem else "",
    }
    return screen.page("person.html", context, status=status)
