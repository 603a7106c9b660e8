"""Tells open pages that something changed: one watch on the charts, any number of streams."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator

from wardkeep.chart.ports import Charts
from wardkeep.kernel.errors import WardkeepError

# Message to screen under one second: a quarter for the watch, the rest for the page.
_WATCH_SECONDS = 0.25
# Ages of streams stand on the page in minutes; without news it is told to look again.
_TICK_SECONDS = 30.0


class Broadcaster:
    """Watches the charts' revision and wakes whoever waits for a ward or for all of them.

    A watch that fails is tried again: the charts may be away while a process restarts.
    """

    def __init__(self, charts: Charts) -> None:
        self._charts = charts
        self._revision = -1
        self._wards: dict[str, int] = {}
        self._changed = asyncio.Event()
        self._closing = False
        self._task: asyncio.Task[None] | None = None
        self.open_streams = 0

    async def start(self) -> None:
        """Begin to watch; called once, inside the running loop."""
        self._task = asyncio.create_task(self._watch(), name="watch the charts")

    async def stop(self) -> None:
        """End every stream and the watch."""
        self.close()
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task

    def close(self) -> None:
        """Make every open stream end now, so that the server can stop."""
        self._closing = True
        self._wake()

    async def stream(self, ward: str) -> AsyncIterator[bytes]:
        """Yield server-sent events: at once, when the ward ("" is any) changes, each tick."""
        self.open_streams += 1
        try:
            seen = self._mark(ward)
            yield b"retry: 2000\n\nevent: hello\ndata: \n\n"
            while not self._closing:
                waiting = self._changed
                mark = self._mark(ward)
                if mark != seen:
                    seen = mark
                    yield b"event: changed\ndata: \n\n"
                    continue
                try:
                    await asyncio.wait_for(waiting.wait(), _TICK_SECONDS)
                except TimeoutError:
                    yield b"event: tick\ndata: \n\n"
        finally:
            self.open_streams -= 1

    def _mark(self, ward: str) -> int:
        return self._wards.get(ward, 0) if ward else self._revision

    def _wake(self) -> None:
        self._changed.set()
        self._changed = asyncio.Event()

    async def _watch(self) -> None:
        while True:
            if self.open_streams:
                with contextlib.suppress(OSError, WardkeepError):
                    await self._look()
            await asyncio.sleep(_WATCH_SECONDS)

    async def _look(self) -> None:
        revision = await asyncio.to_thread(self._charts.revision)
        if revision == self._revision:
            return
        wards = await asyncio.to_thread(self._charts.wards)
        self._wards = {ward.ward: ward.changed for ward in wards}
        self._revision = revision
        self._wake()
