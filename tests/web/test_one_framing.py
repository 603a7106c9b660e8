"""A request that tells its length twice is refused before any page sees it."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from wardkeep.web.one_framing import one_framing


async def asked(*headers: tuple[bytes, bytes]) -> tuple[int, bool]:
    """Return the status of the answer and whether a page was reached."""
    reached, said = [], []

    async def page(scope: Any, receive: Any, send: Any) -> None:
        reached.append(scope)
        await send({"type": "http.response.start", "status": 200, "headers": []})

    async def send(message: Any) -> None:
        said.append(message)

    async def receive() -> Any:
        return {"type": "http.request", "body": b"", "more_body": False}

    await one_framing(page)({"type": "http", "headers": list(headers)}, receive, send)  # type: ignore[arg-type] # the rest of a scope is not read
    return said[0]["status"], bool(reached)


@pytest.mark.parametrize("first", [0, 1])
def test_two_lengths_in_one_request_are_refused(first: int) -> None:
    both = [(b"content-length", b"4"), (b"transfer-encoding", b"chunked")]
    status, reached = asyncio.run(asked(both[first], both[1 - first]))
    assert (status, reached) == (400, False)


@pytest.mark.parametrize(
    "header", [(b"content-length", b"4"), (b"transfer-encoding", b"chunked"), (b"host", b"x")]
)
def test_one_length_reaches_the_page(header: tuple[bytes, bytes]) -> None:
    assert asyncio.run(asked(header)) == (200, True)
