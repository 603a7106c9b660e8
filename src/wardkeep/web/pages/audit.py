"""Who looked at whom, who came in and how, who broke the glass: no clinical content."""

from __future__ import annotations

from collections.abc import Callable

import msgspec
from litestar import Response, get, post
from litestar.response import Redirect

from wardkeep.access.look import Look
from wardkeep.access.permission import Permission
from wardkeep.web.doors import needs
from wardkeep.web.errors import OperationFailedError
from wardkeep.web.pages.code import SEALED_ALARM
from wardkeep.web.pages.glass import GLASS_ALARM
from wardkeep.web.pages.quarantine import number
from wardkeep.web.ports import AccessBook
from wardkeep.web.screen import Asked, Screen

KINDS = ("", "looks", "logins", "break-glass")
ENDED_HERE = (SEALED_ALARM, GLASS_ALARM)
_ROWS = 100
# One page reads 5,000 entries at most; a rare name is found by going on to older entries.
_STEPS = (200, 800, 4_000)
_LOGINS = {"login", "login refused", "unlock refused"}


class Found(msgspec.Struct, frozen=True):
    """Rows of a page, the entry before which to go on (0: none are older), and entries read."""

    rows: list[Look]
    further: int
    read: int


@get("/audit", opt=needs(Permission.SEE_AUDIT), sync_to_thread=True)
def audit(screen: Asked) -> Response[bytes]:
    """Show the newest entries of the access ledger that fit ?who=, ?record= and ?kind=."""
    return _show(screen)


def _show(screen: Screen, problem: str = "", status: int = 200) -> Response[bytes]:
    who, record, kind = (screen.parameter(name).strip() for name in ("who", "record", "kind"))
    kind = kind if kind in KINDS else ""
    before = number(screen.parameter("before"))
    found = read(screen.deps.recorded, before, lambda look: fits(look, who, record, kind))
    server = screen.deps.supervision.status()
    alarms = [a for a in server.alarms if a.code in ENDED_HERE] if server else []
    context = {
        "rows": found.rows,
        "further": found.further,
        "read": found.read,
        "who": who,
        "record": record,
        "kind": kind,
        "alarms_to_end": alarms,
        "problem": problem,
    }
    return screen.page("audit.html", context, status=status)


def read(book: AccessBook, before: int, wanted: Callable[[Look], bool]) -> Found:
    """Return the newest that are wanted of what is older than entry `before` (0: all).

    The ledger is read in growing steps: mostly the first step has all that a page shows.
    """
    rows: list[Look] = []
    done, last, further = 0, 0, before
    for step in _STEPS:
        found, further = book.looks(further, step)
        # The ledger has no gaps where it is whole: so entries are counted from the oldest here.
        newest = further + len(found) - 1 if further else len(found)
        for place, each in enumerate(found):
            if not wanted(each):
                continue
            if len(rows) == _ROWS:
                return Found(rows, last, done + place)
            rows.append(each)
            last = newest - place
        done += len(found)
        if not further:
            break
    return Found(rows, further, done)


def fits(look: Look, who: str, record: str, kind: str) -> bool:
    """Say whether an entry is of a person (part of the name), a record and a kind."""
    if who.casefold() not in look.who.casefold() or (record and look.record != record):
        return False
    match kind:
        case "looks":
            return bool(look.record)
        case "logins":
            return look.page in _LOGINS
        case "break-glass":
            return look.page == "break-glass" or look.why.startswith("break-glass")
        case _:
            return True


@post("/audit/alarm", opt=needs(Permission.SEE_AUDIT))
async def end_alarm(screen: Asked) -> Response[bytes]:
    """End the alarm of a sealed code or of broken glass, once somebody knows who and why."""
    form = await screen.form()
    code, subject = str(form.get("code", "")), str(form.get("subject", ""))
    _ = screen.translate
    if code not in ENDED_HERE:
        return Redirect("/audit", status_code=303)
    try:
        await screen.in_thread(lambda: screen.deps.operations.end_alarm(code, subject))
    except OperationFailedError as fault:
        problem = f"{fault} {_(fault.remedy)}"
        return await screen.in_thread(lambda: _show(screen, problem, 503))
    await screen.note(screen.who, "alarm ended", f"{code} {subject}")
    return Redirect("/audit", status_code=303)
