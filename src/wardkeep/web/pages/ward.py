"""The ward board: who lies here, one line a patient; and the ward's paper."""

from __future__ import annotations

from contextlib import suppress

from litestar import Response, get
from litestar.exceptions import NotFoundException
from markupsafe import Markup

from wardkeep.access.permission import Permission
from wardkeep.chart.ports import WardSummary
from wardkeep.hospital.streams import Stream
from wardkeep.pack.receipts import NOTHING, downloaded
from wardkeep.paper.calendar import Calendar
from wardkeep.web.board import Board
from wardkeep.web.doors import needs
from wardkeep.web.errors import OperationFailedError
from wardkeep.web.in_hand import in_hand
from wardkeep.web.kept_rows import Rows
from wardkeep.web.pages.overview import differing
from wardkeep.web.papers import papers
from wardkeep.web.ports import Pack
from wardkeep.web.screen import Asked, Screen, Web
from wardkeep.web.standing import Carried, standing_in

# More rows than this are set closer, so that forty fit on a screen of 1080 lines.
_MANY = 22


@get("/ward", opt=needs(Permission.SEE_PATIENTS), sync_to_thread=True)
def ward_board(screen: Asked) -> Response[bytes]:
    """Show the ward of ?code=; recorded as a look at everyone on it."""
    code = screen.parameter("code")
    charts, boards = screen.deps.charts, screen.boards
    summary = charts.summary(code)
    declared = boards.declared(code)
    board = boards.board(code, summary, screen.now)
    if summary is None and declared is None and not board.rows:
        raise NotFoundException
    screen.looked("ward board", (row.record for row in board.rows), f"ward {code}")
    standing = standing_in(charts, screen.now, code)
    computed = boards.due_rules(code).computed
    return screen.page(
        "ward.html",
        {
            "ward": summary or WardSummary(ward=code),
            "paper": papers(screen.deps.packs, [code], screen.now)[code],
            "standing": standing,
            "rows": rows_of(board, screen.rows, standing.carried, computed=computed),
            "dense": len(board.rows) > _MANY,
            "empty_beds": board.empty_beds,
            "computed": computed,
            "accuracy": screen.deps.bedside.accuracy(screen.now).get(code),
            "checks": screen.deps.bedside.checks(),
            "differing": differing(screen)[code],
            "hand": in_hand(screen.deps.receipts, [code], screen.now)[code],
            "Stream": Stream,
        },
    )


def rows_of(board: Board, rows: Rows, carried: Carried, *, computed: bool) -> list[Markup]:
    """Return the rows of a board, rendered anew where a patient's changed."""
    return [
        rows.row("ward_row.html", row.record, n=n, row=row, carried=carried, computed=computed)
        for n, row in enumerate(board.rows, start=1)
    ]


def read_ahead(web: Web, ward: WardSummary) -> None:
    """Make the rows of a ward in the site's language before somebody asks for them.

    A page always shows the newest charts; here only less is left to be made for it.
    """
    deps, code, now = web.deps, ward.ward, web.deps.clock()
    board = web.boards.board(code, ward, now)
    calendar = Calendar(deps.site.language, web.zone, now)
    rows = Rows(web.rows, calendar, deps.site.language, "")
    carried = standing_in(deps.charts, now, code).carried
    rows_of(board, rows, carried, computed=web.boards.due_rules(code).computed)


@get("/ward/pack", opt=needs(Permission.SEE_PATIENTS), sync_to_thread=True)
def ward_pack(screen: Asked) -> Response[bytes]:
    """Send the newest pack of ?code= as PDF; a page says so when none was made yet."""
    code = screen.parameter("code")
    pack = screen.deps.packs.latest(code)
    if pack is None:
        paper = papers(screen.deps.packs, [code], screen.now)[code]
        return screen.page("no_pack.html", {"code": code, "paper": paper}, status=404)
    patients = screen.deps.charts.ward(code)
    screen.looked("ward pack", (p.record for p in patients), f"ward {code}")
    _taken(screen, pack)
    return Response(pack.pdf, media_type="application/pdf", headers=inline(code))


def _taken(screen: Screen, pack: Pack) -> None:
    """Record who took which pack; that nobody takes it down keeps no paper from the ward."""
    book = screen.deps.receipts
    receipts = book.receipts()
    if pack.built is None or receipts is None or screen.following is not None:
        return
    known = receipts.wards.get(pack.built.ward, NOTHING)
    with suppress(OperationFailedError):
        # Then it stays NOT KNOWN; the look at the patients waits and is recorded (web.looks).
        book.record(downloaded(known, pack.built, screen.who, screen.now))


def inline(code: str) -> dict[str, str]:
    """Return the header that shows a ward's PDF in the browser, under the ward's name."""
    safe = "".join(letter if letter.isascii() and letter.isalnum() else "-" for letter in code)
    return {"content-disposition": f'inline; filename="ward-{safe}.pdf"'}
