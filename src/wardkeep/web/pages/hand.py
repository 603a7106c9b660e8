"""Which pack does a ward have in hand? Said on the ward, or read by telephone as a code."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import msgspec
from litestar import Response, get, post
from litestar.exceptions import NotFoundException
from litestar.response import Redirect

from wardkeep.access.permission import Permission
from wardkeep.kernel.errors import WardkeepError
from wardkeep.kernel.times import MINUTE
from wardkeep.pack.events import BY_CODE, ON_PAGE
from wardkeep.pack.house_lists import looks_like_list
from wardkeep.pack.receipt_code import KnownPack
from wardkeep.pack.receipts import LONGEST_NAME, Said, accept, of_built
from wardkeep.web.doors import needs
from wardkeep.web.errors import OperationFailedError
from wardkeep.web.in_hand import InHand, in_hand
from wardkeep.web.pages.quarantine import number
from wardkeep.web.screen import Asked, Screen
from wardkeep.web.words import N_

# Those of the last hours: what is older is found by its code.
_MOST_SHOWN = 12
_STATUS = {"receipt-code": 422, "receipt-unknown": 422}
_REFUSALS = {
    "receipt-code": N_(
        "This is no code of a cover sheet. Have it read again, letter by letter: eight letters"
        " and digits."
    ),
    "receipt-unknown": N_(
        "No pack that this server knows has this code. Have ward, code and the time after"
        " “Pack built” read again; if they are right, the paper is not of this server."
    ),
}
_COPIES = N_("This box copies another one: what a ward has in hand is recorded there.")
_GONE = N_(
    "This pack is not known any more, or was not of this ward. Choose again, or print the ward"
    " anew."
)
_NOT_CHOSEN = N_("Choose the pack whose time stands on the paper in your hand.")


class Failed(msgspec.Struct, frozen=True, kw_only=True):
    """Why nothing was recorded, and what had been typed."""

    problem: str
    status: int
    typed: str = ""
    said_by: str = ""


@get("/hand", opt=needs(Permission.ACCEPT_PACKS), sync_to_thread=True)
def hand(screen: Asked) -> Response[bytes]:
    """Ask which pack the ward ?code= has in hand, or for the code of a cover sheet."""
    code = screen.parameter("code")
    if code and not _is_ward(screen, code):
        raise NotFoundException
    return _page(screen, code)


def _is_ward(screen: Screen, code: str) -> bool:
    if looks_like_list(code):
        return False
    known = screen.deps.charts.summary(code) or screen.boards.declared(code)
    packs = _packs(screen, code)
    return known is not None or packs is None or bool(packs)


# Paths of their own: see web.pages.quarantine.
@post("/hand/say", opt=needs(Permission.ACCEPT_PACKS))
async def say_in_hand(screen: Asked) -> Response[bytes]:
    """Record that a ward has one of its packs in hand; then say so."""
    form = await screen.form()
    ward, built = str(form.get("ward", "")), number(str(form.get("built", "0")))
    if not built:
        failed = Failed(problem=screen.translate(_NOT_CHOSEN), status=422)
        return await screen.in_thread(lambda: _page(screen, ward, failed))

    def record() -> KnownPack:
        pack = of_built(screen.deps.receipts.packs(ward), ward, built)
        return _record(screen, pack, Said(by=screen.who, way=ON_PAGE))

    return await _answer(screen, record, ward, Failed(problem="", status=422))


@post("/hand/code", opt=needs(Permission.ACCEPT_PACKS))
async def take_code(screen: Asked) -> Response[bytes]:
    """Record what a ward read by telephone from its cover sheet; then say which pack it is."""
    form = await screen.form()
    typed = str(form.get("typed", ""))[:LONGEST_NAME]
    said_by = str(form.get("said_by", ""))[:LONGEST_NAME]

    def record() -> KnownPack:
        pack = screen.deps.receipts.of_code(typed)
        return _record(screen, pack, Said(by=screen.who, way=BY_CODE, said_by=said_by))

    kept = Failed(problem="", status=422, typed=typed, said_by=said_by)
    return await _answer(screen, record, "", kept)


def _record(screen: Screen, pack: KnownPack, said: Said) -> KnownPack:
    book = screen.deps.receipts
    receipts = book.receipts()
    if receipts is None:
        raise OperationFailedError("what wards have in hand cannot be read")
    events = accept(receipts, pack, said, screen.now)
    if events:
        book.record(events)
    return pack


async def _answer(
    screen: Screen, record: Callable[[], KnownPack], ward: str, kept: Failed
) -> Response[bytes]:
    if screen.following is not None:
        failed = _with(kept, screen.translate(_COPIES), 409)
        return await screen.in_thread(lambda: _page(screen, ward, failed))
    try:
        told = await screen.in_thread(record)
    except WardkeepError as fault:
        refusals = {**_REFUSALS, "receipt-unknown": _GONE} if ward else _REFUSALS
        words = screen.translate(refusals.get(fault.code, fault.remedy))
        failed = _with(kept, words, _STATUS.get(fault.code, 503))
        return await screen.in_thread(lambda: _page(screen, ward, failed))
    return Redirect(screen.to("/hand", code=told.ward, done=str(told.built)), status_code=303)


def _with(kept: Failed, problem: str, status: int) -> Failed:
    return msgspec.structs.replace(kept, problem=problem, status=status)


def _packs(screen: Screen, ward: str) -> list[KnownPack] | None:
    """Return the packs that are shown of a ward, None while they cannot be read."""
    if screen.deps.receipts.receipts() is None:
        return None
    try:
        return [*screen.deps.receipts.packs(ward)][:_MOST_SHOWN] if ward else []
    except OperationFailedError:
        return None


def _newest(screen: Screen, ward: str, packs: Iterable[KnownPack]) -> int:
    """Return when the newest pack that is known of a ward was built, 0 without any."""
    shelved = screen.deps.receipts.newest().get(ward)
    return max([each.built for each in packs] + ([shelved.at] if shelved else []), default=0)


def _done(screen: Screen, hand: InHand | None, failed: Failed | None) -> dict[str, object]:
    """Return whether what stands was recorded just now, or when an older pack was built."""
    built = number(screen.parameter("done"))
    said = hand.accepted if hand and failed is None else None
    if said is None or not built:
        return {"done": False, "older": None}
    # A page that is opened again must not say anew what was said long ago.
    fresh = said.built == built and 0 <= screen.now - said.at < MINUTE
    return {"done": fresh, "older": built if built < said.built else None}


def _page(screen: Screen, ward: str, failed: Failed | None = None) -> Response[bytes]:
    standing = in_hand(screen.deps.receipts, [ward] if ward else [], screen.now)
    packs = _packs(screen, ward)
    return screen.page(
        "hand.html",
        {
            "ward": ward,
            "packs": packs,
            "unreadable": packs is None,
            "newest": _newest(screen, ward, packs or ()),
            "hand": standing.get(ward),
            "failed": failed,
            **_done(screen, standing.get(ward), failed),
            "longest": LONGEST_NAME,
            "copies": screen.following is not None,
        },
        status=failed.status if failed else 200,
    )
