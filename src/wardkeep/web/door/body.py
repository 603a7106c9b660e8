"""A request's body as it comes: never more than was allowed, never slower than was allowed.

Rules kept here:
- no body, packed or unpacked, is longer than its feed's `max_message_bytes`;
- after GRACE_SECONDS a body must have come at LOWEST_RATE on the average;
- bodies on their way hold no more than the site's `unfinished_bytes_limit` together; beyond
  it only the oldest grows (adapters.mllp_room).
"""

from __future__ import annotations

import asyncio
import zlib
from collections.abc import Callable

from litestar.types import HTTPRequestEvent, Receive

from wardkeep.adapters.mllp_room import Room
from wardkeep.wire.fhir_rest.refusal import Refusal, RefusedError, refused

GRACE_SECONDS = 10.0
# Two channels of ISDN: whoever is slower sends nothing that a ward waits for.
LOWEST_RATE = 16_000.0
# Smaller ones are unpacked where they are: a thread would take longer than the work.
_UNPACKED_AT_ONCE = 16 * 1024
_CLOSE = {"connection": "close"}
_GZIP = 16 + zlib.MAX_WBITS
# What lies behind a member is copied for the next one: of a piece only, never of all the rest.
_PIECE = 16 * 1024


class ClientGoneError(Exception):
    """The client closed the connection: there is nobody to answer."""


class Upload:
    """One body on its way (port: adapters.mllp_room.Reader)."""

    def __init__(self, room: Room, longest: int) -> None:
        self._room, self._longest = room, longest
        self._may_grow = asyncio.Event()
        self._may_grow.set()
        self._held = 0

    def hold(self, reason: int) -> None:
        """Wait before more is read: `reason` is UNFINISHED, the only one for a body."""
        del reason
        self._may_grow.clear()

    def release(self, reason: int) -> None:
        """Read again."""
        del reason
        self._may_grow.set()

    async def read(self, receive: Receive, clock: Callable[[], float]) -> bytes:
        """Return the body as it came.

        Raises RefusedError (408, 413) and ClientGoneError.
        """
        parts: list[bytes] = []
        waited = 0.0
        begin = clock()
        try:
            while True:
                halt = clock()
                await self._may_grow.wait()
                waited += clock() - halt  # our own wait is not the sender's
                deadline = begin + waited + GRACE_SECONDS + self._held / LOWEST_RATE
                message = await self._next(receive, deadline - clock())
                if part := message.get("body", b""):
                    parts.append(part)
                    self._grow(len(part))
                if not message.get("more_body"):
                    return parts[0] if len(parts) == 1 else b"".join(parts)
        finally:
            self._room.ended(self)

    async def _next(self, receive: Receive, seconds: float) -> HTTPRequestEvent:
        try:
            async with asyncio.timeout(max(0.0, seconds)):
                message = await receive()
        except TimeoutError as fault:
            raise RefusedError(too_slow()) from fault
        if message["type"] != "http.request":
            raise ClientGoneError
        return message

    def _grow(self, size: int) -> None:
        self._held += size
        if self._held > self._longest:
            raise RefusedError(too_long(self._longest))
        self._room.grew(self, self._held, anew=False)


def too_long(longest: int) -> Refusal:
    """Return the refusal of a body over the feed's limit."""
    text = f"the feed takes {longest} bytes at most (its setting `max_message_bytes`)"
    return Refusal(status=413, code="too-long", text=text)


def too_slow() -> Refusal:
    """Return the refusal of a body that does not come."""
    text = f"the body comes slower than {LOWEST_RATE:.0f} bytes a second"
    return Refusal(status=408, code="timeout", text=text, headers=_CLOSE)


async def unpacked(body: bytes, longest: int) -> bytes:
    """Return what was packed by gzip; a bomb is left as soon as it is over the limit.

    Raises RefusedError (400, 413).
    """
    if len(body) < _UNPACKED_AT_ONCE:
        return unpack(body, longest)
    return await asyncio.to_thread(unpack, body, longest)


def unpack(body: bytes, longest: int) -> bytes:
    """Return all members of a gzip body (RFC 1952, 2.2); raises RefusedError (400, 413)."""
    parts: list[bytes] = []
    left, engine = longest, zlib.decompressobj(_GZIP)
    try:
        for begin in range(0, len(body), _PIECE):
            piece = body[begin : begin + _PIECE]
            while piece:
                if engine.eof:
                    engine = zlib.decompressobj(_GZIP)
                parts.append(engine.decompress(piece, left + 1))
                left -= len(parts[-1])
                if left < 0:
                    raise RefusedError(too_long(longest))
                piece = engine.unused_data
    except zlib.error as fault:
        raise refused(400, "structure", "the body is not gzip") from fault
    if body and not engine.eof:
        raise refused(400, "structure", "the gzip body is cut off")
    return b"".join(parts)
