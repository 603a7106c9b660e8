from __future__ import annotations

import asyncio
from collections import Counter

import pytest

from wardkeep.web.login_queue import LoginQueue, TooManyAtOnceError


class Line:
    """Attempts on one account: each holds its turn until it is let go."""

    def __init__(self, drawn: list[int]) -> None:
        self.queue = LoginQueue(lambda below: drawn.pop(0) % below if drawn else 0)
        self.holding: list[str] = []
        self.let_go = asyncio.Condition()
        self.turned_away: Counter[str] = Counter()

    async def attempt(self, who: str, lane: str = "anna") -> None:
        try:
            async with self.queue.turn(lane):
                self.holding.append(who)
                async with self.let_go:
                    await self.let_go.wait()
        except TooManyAtOnceError:
            self.turned_away[who] += 1

    async def next(self) -> None:
        async with self.let_go:
            self.let_go.notify()
        for _ in range(5):
            await asyncio.sleep(0)


async def stand(line: Line, *who: str) -> list[asyncio.Task[None]]:
    tasks = [asyncio.create_task(line.attempt(each)) for each in who]
    for _ in range(5):
        await asyncio.sleep(0)
    return tasks


def test_attempts_on_one_account_come_one_after_another_and_others_at_once() -> None:
    async def story() -> None:
        line = Line([])
        tasks = await stand(line, "first", "second")
        other = asyncio.create_task(line.attempt("elsewhere", lane="lea"))
        await asyncio.sleep(0)
        assert line.holding == ["first", "elsewhere"]
        assert line.queue.waiting("anna") == 1
        await line.next()
        assert line.holding == ["first", "elsewhere", "second"]
        await line.next()
        await line.next()
        await asyncio.gather(*tasks, other)
        assert line.queue.waiting("anna") == 0

    asyncio.run(story())


def test_in_a_full_line_the_lot_decides_who_goes_and_who_is_next() -> None:
    async def story() -> None:
        # Of 1 to 4 and the newcomer 5 the third is turned away; of the rest the last is next.
        line = Line([2, 3, 0, 0, 0])
        tasks = await stand(line, "0", "1", "2", "3", "4", "the nurse")
        assert line.turned_away == {"3": 1}
        for _ in range(5):
            await line.next()
        assert line.holding == ["0", "the nurse", "1", "2", "4"]
        await asyncio.gather(*tasks)

    asyncio.run(story())


def test_a_browser_that_goes_away_leaves_the_line_to_the_others() -> None:
    async def story() -> None:
        line = Line([])
        _holder, gone, last = await stand(line, "holder", "gone", "last")
        gone.cancel()
        with pytest.raises(asyncio.CancelledError):
            await gone
        await line.next()
        assert line.holding == ["holder", "last"]
        await line.next()
        await last

    asyncio.run(story())


def test_a_browser_that_goes_away_as_its_turn_comes_passes_it_on() -> None:
    async def story() -> None:
        line = Line([])
        holder, gone, last = await stand(line, "holder", "gone", "last")
        holder.cancel()
        await asyncio.sleep(0)
        gone.cancel()
        await asyncio.gather(holder, gone, return_exceptions=True)
        await asyncio.sleep(0)
        await line.next()
        assert line.holding[-1] == "last"
        await last

    asyncio.run(story())
