"""Group commit: what one turn of the loop read becomes durable together, in the loop itself.

No thread: handing a message to another thread and its answer back cost more than the commit
on a fast disk, and on a slow one the senders wait for the disk either way (docs/benchmarks.md).
While a commit runs, what arrives waits in the kernel's buffers and shares the next one.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections import deque
from collections.abc import Callable, Sequence
from typing import Protocol

from wardkeep.kernel.errors import WardkeepError
from wardkeep.ledger.arrival import Appended, Arrival, ClinicalWriter
from wardkeep.ledger.errors import StoreFailedError

GROUP_ENTRIES = 2_000
GROUP_BYTES = 16 * 1024 * 1024
"""A commit takes no more than these, so that its answers do not wait for a whole backlog."""

PATIENCE = 1 / 2
PATIENCE_SECONDS = 0.001
"""A commit waits for as many as the last one answered, for half of the time that the last one
took and never longer than this. Lock-step senders send their next message within that time;
without it they fall into two halves that wait for each other's commits."""

_LOG = logging.getLogger(__name__)


class Waiting(Protocol):
    """An arrival in the queue and who waits for it."""

    arrival: Arrival

    @property
    def abandoned(self) -> bool:
        """Whether an earlier arrival of its source failed: this one must not overtake it."""
        ...

    def abandon(self) -> None:
        """Mark the source as abandoned."""
        ...

    def committed(self, appended: Appended) -> None:
        """Take note that the arrival is durable."""
        ...

    def failed(self) -> None:
        """Take note that nobody may be answered."""
        ...


class GroupCommit:
    """Hands queued arrivals to the ledger's writer, in order; used in the loop's thread alone.

    `settled` is called after each group.
    """

    def __init__(
        self,
        writer: ClinicalWriter,
        loop: asyncio.AbstractEventLoop,
        settled: Callable[[], None] = lambda: None,
    ) -> None:
        self._writer, self._loop, self._settled = writer, loop, settled
        self._queue: deque[Waiting] = deque()
        self._due = False
        self._answered, self._until = 0, 0.0
        self._failed = False

    def offer(self, waiting: Waiting) -> None:
        """Queue one arrival; it is committed after what else this turn of the loop reads."""
        self._queue.append(waiting)
        if not self._due:
            self._due = True
            self._loop.call_soon(self._turn)

    async def append(self, arrivals: Sequence[Arrival]) -> list[Appended]:
        """Queue arrivals of another source and wait until they are durable.

        Raises `ledger.errors.StoreFailedError` as the writer does.
        """
        outcomes = [_Awaited(arrival, self._loop.create_future()) for arrival in arrivals]
        for each in outcomes:
            self.offer(each)
        settled = await asyncio.gather(
            *(each.future for each in outcomes), return_exceptions=True
        )
        for outcome in settled:
            if isinstance(outcome, BaseException):
                raise outcome
        return [outcome for outcome in settled if isinstance(outcome, Appended)]

    def close(self) -> None:
        """Commit what is queued."""
        while self._queue:
            self._commit(self._group())

    def _turn(self) -> None:
        if len(self._queue) < self._answered and time.monotonic() < self._until:
            self._loop.call_soon(self._turn)  # the loop reads its sockets in between
            return
        if not self._queue:
            self._due = self._failed = False
            return
        begin = time.monotonic()
        group = self._group()
        # First: whatever happens in this turn, the next one comes.
        self._loop.call_soon(self._turn)
        self._commit(group)
        end = time.monotonic()
        self._answered = len(group)
        self._until = end + min((end - begin) * PATIENCE, PATIENCE_SECONDS)

    def _group(self) -> list[Waiting]:
        group: list[Waiting] = []
        size = 0
        while self._queue and len(group) < GROUP_ENTRIES and size < GROUP_BYTES:
            each = self._queue.popleft()
            group.append(each)
            size += len(each.arrival.body)
        return group

    def _commit(self, group: list[Waiting]) -> None:
        # Only behind a commit that failed can there be sources that were given up.
        kept = [each for each in group if not each.abandoned] if self._failed else group
        appended = self._append(kept) if kept else []
        if appended is None:
            self._failed = True
            for each in kept:
                each.abandon()
        else:
            for each, one in zip(kept, appended, strict=True):
                self._answer(each, one)
        if self._failed:
            for each in group:
                if each.abandoned:
                    each.failed()
        self._settled()

    def _answer(self, each: Waiting, one: Appended) -> None:
        try:
            each.committed(one)
        except Exception as fault:  # noqa: BLE001
            # One message that cannot be answered must not keep the others from their answers:
            # its connection closes, and what it sends again is known as a repeat. The fault's
            # own words are left out: they may quote the message.
            _LOG.error("stored, but could not be answered: %s", type(fault).__name__)
            self._failed = True
            each.abandon()

    def _append(self, kept: list[Waiting]) -> list[Appended] | None:
        try:
            return self._writer.append([each.arrival for each in kept])
        except WardkeepError:
            _LOG.exception("the clinical ledger took none of %d arrivals", len(kept))
        except Exception as fault:  # noqa: BLE001
            # This loop must outlive any fault of one group: without it nobody is ever answered.
            what = type(fault).__name__
            _LOG.error("a fault in the clinical ledger; %d not taken: %s", len(kept), what)
        return None


class _Awaited:
    def __init__(self, arrival: Arrival, future: asyncio.Future[Appended]) -> None:
        self.arrival, self.future, self.abandoned = arrival, future, False

    def abandon(self) -> None:
        self.abandoned = True

    def committed(self, appended: Appended) -> None:
        if not self.future.done():
            self.future.set_result(appended)

    def failed(self) -> None:
        if not self.future.done():
            self.future.set_exception(StoreFailedError("the clinical ledger took nothing"))
