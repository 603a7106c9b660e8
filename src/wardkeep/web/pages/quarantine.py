"""What could not be read into the chart: seen, shown, read again; never dropped."""

from __future__ import annotations

from litestar import Response, get, post
from litestar.response import Redirect

from wardkeep.access.permission import Permission
from wardkeep.web.doors import needs
from wardkeep.web.errors import OperationFailedError
from wardkeep.web.screen import Asked, Screen
from wardkeep.web.standing import standing_in


@get("/quarantine", opt=needs(Permission.SEE_QUARANTINE), sync_to_thread=True)
def quarantine(screen: Asked) -> Response[bytes]:
    """List what could not be read; after a replay, say first what came of ?tried=."""
    return _page(screen, tried=number(screen.parameter("tried")))


# A path of its own: Litestar 2.25 answers GET and POST of one path wrongly when only one of
# the two handlers runs in a thread.
@post("/quarantine/replay", opt=needs(Permission.REPLAY_QUARANTINE))
async def replay(screen: Asked) -> Response[bytes]:
    """Read one entry again, then list what is left."""
    form = await screen.form()
    sequence = number(str(form.get("sequence", "")))
    try:
        await screen.in_thread(lambda: screen.deps.operations.replay(sequence, screen.who))
    except OperationFailedError:
        return await screen.in_thread(lambda: _page(screen, tried=sequence, failed=True))
    return Redirect(f"/quarantine?tried={sequence}", status_code=303)


def number(text: str) -> int:
    """Return a sequence as typed or linked, 0 for what is none."""
    usable = text.isascii() and text.isdigit() and len(text) < len(str(2**63))
    return int(text) if usable else 0


def _page(screen: Screen, *, tried: int = 0, failed: bool = False) -> Response[bytes]:
    charts = screen.deps.charts
    entries = charts.quarantine()
    return screen.page(
        "quarantine.html",
        {
            "standing": standing_in(charts, screen.now),
            "entries": entries,
            "tried": tried,
            "still": next((entry for entry in entries if entry.sequence == tried), None),
            "failed": failed,
        },
        status=503 if failed else 200,
    )
