"""What is wrong with the estate as its map tells it, the worst first."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
from litestar import Response, get

from wardkeep.hospital.map.checks import RANKS, Finding
from wardkeep.web.map_lists import ROWS
from wardkeep.web.map_port import KnownMap
from wardkeep.web.map_screen import SEE_MAP, page_of_map, with_map
from wardkeep.web.pages.quarantine import number
from wardkeep.web.screen import Asked


class Found(msgspec.Struct, frozen=True):
    """How often a check found something, and its rank."""

    check: str
    rank: int
    number: int


@get("/map/checks", opt=SEE_MAP, sync_to_thread=True)
def map_checks(screen: Asked) -> Response[bytes]:
    """List the findings, 100 a page; ?check= one check's alone."""
    asked = screen.parameter("check")

    def made(known: KnownMap) -> Response[bytes]:
        findings = known.checked(screen.calendar.today)
        check = asked if asked in RANKS else ""
        shown = [each for each in findings if check in {"", each.check}]
        pages = max(1, -(-len(shown) // ROWS))
        page = min(max(1, number(screen.parameter("page"))), pages)
        context = {
            "check": check,
            "all": len(findings),
            "counts": _counts(findings),
            "findings": shown[(page - 1) * ROWS : page * ROWS],
            "number": len(shown),
            "page": page,
            "pages": pages,
        }
        return page_of_map(screen, known, "map_checks.html", context)

    return with_map(screen, "map", made)


def _counts(findings: Sequence[Finding]) -> tuple[Found, ...]:
    counted = dict.fromkeys(RANKS, 0)
    for each in findings:
        counted[each.check] += 1
    found = [Found(check, RANKS[check], many) for check, many in counted.items() if many]
    return tuple(sorted(found, key=lambda each: (each.rank, -each.number)))
