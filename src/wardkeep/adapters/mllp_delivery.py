"""Delivers files of messages over several connections until each message is acknowledged.

Messages of one file go in order over one connection, one at a time; a cut connection is opened
again and the message without an answer is sent again, which the receiver knows as a repeat.
"""

from __future__ import annotations

import asyncio
import math
import ssl
from collections import deque
from collections.abc import Callable, Sequence

import msgspec

from wardkeep.adapters.errors import CannotConnectError
from wardkeep.adapters.mllp_client import MllpSender
from wardkeep.wire.hl7v2.acknowledgement import answers_wanted, header_of, receipts

ATTEMPTS = 8
FIRST_PAUSE_SECONDS = 0.1
"""Doubled with each attempt: the last comes some 13 s after the connection was lost."""
ATTEMPTS_UNHEARD = 5
"""To a receiver that never answered anything: what listens there may not be one at all."""
_NOT_A_RECEIVER = (
    "Something takes connections there and answers no message. See whether this is the port of"
    " an MLLP receiver, whether it speaks TLS (--tls) and whether it lets this sender in."
)
_TAKEN = {b"AA", b"CA"}


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """What became of a delivery. `ack_*_ms`: from the message's last byte to its answer.

    `unasked` messages asked for no answer and are counted as sent. `problems`: the first of
    those that were refused or not sent, each with its place.
    """

    messages: int
    acknowledged: int
    unasked: int
    refused: int
    unsent: int
    seconds: float
    ack_p50_ms: float
    ack_p99_ms: float
    problems: tuple[str, ...]

    @property
    def complete(self) -> bool:
        """Whether every message that wants an answer was acknowledged."""
        return self.refused == self.unsent == 0


class Delivery:
    """Delivers `files`, pairs of a name and its messages, to one receiver.

    `rate`: messages a second over all connections, 0 for as fast as they are answered.
    `told` is called after each message.
    """

    def __init__(
        self,
        files: Sequence[tuple[str, Sequence[bytes]]],
        address: tuple[str, int],
        *,
        rate: float = 0.0,
        tls: ssl.SSLContext | None = None,
        told: Callable[[], None] = lambda: None,
    ) -> None:
        self._files, self._address, self._tls = deque(files), address, tls
        self._rate, self._told = rate, told
        self._messages = sum(len(messages) for _, messages in files)
        self._waits: list[float] = []
        self._problems: list[str] = []
        self._unasked = self._refused = self._sent = 0
        self._next = 0.0

    async def run(self, connections: int) -> Outcome:
        """Deliver everything over at most `connections` connections; never raises for one.

        Raises CannotConnectError when not even the first connection opens, or nothing at all
        was answered.
        """
        loop = asyncio.get_running_loop()
        count = max(1, min(connections, len(self._files)))
        senders = [MllpSender(*self._address, self._tls) for _ in range(count)]
        for sender in senders:
            await sender.connect()
        begin = self._next = loop.time()
        await asyncio.gather(*(self._work(sender) for sender in senders))
        if self._problems and not self._heard and not self._unasked:
            raise CannotConnectError(self._problems[0], advice=_NOT_A_RECEIVER)
        return self._outcome(loop.time() - begin)

    @property
    def _heard(self) -> bool:
        return bool(self._waits or self._refused)

    async def _work(self, sender: MllpSender) -> None:
        while self._files:
            name, messages = self._files.popleft()
            for number, body in enumerate(messages, 1):
                if not await self._deliver(sender, body, f"{name}, message {number}"):
                    await sender.close()
                    return
        await sender.close()

    async def _deliver(self, sender: MllpSender, body: bytes, place: str) -> bool:
        await self._pace()
        pause = FIRST_PAUSE_SECONDS
        for attempt in range(ATTEMPTS):
            try:
                if attempt:
                    await sender.close()
                    await sender.connect()
                await self._exchange(sender, body, place)
            except CannotConnectError as fault:
                if self._gives_up(attempt + 1, fault):
                    self._problems.append(f"{place}: {fault}")
                    return False
                await asyncio.sleep(pause)
                pause *= 2
            else:
                self._sent += 1
                self._told()
                return True
        return False

    def _gives_up(self, attempts: int, fault: CannotConnectError) -> bool:
        if self._heard:
            return attempts >= ATTEMPTS
        # Who has kept silent for a whole wait is not asked for another.
        return attempts >= ATTEMPTS_UNHEARD or isinstance(fault.__cause__, TimeoutError)

    async def _exchange(self, sender: MllpSender, body: bytes, place: str) -> None:
        clock = asyncio.get_running_loop().time
        header = header_of(body)
        wanted = answers_wanted(header)
        begin = clock()
        await sender.post(body)
        if not wanted:
            self._unasked += 1
            return
        told = receipts(await sender.answer())
        while header.kind == b"MSH" and not _answers(told, header.control, wanted):
            # An answer to an earlier message: its second one, or one that came too late.
            told = receipts(await sender.answer())
        self._waits.append(clock() - begin)
        bad = [code for code, _ in told if code not in _TAKEN]
        if bad:
            self._refused += 1
            self._waits.pop()
            self._problems.append(f"{place}: refused with {bad[0].decode('ascii', 'replace')}")

    async def _pace(self) -> None:
        if self._rate <= 0:
            return
        due, self._next = self._next, self._next + 1 / self._rate
        await asyncio.sleep(max(0.0, due - asyncio.get_running_loop().time()))

    def _outcome(self, seconds: float) -> Outcome:
        waits = sorted(self._waits)
        return Outcome(
            messages=self._messages,
            acknowledged=len(waits),
            unasked=self._unasked,
            refused=self._refused,
            unsent=self._messages - self._sent,
            seconds=round(seconds, 3),
            ack_p50_ms=_milliseconds(waits, 0.5),
            ack_p99_ms=_milliseconds(waits, 0.99),
            problems=tuple(self._problems[:20]),
        )


def _answers(told: list[tuple[bytes, bytes]], control: bytes, wanted: int) -> bool:
    """Say whether an answer is the first one to a message; of two, the accept answer is."""
    return any(
        control == each and (wanted == 1 or code.startswith(b"C")) for code, each in told
    )


def _milliseconds(waits: list[float], share: float) -> float:
    if not waits:
        return 0.0
    return round(waits[math.ceil(share * len(waits)) - 1] * 1000, 3)
