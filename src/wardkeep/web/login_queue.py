"""One login attempt at a time for one account: guesses sent at once stand in line.

Rules kept here:
- The lines of other accounts are not waited for.
- A line is short. When it is full, one of those in it and the one who comes, drawn by lot, is
  turned away; who is next is drawn by lot too. So nobody can fill a line and keep it: the
  owner of the account is never shut out for ever, however many guess.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from litestar.exceptions import HTTPException

# At 15 s an attempt (web.login_delay) the last in line waits a minute, as a browser does.
_LONGEST_LINE = 4


class TooManyAtOnceError(HTTPException):
    """The line of this account was full, and the lot fell on this attempt."""

    status_code = 429


class LoginQueue:
    """The lines before the accounts; `draw(n)` gives a number below n that nobody can guess."""

    def __init__(self, draw: Callable[[int], int]) -> None:
        self._draw = draw
        self._lines: dict[str, list[asyncio.Future[bool]]] = {}

    @asynccontextmanager
    async def turn(self, lane: str) -> AsyncIterator[None]:
        """Wait for the turn in a lane and hold it; raises TooManyAtOnceError."""
        line = self._lines.get(lane)
        if line is None:
            self._lines[lane] = []
        else:
            await self._wait(lane, line)
        try:
            yield
        finally:
            self._next(lane)

    def waiting(self, lane: str) -> int:
        """Return how many stand in the line of a lane."""
        return len(self._lines.get(lane, ()))

    async def _wait(self, lane: str, line: list[asyncio.Future[bool]]) -> None:
        mine: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        line.append(mine)
        if len(line) > _LONGEST_LINE:
            line.pop(self._draw(len(line))).set_result(False)
        try:
            mine_now = await mine
        except asyncio.CancelledError:
            if mine in line:
                line.remove(mine)
            elif mine.done() and not mine.cancelled() and mine.result():
                self._next(lane)
            raise
        if not mine_now:
            raise TooManyAtOnceError

    def _next(self, lane: str) -> None:
        line = self._lines[lane]
        if line:
            line.pop(self._draw(len(line))).set_result(True)
        else:
            del self._lines[lane]
