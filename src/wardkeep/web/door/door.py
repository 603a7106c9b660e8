"""The door as an ASGI application: a request in, durable in the clinical ledger, its answer.

Promises: no 2xx before the commit; whatever a reader could use is taken, also what this
version cannot read; what is refused is refused with an OperationOutcome, counted and shown.
"""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import Callable
from typing import Protocol

import msgspec
from litestar.types import (
    HTTPResponseBodyEvent,
    HTTPResponseStartEvent,
    HTTPScope,
    Receive,
    Send,
)

from wardkeep.adapters.clock import steady
from wardkeep.adapters.errors import HandoverFailedError
from wardkeep.adapters.mllp_room import Room
from wardkeep.web.door.body import ClientGoneError, Upload, too_long, unpacked
from wardkeep.web.door.documents import document
from wardkeep.web.door.figures import Tally
from wardkeep.web.door.senders import Sender, Senders, Stranger
from wardkeep.web.punctual import ADMIT
from wardkeep.web.security import HEADERS, TRANSPORT
from wardkeep.wire.fhir_rest import envelope
from wardkeep.wire.fhir_rest.answers import (
    Answer,
    Stored,
    Wish,
    answer,
    base_of,
    preference,
)
from wardkeep.wire.fhir_rest.interaction import BASE, Act, Interaction, interaction
from wardkeep.wire.fhir_rest.refusal import Refusal, RefusedError
from wardkeep.wire.fhir_rest.request import Headers, headers_of, objection
from wardkeep.wire.handover import Receipt, Taken

MOST_AT_ONCE = 64
"""Requests of one feed at a time: a sender that opens more is told to wait (429)."""
RETRY_SECONDS = 5
"""The writer is back within a second or two after a failure (app.supervisor)."""
_KEEP_EVERY_SECONDS = 5.0
_LOG = logging.getLogger("wardkeep.web")


class Handover(Protocol):
    """The way to the writer."""

    async def hand(self, feed: str, control: bytes, body: bytes) -> Receipt:
        """Return what the writer says once the body is durable; HandoverFailedError."""
        ...


class DoorDependencies(msgspec.Struct, frozen=True, kw_only=True):
    """What the door needs from outside. `keep` tells others what was counted, from a thread."""

    senders: Senders
    handover: Handover
    tally: Tally
    room: Room
    keep: Callable[[Tally], None]
    secure: bool = False


class Door:
    """Answers everything below /fhir."""

    def __init__(self, deps: DoorDependencies) -> None:
        self._deps = deps
        self._busy: Counter[str] = Counter()
        self._keeping: asyncio.Task[None] | None = None

    def opens(self, path: str) -> bool:
        """Say whether a path is the door's."""
        return path == BASE or path.startswith(f"{BASE}/")

    def keep_on(self) -> None:
        """Keep the counts and their alarms from now on, also while no sender comes."""
        if self._keeping is None:
            self._keeping = asyncio.create_task(self._keep_counts(), name="keep door counts")

    async def close(self) -> None:
        """Keep what was counted."""
        if self._keeping is not None:
            self._keeping.cancel()
        await asyncio.to_thread(self._deps.keep, self._deps.tally)

    async def _keep_counts(self) -> None:
        while True:
            await asyncio.sleep(_KEEP_EVERY_SECONDS)
            await asyncio.to_thread(self._deps.keep, self._deps.tally)

    async def __call__(self, scope: HTTPScope, receive: Receive, send: Send) -> None:
        """Answer one HTTP request (ASGI 3)."""
        self.keep_on()
        headers = headers_of(scope["headers"])
        asked = interaction(scope["method"], scope["path"])
        if isinstance(asked, Interaction) and asked.act in _OPEN:
            answered = _open_answer(asked, base_of(scope["scheme"], headers.host))
        else:
            try:
                answered = await self._admit(asked, headers, scope, receive)
            except ClientGoneError:
                return
        await _send(send, answered, secure=self._deps.secure)

    async def _admit(
        self,
        asked: Interaction | Refusal,
        headers: Headers,
        scope: HTTPScope,
        receive: Receive,
    ) -> Answer:
        client = scope["client"]
        peer = client[0] if client is not None else ""
        found = await self._deps.senders.identify(headers.authorization, peer)
        if isinstance(found, Stranger):
            return self._refuse(found.refusal, found.feed, peer)
        name = found.feed.name
        if isinstance(asked, Refusal):
            return self._refuse(asked, name, peer)
        if self._busy[name] >= MOST_AT_ONCE:
            return self._refuse(_BUSY, name, peer)
        self._busy[name] += 1
        try:
            return await self._take(asked, found, headers, (scope, receive, peer))
        except RefusedError as fault:
            return self._refuse(fault.refusal, name, peer)
        except HandoverFailedError as fault:
            _LOG.error("a FHIR request of %s was not stored: %s", name, fault)
            return self._refuse(_NOT_STORED, name, peer)
        finally:
            self._busy[name] -= 1

    async def _take(
        self,
        asked: Interaction,
        sender: Sender,
        headers: Headers,
        request: tuple[HTTPScope, Receive, str],
    ) -> Answer:
        scope, receive, peer = request
        body = await self._body(sender, headers, scope, receive)
        held = envelope.read(body, asked)
        receipt = await self._deps.handover.hand(sender.feed.name, held.control, body)
        repeated = receipt.taken is Taken.REPEATED
        self._deps.tally.took(sender, peer, len(body), repeated=repeated)
        wish = Wish(preference(headers.prefer), base_of(scope["scheme"], headers.host))
        return answer(held, Stored(receipt.sequence, receipt.received), asked, wish, body)

    async def _body(
        self,
        sender: Sender,
        headers: Headers,
        scope: HTTPScope,
        receive: Receive,
    ) -> bytes:
        longest = sender.feed.max_message_bytes
        if refusal := objection(headers, longest):
            raise RefusedError(refusal)
        if admit := scope["state"].get(ADMIT):
            admit()
        body = await Upload(self._deps.room, longest).read(receive, steady)
        if headers.content_encoding.lower() == "gzip":
            return await unpacked(body, longest)
        if len(body) > longest:
            raise RefusedError(too_long(longest))
        return body

    def _refuse(self, refusal: Refusal, feed: str, peer: str) -> Answer:
        self._deps.tally.refused(feed, peer, refusal)
        return Answer(refusal.status, dict(refusal.headers), refusal.outcome())


_OPEN = frozenset({Act.METADATA, Act.OPENAPI, Act.OPTIONS})
_RETRY = {"retry-after": str(RETRY_SECONDS)}
_NOT_STORED = Refusal(
    status=503,
    code="transient",
    text="nothing was stored: keep it and send it again",
    headers=_RETRY,
)
_BUSY = Refusal(
    status=429,
    code="throttled",
    text=f"{MOST_AT_ONCE} requests of this feed are under way: wait for their answers",
    headers={"retry-after": "1"},
)


def _open_answer(asked: Interaction, base: str) -> Answer:
    """Answer what needs no token: nothing in it is the site's."""
    allow = {"allow": ", ".join(asked.allow)}
    if asked.act is Act.OPTIONS:
        return Answer(204, allow)
    kind, body = document(asked.act, base)
    return Answer(200, {**allow, "content-type": kind}, body)


_ALWAYS = [
    (name.encode(), value.encode())
    for name, value in {**HEADERS, "cache-control": "no-store"}.items()
]
_SECURE = [(b"strict-transport-security", TRANSPORT.encode())]
_CONTENT = (b"content-type", b"application/fhir+json; charset=utf-8")


async def _send(send: Send, answered: Answer, *, secure: bool) -> None:
    raw = [*_ALWAYS, *(_SECURE if secure else ())]
    raw += [(name.encode(), value.encode()) for name, value in answered.headers.items()]
    if answered.body and "content-type" not in answered.headers:
        raw.append(_CONTENT)
    if answered.status != 204:  # noqa: PLR2004  RFC 9110, 8.6
        raw.append((b"content-length", str(len(answered.body)).encode()))
    start: HTTPResponseStartEvent = {
        "type": "http.response.start",
        "status": answered.status,
        "headers": raw,
    }
    end: HTTPResponseBodyEvent = {
        "type": "http.response.body",
        "body": answered.body,
        "more_body": False,
    }
    await send(start)
    await send(end)
