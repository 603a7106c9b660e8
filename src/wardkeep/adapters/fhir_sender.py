"""Sends FHIR bodies to a door and waits for their answers (port: sample_feed.Sender)."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Iterator

import httpx
import msgspec

from wardkeep.adapters.errors import CannotConnectError

ANSWER_SECONDS = 60.0
CONNECT_SECONDS = 10.0
MOST_LINES = 8
"""Connections of one sender at a time; order between them is the receiver's to find."""
# Sent again later: too slow, too many, the server's own trouble, and a token that is not known
# yet (RFC 9110, 15.5 and 15.6). Any other refusal stays one however often it is sent.
_LATER = frozenset({401, 408, 429})
_OWN_TROUBLE = 500


class DoorAddress(msgspec.Struct, frozen=True):
    """Where a door is, and the token that it asks for."""

    host: str
    port: int
    token: str


class FhirSender:
    """One sender at a door, over connections that stay open."""

    def __init__(self, door: DoorAddress) -> None:
        self._place = f"{door.host} port {door.port}"
        self._client = httpx.AsyncClient(
            base_url=f"http://{door.host}:{door.port}",
            headers={
                "authorization": f"Bearer {door.token}",
                "content-type": "application/fhir+json",
            },
            timeout=httpx.Timeout(ANSWER_SECONDS, connect=CONNECT_SECONDS, pool=None),
            limits=httpx.Limits(max_connections=MOST_LINES),
            trust_env=False,
        )
        self.refused = 0
        """Bodies that the door would not have."""

    async def connect(self) -> None:
        """Ask the door what it is; raises CannotConnectError when nobody is there."""
        await self._asked("GET", "/fhir/metadata")

    async def send(self, body: bytes) -> bytes:
        """Send one body and return its answer's; one that was refused counts as `refused`.

        Raises CannotConnectError where it must be sent again: nobody answered, or not now.
        """
        answer = await self._asked("POST", "/fhir", body)
        status = answer.status_code
        if status in _LATER or status >= _OWN_TROUBLE:
            raise CannotConnectError(f"{self._place}: the door answered {status}")
        self.refused += answer.is_client_error
        return answer.content

    async def _asked(self, method: str, path: str, body: bytes | None = None) -> httpx.Response:
        try:
            return await self._client.request(method, path, content=body)
        except httpx.TransportError as fault:
            raise CannotConnectError(f"{self._place}: {type(fault).__name__}") from fault

    async def send_many(self, bodies: Iterable[bytes], in_flight: int = 1) -> list[bytes]:
        """Send bodies, at most `in_flight` and MOST_LINES unanswered; return their answers.

        Raises CannotConnectError as `send`.
        """
        waiting = enumerate(bodies)
        answers: dict[int, bytes] = {}
        lines = range(min(in_flight, MOST_LINES))
        tasks = [asyncio.create_task(self._some(waiting, answers)) for _ in lines]
        try:
            await asyncio.gather(*tasks)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
        return [answers[number] for number in sorted(answers)]

    async def _some(
        self, waiting: Iterator[tuple[int, bytes]], answers: dict[int, bytes]
    ) -> None:
        for number, body in waiting:
            answers[number] = await self.send(body)

    async def close(self) -> None:
        """Close every connection."""
        await self._client.aclose()
