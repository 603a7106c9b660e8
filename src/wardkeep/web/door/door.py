"""The door as an ASGI application: a request in, durable in the clinical ledger, its answer.

Promises: no 2xx before the commit; whatever a reader could use is taken, also what this
version cannot read; what is refused is refused with an OperationOutcome, counted and shown.
"""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import Callable
from functools import partial
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
from wardkeep.adapters.handover_client import Sending, Told
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
from wardkeep.wire.handover import Receipt, Taken, shown_by

MOST_AT_ONCE = 64
"""Requests of one feed at a time: a sender that opens more is told to wait (429)."""
RETRY_SECONDS = 5
"""The writer is back within a second or two after a failure (app.supervisor)."""
_KEEP_EVERY_SECONDS = 5.0
_LOG = logging.getLogger("wardkeep.web")


class Handover(Protocol):
    """The way to the writer."""

    def offer(self, sending: Sending, told: Told) -> None:
        """Hand a body over; `told` hears once what the writer says after the commit."""
        ...


class DoorDependencies(msgspec.Struct, frozen=True, kw_only=True):
    """What the door needs from outside. `keep` tells others what was counted, from a thread."""

    senders: Senders
    handover: Handover
    tally: Tally
    room: Room
    keep: Callable[[Tally], None]
    secure: bool = False


class Admitted(msgspec.Struct, frozen=True, gc=False):
    """A request that was let in, before its body is there. Ends with Door.take or Door.leave.

    `returns` and `base`: what the client wants back, and the address that it reached.
    """

    asked: Interaction
    sender: Sender
    peer: str
    returns: str
    base: str


class Door:
    """Answers everything below /fhir."""

    def __init__(self, deps: DoorDependencies) -> None:
        self._deps = deps
        self._busy: Counter[str] = Counter()
        self._keeping: asyncio.Task[None] | None = None

    @property
    def room(self) -> Room:
        """What bodies on their way may hold."""
        return self._deps.room

    @property
    def is_secure(self) -> bool:
        """Whether answers go out by HTTPS."""
        return self._deps.secure

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

    def admit_at_once(
        self, method: str, path: str, headers: Headers, peer: tuple[str, str]
    ) -> Admitted | None:
        """Let in a request by its head where that is soon done, else return None.

        None says nothing: whoever is not let in here calls the door as an application, which
        says why. `peer` is the client's address and the scheme that it used. The body is to
        be as long as its Content-Length, and not packed.
        """
        sender = self._deps.senders.known(headers.authorization, peer[0])
        if sender is None or self._busy[sender.feed.name] >= MOST_AT_ONCE:
            return None
        asked = interaction(method, path)
        if isinstance(asked, Refusal) or asked.act in _OPEN:
            return None
        if headers.content_encoding or objection(headers, sender.feed.max_message_bytes):
            return None
        self._busy[sender.feed.name] += 1
        return _admitted(asked, sender, headers, peer)

    def take(self, admitted: Admitted, body: bytes, answered: Callable[[Answer], None]) -> None:
        """Hand a whole body to the ledger; `answered` gets what to answer, after the commit."""
        try:
            held = envelope.read(body, admitted.asked)
            told = partial(self._told, admitted, held, body, answered)
            sender = admitted.sender
            shown = shown_by(admitted.peer, sender.name, envelope.kind_of(held))
            sending = Sending(sender.feed.name, held.control, body, shown)
        except RefusedError as fault:
            answered(self.leave(admitted, fault.refusal))
            return
        except Exception as fault:  # noqa: BLE001
            # A place that is not given back is lost to its feed until the web starts anew. The
            # fault's own words are left out: they may quote the body.
            _LOG.error("a FHIR request failed: %s", type(fault).__name__)
            answered(self.leave(admitted, _NOT_STORED))
            return
        self._deps.handover.offer(sending, told)

    def leave(self, admitted: Admitted, refusal: Refusal) -> Answer:
        """Take nothing of a request that was let in; return what to answer."""
        name = admitted.sender.feed.name
        self._busy[name] -= 1
        return self._refuse(refusal, name, admitted.peer)

    def gone(self, admitted: Admitted) -> None:
        """Take note that whoever was let in went away before the body was whole."""
        self._busy[admitted.sender.feed.name] -= 1

    def _told(
        self,
        admitted: Admitted,
        held: envelope.Envelope,
        body: bytes,
        answered: Callable[[Answer], None],
        said: Receipt | HandoverFailedError,
    ) -> None:
        name = admitted.sender.feed.name
        if isinstance(said, HandoverFailedError):
            _LOG.error("a FHIR request of %s was not stored: %s", name, said)
            answered(self.leave(admitted, _NOT_STORED))
            return
        self._busy[name] -= 1
        repeated = said.taken is Taken.REPEATED
        self._deps.tally.took(admitted.sender, admitted.peer, len(body), repeated=repeated)
        stored = Stored(said.sequence, said.received)
        wish = Wish(admitted.returns, admitted.base)
        try:
            said_to_it = answer(held, stored, admitted.asked, wish, body)
        except Exception as fault:  # noqa: BLE001
            # One answer that fails must not keep the others of this commit from theirs. Its
            # own words are left out: they may quote the body.
            _LOG.error("stored, but could not be answered: %s", type(fault).__name__)
            said_to_it = self._refuse(_UNANSWERED, name, admitted.peer)
        answered(said_to_it)

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
        admitted = _admitted(asked, found, headers, (peer, scope["scheme"]))
        try:
            body = await self._body(found, headers, scope, receive)
        except RefusedError as fault:
            return self.leave(admitted, fault.refusal)
        except BaseException:
            self.gone(admitted)
            raise
        answered: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        self.take(admitted, body, partial(_settle, answered))
        return await answered

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
_UNANSWERED = Refusal(status=500, code="exception", text="stored, but the answer failed")
_BUSY = Refusal(
    status=429,
    code="throttled",
    text=f"{MOST_AT_ONCE} requests of this feed are under way: wait for their answers",
    headers={"retry-after": "1"},
)


def _admitted(
    asked: Interaction, sender: Sender, headers: Headers, peer: tuple[str, str]
) -> Admitted:
    host, scheme = peer
    base = base_of(scheme, headers.host)
    return Admitted(asked, sender, host, preference(headers.prefer), base)


def _settle(answered: asyncio.Future[Answer], said: Answer) -> None:
    if not answered.done():  # the server may have ended the request meanwhile
        answered.set_result(said)


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
    start: HTTPResponseStartEvent = {
        "type": "http.response.start",
        "status": answered.status,
        "headers": raw_headers(answered, secure=secure),
    }
    end: HTTPResponseBodyEvent = {
        "type": "http.response.body",
        "body": answered.body,
        "more_body": False,
    }
    await send(start)
    await send(end)


def raw_headers(answered: Answer, *, secure: bool) -> list[tuple[bytes, bytes]]:
    """Return all headers of an answer. `secure`: it goes out by HTTPS."""
    raw = [*_ALWAYS, *(_SECURE if secure else ())]
    raw += [(name.encode(), value.encode()) for name, value in answered.headers.items()]
    if answered.body and "content-type" not in answered.headers:
        raw.append(_CONTENT)
    if answered.status != 204:  # noqa: PLR2004  RFC 9110, 8.6
        raw.append((b"content-length", str(len(answered.body)).encode()))
    return raw
