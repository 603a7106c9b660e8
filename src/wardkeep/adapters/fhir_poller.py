"""Asks a FHIR server what changed and hands each page to the writer as it came.

Promises: a place is kept only after every page of its round is durable; an answer is read up
to the feed's limit and no further, also one that is packed; our token goes to the base
address's server alone, no redirect is followed and no proxy of the environment is used; a
server that asks for a pause gets it, one that fails is asked less and less often.
"""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Awaitable, Callable
from email.utils import parsedate_to_datetime
from pathlib import Path

import httpx
import msgspec

from wardkeep.adapters.errors import HandoverFailedError, PollFailedError
from wardkeep.adapters.files import write_private
from wardkeep.adapters.mllp_tls import client_context
from wardkeep.hospital.polls import Poll
from wardkeep.kernel.times import DAY, HOUR, SECOND
from wardkeep.wire.errors import SearchAnswerError
from wardkeep.wire.fhir_rest.polling import (
    Place,
    begin_of_round,
    goes_on_at,
    has_news,
    known_to,
    moved,
    question,
)
from wardkeep.wire.fhir_rest.search_page import Seen, read_page

FIRST_PAUSE, LONGEST_PAUSE = 5.0, 600.0
LONGEST_RETRY_AFTER = 3600.0
# A round of 10,000 pages of 200 is two million resources: a loop of links, not a hospital.
_MOST_PAGES = 10_000
_PATIENCE = httpx.Timeout(30.0)
# An answer of the largest page at 64 kB/s; one that drips would hold the round for ever.
_ANSWER_SECONDS = 300.0
# A server of a wrong time zone is asked for some hours again each time; a resource of a wrong
# clock silences its server for no longer than this.
_AHEAD = HOUR
# It knows no such type, has it not any more, will not or cannot search it (RFC 9110, 15.5).
_OF_ONE_TYPE = frozenset({400, 403, 404, 405, 406, 410, 422, 501})
_LARGEST_TOKEN = 64 * 1024
# Packed once, a piece from the network grows a thousandfold at most; packed twice, a million.
_PACKINGS = frozenset({"", "identity", "gzip"})

Hand = Callable[[str, bytes, bytes], Awaitable[object]]
"""Makes one body durable: feed, control, bytes; raises HandoverFailedError."""


class Places:
    """The places of all polls, in one private file: where it is lost, all is asked again."""

    def __init__(self, path: Path) -> None:
        self._path = path
        try:
            self._places = msgspec.json.decode(path.read_bytes(), type=dict[str, Place])
        except (OSError, msgspec.DecodeError):
            self._places = {}

    def of(self, poll: Poll, kind: str) -> Place | None:
        """Return how far a type of a server was asked, None where it never was."""
        return self._places.get(_key(poll, kind))

    def keep(self, poll: Poll, kind: str, place: Place) -> None:
        """Keep a place; raises OSError where the disk does not take it."""
        self._places[_key(poll, kind)] = place
        write_private(self._path, msgspec.json.encode(self._places))


def _key(poll: Poll, kind: str) -> str:
    return f"{poll.feed} {poll.base_url} {kind}"


class _Round:
    """What one round over one type has seen and stored."""

    def __init__(self, known: frozenset[str]) -> None:
        self.known, self.seen, self.stored = known, list[Seen](), 0
        self._asked: set[str] = set()

    def go_to(self, address: str) -> None:
        """Take note of a page that is asked for; raises SearchAnswerError in a circle."""
        if address in self._asked or len(self._asked) >= _MOST_PAGES:
            raise SearchAnswerError("the pages of the answer lead in a circle")
        self._asked.add(address)


class FhirPoller:
    """Asks the server of one `[[polls]]` table. `clock` gives UTC microseconds."""

    def __init__(
        self, poll: Poll, longest: int, hand: Hand, places: Places, clock: Callable[[], int]
    ) -> None:
        self._poll, self._longest, self._hand = poll, longest, hand
        self._places, self._clock = places, clock
        self._client: httpx.AsyncClient | None = None

    async def round(self) -> int:
        """Ask for every type once; return how many pages were stored.

        A type that the server refuses, or answers wrongly, keeps no other from being asked.
        Raises PollFailedError, SearchAnswerError, HandoverFailedError, OSError; what was
        stored before stays, and is asked for again.
        """
        stored = 0
        refused: PollFailedError | SearchAnswerError | None = None
        for kind in self._poll.types:
            try:
                stored += await self._ask(kind)
            except PollFailedError as fault:
                if fault.whole:
                    raise
                refused = refused or fault
            except SearchAnswerError as fault:
                refused = refused or fault
        if refused is not None:
            raise refused
        return stored

    async def close(self) -> None:
        """Close the connections."""
        if self._client is not None:
            await self._client.aclose()

    async def _ask(self, kind: str) -> int:
        poll = self._poll
        place = self._places.of(poll, kind)
        overlap = poll.overlap_seconds * SECOND
        since = begin_of_round(place, overlap, self._clock() - poll.first_days * DAY)
        round_ = _Round(known_to(place))
        begin: int | None = since
        while begin is not None:
            begin = await self._answer(kind, begin, round_)
        now_at = moved(place, round_.seen, since, overlap, self._clock() + _AHEAD)
        if now_at != place:
            self._places.keep(poll, kind, now_at)
        return round_.stored

    async def _answer(self, kind: str, since: int, round_: _Round) -> int | None:
        """Store every page of one answer; return since when to ask for what it left out."""
        poll = self._poll
        address = question(poll.base_url, kind, since, poll.page_size)
        pages = came = 0
        while True:
            round_.go_to(address)
            body = await self._get(address)
            page = read_page(body, address)
            if has_news(page.resources, round_.known):
                await self._hand(poll.feed, b"", body)
                round_.stored += 1
            round_.seen += page.resources
            pages, came = pages + 1, came + len(page.resources)
            if not page.next:
                return goes_on_at(page, pages, came, since, poll.page_size)
            address = page.next

    async def _get(self, address: str) -> bytes:
        client = self._opened()
        headers = {
            "accept": "application/fhir+json",
            "accept-encoding": "gzip",
            **self._authorization(),
        }
        try:
            async with (
                asyncio.timeout(_ANSWER_SECONDS),
                client.stream("GET", address, headers=headers) as answer,
            ):
                if answer.status_code != httpx.codes.OK:
                    raise PollFailedError(
                        f"the server answered {answer.status_code}",
                        pause=_pause(answer.headers.get("retry-after"), self._clock()),
                        whole=answer.status_code not in _OF_ONE_TYPE,
                    )
                return await self._read(answer)
        except (httpx.HTTPError, httpx.InvalidURL, TimeoutError) as fault:
            # Its words may hold the address with its query; the kind of fault is enough.
            raise PollFailedError(f"the server: {type(fault).__name__}") from fault

    async def _read(self, answer: httpx.Response) -> bytes:
        packing = answer.headers.get("content-encoding", "").strip().lower()
        if packing not in _PACKINGS:
            raise SearchAnswerError("the answer is packed in a way that was not asked for")
        parts, size = [], 0
        async for part in answer.aiter_bytes():
            parts.append(part)
            size += len(part)
            if size > self._longest:
                raise SearchAnswerError(
                    f"a page is longer than {self._longest} bytes: lower page_size"
                )
        return b"".join(parts)

    def _opened(self) -> httpx.AsyncClient:
        if self._client is None:
            poll = self._poll
            try:
                context: ssl.SSLContext = client_context(
                    poll.certificate_authority, poll.client_certificate, poll.client_key
                )
            except (OSError, ssl.SSLError) as fault:
                raise PollFailedError(f"a certificate cannot be read: {fault}") from fault
            self._client = httpx.AsyncClient(
                verify=context, timeout=_PATIENCE, trust_env=False, follow_redirects=False
            )
        return self._client

    def _authorization(self) -> dict[str, str]:
        # Read each time: whoever renews tokens puts a new one into the file.
        if self._poll.token_file is None:
            return {}
        try:
            with Path(self._poll.token_file).open(encoding="ascii") as stream:
                token = stream.read(_LARGEST_TOKEN).strip()
        except (OSError, UnicodeDecodeError) as fault:
            raise PollFailedError("the token's file cannot be read") from fault
        if not token.isprintable() or " " in token:
            raise PollFailedError("the token's file holds no token")
        return {"authorization": f"Bearer {token}"}


def _pause(retry_after: str | None, now: int) -> float:
    """Return the seconds that a server asks for (RFC 9110, 10.2.3), 0 where it does not."""
    text = (retry_after or "").strip()
    if text.isascii() and text.isdigit():
        return min(float(text[:9]), LONGEST_RETRY_AFTER)
    try:
        until = parsedate_to_datetime(text).timestamp()
    except (ValueError, OverflowError):
        return 0.0
    return min(max(0.0, until - now / SECOND), LONGEST_RETRY_AFTER)


class Told(msgspec.Struct, frozen=True):
    """What a round came to: pages stored, or why it failed."""

    feed: str
    stored: int
    failure: str = ""


async def keep_asking(
    poller: FhirPoller, poll: Poll, tell: Callable[[Told], Awaitable[None]]
) -> None:
    """Ask round after round, until cancelled."""
    pause = FIRST_PAUSE
    while True:
        try:
            stored = await poller.round()
        except PollFailedError as fault:
            wait = max(fault.pause, pause)
            told = Told(poll.feed, 0, str(fault))
        except (SearchAnswerError, HandoverFailedError) as fault:
            wait, told = pause, Told(poll.feed, 0, str(fault))
        except OSError as fault:
            wait, told = pause, Told(poll.feed, 0, f"the place is not kept: {fault.strerror}")
        else:
            wait, pause = float(poll.interval_seconds), FIRST_PAUSE
            told = Told(poll.feed, stored)
        if told.failure:
            pause = min(LONGEST_PAUSE, pause * 2)
        await tell(told)
        await asyncio.sleep(wait)
