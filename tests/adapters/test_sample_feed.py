import asyncio
from collections.abc import Sequence

import msgspec
import pytest
from tests.web.door.test_door import TOKEN, Ledger
from tests.web.door.test_lane import served

from wardkeep.adapters.errors import CannotConnectError
from wardkeep.adapters.fhir_sender import DoorAddress
from wardkeep.adapters.mllp_server import MllpServer
from wardkeep.adapters.sample_feed import SampleFeed, run_demo_feed
from wardkeep.kernel.times import HOUR
from wardkeep.ledger.arrival import Appended, Arrival, Verdict
from wardkeep.sample.hospital import Hospital
from wardkeep.sample.house import TINY
from wardkeep.sample.site import FEEDS, demo_site

START = 1_653_364_800_000_000


class MemoryLedger:
    """A ledger that lasts as long as the test."""

    def __init__(self) -> None:
        self.held: list[Arrival] = []

    def append(self, arrivals: Sequence[Arrival]) -> list[Appended]:
        known = {(each.feed, each.body) for each in self.held}
        found = []
        for arrival in arrivals:
            repeated = (arrival.feed, arrival.body) in known
            if not repeated:
                self.held.append(arrival)
                known.add((arrival.feed, arrival.body))
            verdict = Verdict.REPEATED if repeated else Verdict.NEW
            found.append(Appended(len(self.held), arrival.received, verdict))
        return found

    def bodies(self, feed: str) -> list[bytes]:
        return [each.body for each in self.held if each.feed == feed]


async def listening(ledger: MemoryLedger) -> tuple[MllpServer, dict[str, int]]:
    site = demo_site(dict.fromkeys(FEEDS, 0), 0)
    feeds = [msgspec.structs.replace(feed, port=0) for feed in site.feeds]
    server = MllpServer(feeds, ledger, lambda: START)
    await server.start()
    return server, {figure.name: figure.port for figure in server.figures()}


def test_the_first_fill_reaches_the_ledger_feed_by_feed_in_order() -> None:
    async def story() -> None:
        ledger = MemoryLedger()
        server, ports = await listening(ledger)
        feed = SampleFeed(Hospital(1, START, TINY), ports)
        count = await feed.fill()
        await feed.close()
        await server.close()
        told = list(Hospital(1, START, TINY).first_fill())
        assert count == len(told) == sum(feed.sent.values())
        for name in FEEDS:
            expected = [sent.body for sent in told if sent.feed == name and not sent.resend]
            assert ledger.bodies(name) == expected

    asyncio.run(story())


def test_systems_that_speak_fhir_send_to_the_door() -> None:
    async def story() -> None:
        ledger = Ledger()
        async with served(ledger) as port:
            address = DoorAddress("127.0.0.1", port.number, TOKEN)
            hospital = Hospital(1, START, TINY, frozenset(FEEDS))
            feed = SampleFeed(hospital, dict.fromkeys(FEEDS, address))
            count = await feed.fill()
            await feed.close()
        told = [sent.body for sent in Hospital(1, START, TINY, frozenset(FEEDS)).first_fill()]
        assert count == len(told) == sum(feed.sent.values())
        # One broke off on its way, and the door says so.
        assert len(set(told) - set(ledger.bodies)) == 1

    asyncio.run(story())


def test_live_time_goes_on_at_the_pace_asked_for_until_it_is_stopped() -> None:
    async def story() -> None:
        ledger = MemoryLedger()
        server, ports = await listening(ledger)
        moments = iter([0, *(hour * HOUR for hour in range(1, 4))])
        stop = asyncio.Event()

        def clock() -> int:
            found = next(moments)
            if found == 3 * HOUR:
                stop.set()
            return found

        feed = SampleFeed(Hospital(1, START, TINY), ports, pace=2.0, patience=60, clock=clock)
        filled = await feed.fill()
        await feed.follow(stop)
        await server.close()
        hospital = Hospital(1, START, TINY)
        list(hospital.first_fill())
        lived = list(hospital.live(START + 6 * HOUR))
        assert sum(feed.sent.values()) == filled + len(lived)

    asyncio.run(story())


def test_a_sender_whose_receiver_went_away_sends_the_message_again() -> None:
    async def story() -> None:
        ledger = MemoryLedger()
        server, ports = await listening(ledger)
        hospital = Hospital(1, START, TINY)
        stop, times = asyncio.Event(), iter([0, 0])
        feed = SampleFeed(hospital, ports, clock=lambda: next(times, 2 * HOUR))
        await feed.fill()
        await server.close()
        wanted = len(ledger.held) + 50
        enough = asyncio.Event()
        again = MllpServer(
            [
                msgspec.structs.replace(each, port=ports[each.name])
                for each in demo_site(ports, 0).feeds
            ],
            ledger,
            lambda: START,
            committed=lambda: enough.set() if len(ledger.held) > wanted else None,
        )
        living = asyncio.create_task(feed.follow(stop))
        await again.start()
        await enough.wait()
        stop.set()
        await living
        await again.close()

    asyncio.run(story())


def test_a_demonstration_without_a_receiver_says_that_it_cannot_connect() -> None:
    async def story() -> None:
        ports = dict.fromkeys(FEEDS, 9)
        with pytest.raises(CannotConnectError, match=r"127\.0\.0\.1 port 9"):
            await run_demo_feed(Hospital(1, START, TINY), ports, asyncio.Event())

    asyncio.run(story())
