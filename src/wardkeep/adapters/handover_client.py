"""The door's end of the handover: one connection to the writer, any number of requests on it.

Never a hang: where the writer dies, everything that waits fails at once; where it stands
still, after PATIENCE_SECONDS. Whoever is told so may send again: what was stored all the same
is known as a repeat where it has a version.
"""

from __future__ import annotations

import asyncio
from itertools import count
from pathlib import Path
from typing import cast

from typing_extensions import override

from wardkeep.adapters.errors import HandoverFailedError
from wardkeep.adapters.host import reachable
from wardkeep.wire.errors import HandoverBrokenError
from wardkeep.wire.handover import Handed, Receipt, ReceiptReader, Taken, head_of

PATIENCE_SECONDS = 20.0
"""A commit of 16 MB on a disk at 1 MB/s; longer, and a sender would give up first."""


class HandoverClient:
    """Hands bodies to the writer behind the Unix socket at `path`; connects when needed."""

    def __init__(self, path: Path, patience: float = PATIENCE_SECONDS) -> None:
        self._path, self._patience = path, patience
        self._numbers = count(1)
        self._line: _Line | None = None
        self._connecting = asyncio.Lock()

    async def hand(self, feed: str, control: bytes, body: bytes) -> Receipt:
        """Return what the writer says once the body is durable.

        Raises HandoverFailedError: then nothing may be promised to the sender.
        """
        try:
            async with asyncio.timeout(self._patience):
                line = await self._connected()
                receipt = await line.ask(Handed(next(self._numbers), feed, control, body))
        except TimeoutError as fault:
            raise HandoverFailedError("the writer does not answer") from fault
        if receipt.taken is Taken.NOT_STORED:
            raise HandoverFailedError("the ledger took nothing")
        return receipt

    def close(self) -> None:
        """Close the connection."""
        if self._line is not None:
            self._line.close()

    async def _connected(self) -> _Line:
        async with self._connecting:
            if self._line is None or self._line.is_gone:
                loop = asyncio.get_running_loop()
                try:
                    with reachable(self._path) as name:
                        _, self._line = await loop.create_unix_connection(_Line, name)
                except OSError as fault:
                    raise HandoverFailedError("the writer is not there") from fault
            return self._line


class _Line(asyncio.Protocol):
    """One connection to the writer."""

    def __init__(self) -> None:
        self._reader = ReceiptReader()
        self._transport: asyncio.Transport | None = None
        self._asked: dict[int, asyncio.Future[Receipt]] = {}
        self._may_write = asyncio.Event()
        self._may_write.set()
        self.is_gone = False

    async def ask(self, handed: Handed) -> Receipt:
        """Send one request and wait for its answer; raises HandoverFailedError."""
        await self._may_write.wait()
        if self.is_gone or self._transport is None:
            raise HandoverFailedError("the writer is gone")
        answered: asyncio.Future[Receipt] = asyncio.get_running_loop().create_future()
        self._asked[handed.number] = answered
        try:
            self._transport.writelines((head_of(handed), handed.body))
            return await answered
        finally:
            self._asked.pop(handed.number, None)

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
            answered = self._asked.get(receipt.number)
            if answered is not None and not answered.done():
                answered.set_result(receipt)

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
        for answered in self._asked.values():
            if not answered.done():
                answered.set_exception(HandoverFailedError("the writer went away"))
