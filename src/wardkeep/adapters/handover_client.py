"""The door's end of the handover: one connection to the writer, any number of requests on it.

Never a hang: where the writer dies, everything that waits fails at once; where it stands
still, after PATIENCE_SECONDS. Whoever is told so may send again: what was stored all the same
is known as a repeat where it has a version.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import partial
from itertools import count
from pathlib import Path
from typing import cast

import msgspec
from typing_extensions import override

from wardkeep.adapters.errors import HandoverFailedError
from wardkeep.adapters.host import reachable
from wardkeep.wire.errors import HandoverBrokenError
from wardkeep.wire.handover import Handed, Receipt, ReceiptReader, Taken, head_of

PATIENCE_SECONDS = 20.0
"""A commit of 16 MB on a disk at 1 MB/s; longer, and a sender would give up first."""

_SILENT = "the writer does not answer"


class Sending(msgspec.Struct, frozen=True, gc=False):
    """One body to hand over, with its feed; `control` and `shown` as wire.handover has them."""

    feed: str
    control: bytes
    body: bytes
    shown: bytes = b""


Told = Callable[[Receipt | HandoverFailedError], None]
"""Who hears what became of a body."""


class HandoverClient:
    """Hands bodies to the writer behind the Unix socket at `path`; connects when needed."""

    def __init__(self, path: Path, patience: float = PATIENCE_SECONDS) -> None:
        self._path, self._patience = path, patience
        self._numbers = count(1)
        self._line: _Line | None = None
        self._connecting = asyncio.Lock()
        self._later: set[asyncio.Task[None]] = set()

    def offer(self, sending: Sending, told: Told) -> None:
        """Hand a body over; `told` hears once what the writer says, or why nobody may promise.

        It hears it in a later turn of the loop.
        """
        line = self._line
        if line is not None and line.is_clear:
            line.ask(self._handed(sending), told)
            return
        task = asyncio.get_running_loop().create_task(self._tell(sending, told))
        self._later.add(task)
        task.add_done_callback(self._later.discard)

    async def hand(self, sending: Sending) -> Receipt:
        """Return what the writer says once the body is durable.

        Raises HandoverFailedError: then nothing may be promised to the sender.
        """
        answered: asyncio.Future[Receipt] = asyncio.get_running_loop().create_future()
        try:
            async with asyncio.timeout(self._patience):
                line = await self._connected()
                await line.be_clear()
                line.ask(self._handed(sending), partial(_settle, answered))
                return await answered
        except TimeoutError as fault:
            raise HandoverFailedError(_SILENT) from fault

    def close(self) -> None:
        """Close the connection."""
        if self._line is not None:
            self._line.close()

    def _handed(self, sending: Sending) -> Handed:
        number = next(self._numbers)
        return Handed(number, sending.feed, sending.control, sending.body, sending.shown)

    async def _tell(self, sending: Sending, told: Told) -> None:
        try:
            receipt = await self.hand(sending)
        except HandoverFailedError as fault:
            told(fault)
        else:
            told(receipt)

    async def _connected(self) -> _Line:
        async with self._connecting:
            if self._line is None or self._line.is_gone:
                loop = asyncio.get_running_loop()
                try:
                    with reachable(self._path) as name:
                        _, self._line = await loop.create_unix_connection(
                            lambda: _Line(self._patience), name
                        )
                except OSError as fault:
                    raise HandoverFailedError("the writer is not there") from fault
            return self._line


def _settle(answered: asyncio.Future[Receipt], said: Receipt | HandoverFailedError) -> None:
    if answered.done():
        return
    if isinstance(said, HandoverFailedError):
        answered.set_exception(said)
    else:
        answered.set_result(said)


class _Line(asyncio.Protocol):
    """One connection to the writer; what is asked is answered within `patience` seconds."""

    def __init__(self, patience: float) -> None:
        self._patience = patience
        self._loop = asyncio.get_running_loop()
        self._reader = ReceiptReader()
        self._transport: asyncio.Transport | None = None
        self._asked: dict[int, tuple[float, Told]] = {}
        """The oldest first: until when each waits."""
        self._written: list[bytes] = []
        self._watch: asyncio.TimerHandle | None = None
        self._may_write = asyncio.Event()
        self._may_write.set()
        self.is_gone = False

    @property
    def is_clear(self) -> bool:
        """Whether a request may be written now."""
        return not self.is_gone and self._may_write.is_set()

    async def be_clear(self) -> None:
        """Wait until a request may be written."""
        await self._may_write.wait()

    def ask(self, handed: Handed, told: Told) -> None:
        """Send one request; `told` hears its answer in a later turn of the loop."""
        if self.is_gone or self._transport is None:
            self._loop.call_soon(told, HandoverFailedError("the writer is gone"))
            return
        self._asked[handed.number] = (self._loop.time() + self._patience, told)
        if not self._written:
            # One write for what this turn of the loop asks: the writer commits it together.
            self._loop.call_soon(self._write)
        self._written += (head_of(handed), handed.body)
        if self._watch is None:
            self._watch = self._loop.call_later(self._patience, self._look_for_late)

    def close(self) -> None:
        """Close the connection."""
        if self._transport is not None:
            self._transport.close()

    @override
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)

    @override
    def data_received(self, data: bytes) -> None:
        try:
            receipts = self._reader.feed(data)
        except HandoverBrokenError:
            self.close()
            return
        for receipt in receipts:
            _, told = self._asked.pop(receipt.number, _NOBODY)
            if receipt.taken is Taken.NOT_STORED:
                told(HandoverFailedError("the ledger took nothing"))
            else:
                told(receipt)

    @override
    def pause_writing(self) -> None:
        self._may_write.clear()

    @override
    def resume_writing(self) -> None:
        self._may_write.set()

    @override
    def connection_lost(self, exc: Exception | None) -> None:
        self.is_gone = True
        self._may_write.set()
        if self._watch is not None:
            self._watch.cancel()
        asked, self._asked = self._asked, {}
        for _, told in asked.values():
            told(HandoverFailedError("the writer went away"))

    def _write(self) -> None:
        written, self._written = self._written, []
        if self._transport is not None and not self.is_gone:
            self._transport.writelines(written)

    def _look_for_late(self) -> None:
        self._watch = None
        while self._asked:
            number = next(iter(self._asked))
            until, told = self._asked[number]
            if until > self._loop.time():
                self._watch = self._loop.call_at(until, self._look_for_late)
                return
            del self._asked[number]
            told(HandoverFailedError(_SILENT))


def _nobody(_said: Receipt | HandoverFailedError) -> None:
    """Hear what nobody waits for any more."""


_NOBODY = (0.0, _nobody)
