from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager

from tests.stories.site_server import PATIENCE_SECONDS
from tests.web.handmade import HandmadeCharts

from wardkeep.kernel.errors import WardkeepError
from wardkeep.web.live import Broadcaster

Story = Callable[[HandmadeCharts, Broadcaster], Coroutine[None, None, None]]


@asynccontextmanager
async def watching(charts: HandmadeCharts) -> AsyncIterator[Broadcaster]:
    broadcaster = Broadcaster(charts)
    await broadcaster.start()
    try:
        yield broadcaster
    finally:
        await broadcaster.stop()


async def told(stream: AsyncIterator[bytes]) -> bytes:
    """The next thing a stream says that is no greeting."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while b"hello" in (said := await anext(stream)):
            pass
        return said


def run(story: Story) -> None:
    async def played() -> None:
        charts = HandmadeCharts()
        async with watching(charts) as broadcaster:
            await story(charts, broadcaster)

    asyncio.run(played())


def test_a_stream_tells_of_changes_on_its_own_ward_and_of_no_other() -> None:
    async def story(charts: HandmadeCharts, broadcaster: Broadcaster) -> None:
        own, other = broadcaster.stream("4B"), broadcaster.stream("ICU")
        assert b"changed" in await told(own)  # what it missed before it began
        quiet = asyncio.create_task(told(other))
        for _ in range(3):
            charts.revise()
            assert b"changed" in await told(own)
        assert not quiet.done()
        quiet.cancel()
        await asyncio.gather(quiet, return_exceptions=True)

    run(story)


def test_the_overview_hears_of_every_change() -> None:
    async def story(charts: HandmadeCharts, broadcaster: Broadcaster) -> None:
        stream = broadcaster.stream("")
        for _ in range(3):
            assert b"changed" in await told(stream)
            charts.revise()

    run(story)


def test_charts_that_are_away_for_a_moment_end_no_stream() -> None:
    async def story(charts: HandmadeCharts, broadcaster: Broadcaster) -> None:
        failures = [WardkeepError("restarting"), OSError("gone")]
        revision = charts.revision
        charts.revision = lambda: (
            (_ for _ in ()).throw(failures.pop()) if failures else revision()
        )
        assert b"changed" in await told(broadcaster.stream(""))
        assert failures == []

    run(story)


def test_closing_ends_every_stream_at_once() -> None:
    async def story(_charts: HandmadeCharts, broadcaster: Broadcaster) -> None:
        await told(broadcaster.stream(""))
        streams = [broadcaster.stream("") for _ in range(50)]
        for stream in streams:
            assert b"hello" in await anext(stream)
        assert broadcaster.open_streams >= 50
        ends = [asyncio.create_task(anext(stream, b"end")) for stream in streams]
        await asyncio.sleep(0)
        broadcaster.close()
        async with asyncio.timeout(PATIENCE_SECONDS):
            assert await asyncio.gather(*ends) == [b"end"] * 50

    run(story)
