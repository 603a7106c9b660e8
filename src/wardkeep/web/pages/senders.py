"""Who sends on the feeds, what of it was never seen before, and who says that it is known."""

from __future__ import annotations

from litestar import Response, get, post
from litestar.response import Redirect

from wardkeep.access.permission import Permission
from wardkeep.web.doors import needs
from wardkeep.web.errors import OperationFailedError
from wardkeep.web.screen import Asked, Screen
from wardkeep.web.standing import standing_in


@get("/senders", opt=needs(Permission.SEE_SENDERS), sync_to_thread=True)
def senders(screen: Asked) -> Response[bytes]:
    """List what each feed showed of its senders, what is new first."""
    return _page(screen)


# A path of its own: see web.pages.quarantine.
@post("/senders/known", opt=needs(Permission.KNOW_SENDERS))
async def know_sender(screen: Asked) -> Response[bytes]:
    """Record that a sender is known, then list again."""
    form = await screen.form()
    named = (str(form.get("feed", "")), str(form.get("trait", "")), str(form.get("name", "")))
    try:
        await screen.in_thread(lambda: screen.deps.operations.know(named, screen.who))
    except OperationFailedError:
        return await screen.in_thread(lambda: _page(screen, failed=True))
    return Redirect("/senders", status_code=303)


def _page(screen: Screen, *, failed: bool = False) -> Response[bytes]:
    charts, feeds = screen.deps.charts, screen.deps.operations.senders()
    return screen.page(
        "senders.html",
        {
            "standing": standing_in(charts, screen.now),
            "feeds": None if feeds is None else sorted(feeds.items()),
            "failed": failed,
        },
        status=503 if failed or feeds is None else 200,
    )
