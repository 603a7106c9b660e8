"""What is wrong with the estate as its map tells it, the worst first."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import msgspec
from litestar import Response, get

from wardkeep.foresight.events import RiskAccepted
from wardkeep.foresight.governance.risk import Acceptances, covering, is_overdue
from wardkeep.hospital.map.checks import RANKS, Finding
from wardkeep.kernel.errors import WardkeepError
from wardkeep.web.map_lists import ROWS
from wardkeep.web.map_port import KnownMap
from wardkeep.web.map_screen import SEE_MAP, page_of_map, with_map
from wardkeep.web.pages.quarantine import number
from wardkeep.web.screen import Asked, Screen


class Found(msgspec.Struct, frozen=True):
    """How often a check found something, and its rank."""

    check: str
    rank: int
    number: int


@get("/map/checks", opt=SEE_MAP, sync_to_thread=True)
def map_checks(screen: Asked) -> Response[bytes]:
    """List the findings and who accepts them, 100 a page; ?check= one check's alone."""
    asked = screen.parameter("check")

    def made(known: KnownMap) -> Response[bytes]:
        findings = known.checked(screen.calendar.today)
        check = asked if asked in RANKS else ""
        shown = [each for each in findings if check in {"", each.check}]
        pages = max(1, -(-len(shown) // ROWS))
        page = min(max(1, number(screen.parameter("page"))), pages)
        risks = _risks(screen)
        context = {
            "risks_are_known": risks is not None,
            "check": check,
            "all": len(findings),
            "counts": _counts(findings),
            "findings": _rows(screen, risks or {}, shown[(page - 1) * ROWS : page * ROWS]),
            "number": len(shown),
            "page": page,
            "pages": pages,
        }
        return page_of_map(screen, known, "map_checks.html", context)

    return with_map(screen, "map", made)


class Row(msgspec.Struct, frozen=True):
    """A finding, and who accepts it until when, overdue or not; None: nobody."""

    finding: Finding
    risk: RiskAccepted | None
    until: str
    overdue: bool


def _risks(screen: Screen) -> Acceptances | None:
    """Return what somebody accepts; None where it cannot be read: findings are shown anyway."""
    try:
        return screen.deps.accepted()
    except (WardkeepError, OSError):
        return None


def _rows(screen: Screen, risks: Acceptances, findings: Sequence[Finding]) -> tuple[Row, ...]:
    calendar = screen.calendar
    found = ((each, covering(risks, each)) for each in findings)
    return tuple(
        Row(each, None, "", overdue=False)
        if risk is None
        else Row(
            each,
            risk,
            calendar.day(dt.date.fromisoformat(risk.review)),
            is_overdue(risk, calendar.today),
        )
        for each, risk in found
    )


def _counts(findings: Sequence[Finding]) -> tuple[Found, ...]:
    counted = dict.fromkeys(RANKS, 0)
    for each in findings:
        counted[each.check] += 1
    found = [Found(check, RANKS[check], many) for check, many in counted.items() if many]
    return tuple(sorted(found, key=lambda each: (each.rank, -each.number)))
