"""The simulated hospital on the wire: seven senders, over MLLP or to the door for FHIR."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from itertools import islice
from typing import Protocol

from wardkeep.adapters.clock import now
from wardkeep.adapters.errors import CannotConnectError
from wardkeep.adapters.fhir_sender import DoorAddress, FhirSender
from wardkeep.adapters.mllp_client import MllpSender
from wardkeep.sample.desk import Sent
from wardkeep.sample.hospital import Hospital

_AT_ONCE = 64
"""Messages a sender of the first fill has unanswered; an export does not wait for each."""
_TOLD_EVERY = 2_000
"""Messages of the first fill after which it is known how many were answered."""
_WRITTEN_AT_ONCE = 200
_TICK = 0.2
_AGAIN = 1.0
"""Seconds between looks at the clock, and until a sender knocks again at a closed door."""


class Sender(Protocol):
    """A connection of one system to its receiver; raises CannotConnectError throughout."""

    async def connect(self) -> None:
        """Reach the receiver."""
        ...

    async def send(self, body: bytes) -> bytes:
        """Send one message and return its answer."""
        ...

    async def send_many(self, bodies: Iterable[bytes], in_flight: int = 1) -> list[bytes]:
        """Send messages, at most `in_flight` unanswered; return their answers."""
        ...

    async def close(self) -> None:
        """Close what is open."""
        ...


class _Line:
    """One sender: messages in order, each until it is answered, over as many connections."""

    def __init__(self, make: Callable[[], Sender]) -> None:
        self.waiting: asyncio.Queue[bytes] = asyncio.Queue()
        self.sent = 0
        self._make = make
        self._sender: Sender | None = None

    async def fill(self, bodies: Iterable[bytes]) -> None:
        sender = await self._connected()
        begun = iter(bodies)
        while some := list(islice(begun, _TOLD_EVERY)):
            self.sent += len(await sender.send_many(some, in_flight=_AT_ONCE))

    async def follow(self) -> None:
        while True:
            body = await self.waiting.get()
            await self._deliver(body)
            self.sent += 1
            self.waiting.task_done()

    async def _deliver(self, body: bytes) -> None:
        """Send until it is answered; the receiver may be starting again."""
        while True:
            try:
                await (await self._connected()).send(body)
            except CannotConnectError:
                await self.close()
            else:
                return
            await asyncio.sleep(_AGAIN)

    async def _connected(self) -> Sender:
        if self._sender is None:
            sender = self._make()
            await sender.connect()
            self._sender = sender
        return self._sender

    async def close(self) -> None:
        sender, self._sender = self._sender, None
        if sender is not None:
            await sender.close()


def _maker(host: str, port: int | DoorAddress) -> Callable[[], Sender]:
    if isinstance(port, DoorAddress):
        return partial(FhirSender, port)
    return partial(MllpSender, host, port)


class SampleFeed:
    """Sends what a simulated hospital says, each feed by a sender of its own.

    `ports` leads from the name of a feed to its port, or to the door that it shows a token at
    where its system speaks FHIR. `pace` is how much faster than the clock
    the hospital lives once its first fill is sent; 1.0 is live. `patience` is how many seconds
    an end waits for answers that are still out. `clock` gives UTC microseconds.
    """

    def __init__(
        self,
        hospital: Hospital,
        ports: Mapping[str, int | DoorAddress],
        *,
        host: str = "127.0.0.1",
        pace: float = 1.0,
        patience: float = _AGAIN,
        clock: Callable[[], int] = now,
    ) -> None:
        self._hospital = hospital
        self._lines = {feed: _Line(_maker(host, port)) for feed, port in ports.items()}
        self._pace = pace
        self._patience = patience
        self._clock = clock
        self.waiting = 0
        """How many messages the first fill has so far; all of them once any was sent."""

    @property
    def sent(self) -> dict[str, int]:
        """How many messages each feed has had answered, repetitions included."""
        return {feed: line.sent for feed, line in self._lines.items()}

    async def fill(self) -> int:
        """Send the first fill, all feeds at once; return how many messages were answered.

        Raises CannotConnectError when a receiver cannot be reached or goes away.
        """
        queues: dict[str, list[bytes]] = {feed: [] for feed in self._lines}
        counted: Counter[str] = Counter()
        for sent in self._hospital.first_fill():
            queues[sent.feed].append(sent.body)
            counted[sent.feed] += 1
            self.waiting += 1
            if self.waiting % _WRITTEN_AT_ONCE == 0:
                await asyncio.sleep(0)  # whoever waits may look at the count, or end it
        tasks = [
            asyncio.create_task(line.fill(queues[feed])) for feed, line in self._lines.items()
        ]
        try:
            await asyncio.gather(*tasks)
        finally:
            await _end(tasks)
        return counted.total()

    async def follow(self, stop: asyncio.Event) -> None:
        """Live on until `stop` is set, then see every message answered that was begun.

        A sender whose receiver goes away tries again each second and repeats its message.
        """
        began = self._clock()
        tasks = [asyncio.create_task(line.follow()) for line in self._lines.values()]
        try:
            while not stop.is_set():
                passed = int((self._clock() - began) * self._pace)
                self.queue(self._hospital.live(self._hospital.start + passed))
                await _wait(stop)
            await self._emptied()
        finally:
            await _end(tasks)
            await self.close()

    def queue(self, messages: Iterable[Sent]) -> None:
        """Let messages wait for their senders."""
        for sent in messages:
            self._lines[sent.feed].waiting.put_nowait(sent.body)

    async def _emptied(self) -> None:
        """Wait a moment for the answers to what has been sent."""
        try:
            async with asyncio.timeout(self._patience):
                for line in self._lines.values():
                    await line.waiting.join()
        except TimeoutError:
            return

    async def close(self) -> None:
        """Close every connection."""
        for line in self._lines.values():
            await line.close()


async def _end(tasks: list[asyncio.Task[None]]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


async def _wait(stop: asyncio.Event) -> None:
    try:
        async with asyncio.timeout(_TICK):
            await stop.wait()
    except TimeoutError:
        return


async def run_demo_feed(
    hospital: Hospital,
    ports: Mapping[str, int | DoorAddress],
    stop: asyncio.Event,
    *,
    pace: float = 1.0,
    filled: Callable[[int], None] | None = None,
) -> None:
    """Send the first fill to loopback ports, say how many messages that were, then live on.

    Returns within about a second of `stop` being set. Raises CannotConnectError when the
    receiver is not there at the beginning; later absences are waited out.
    """
    feed = SampleFeed(hospital, ports, pace=pace)
    try:
        count = await feed.fill()
        if filled is not None:
            filled(count)
        await feed.follow(stop)
    finally:
        await feed.close()
