"""Group commit: one thread makes durable whatever queued while the last commit ran.

No timer: at low load an arrival is committed at once, under load many share one commit. A
commit waits an eighth of the last one's time at most for the senders whom that one answered.
"""

from __future__ import annotations

import asyncio
import logging
import threading
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

PATIENCE = 1 / 8
"""Share of the last commit's time that a commit waits for those whom the last one answered."""

_LOG = logging.getLogger(__name__)


class Waiting(Protocol):
    """An arrival in the queue and who waits for it."""

    arrival: Arrival

    @property
    def abandoned(self) -> bool:
        """Whether an earlier arrival of its source failed: this one must not overtake it."""
        ...

    def abandon(self) -> None:
        """Mark the source as abandoned; called in the committing thread."""
        ...

    def committed(self, appended: Appended) -> None:
        """Take note that the arrival is durable; called in the loop's thread."""
        ...

    def failed(self) -> None:
        """Take note that nobody may be answered; called in the loop's thread."""
        ...


class GroupCommit:
    """Hands queued arrivals to the ledger's writer from its own thread, in order.

    `settled` is called in the loop's thread after each group.
    """

    def __init__(
        self,
        writer: ClinicalWriter,
        loop: asyncio.AbstractEventLoop,
        settled: Callable[[], None] = lambda: None,
    ) -> None:
        self._writer, self._loop, self._settled = writer, loop, settled
        self._queue: deque[Waiting | None] = deque()
        self._idle, self._bell = False, threading.Semaphore(0)
        self._answered, self._patience = 0, 0.0
        self._thread = threading.Thread(target=self._run, name="group-commit", daemon=True)
        self._thread.start()

    def offer(self, waiting: Waiting | None) -> None:
        """Queue one `Waiting`; never blocks. None ends the thread after all before it."""
        self._queue.append(waiting)
        # Rung only for a thread that sleeps: a bell a message cost more than the message.
        if self._idle:
            self._idle = False
            self._bell.release()

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

    async def close(self) -> None:
        """Commit what is queued, then end the thread."""
        self.offer(None)
        await self._loop.run_in_executor(None, self._thread.join)
        await asyncio.sleep(0)  # the last group's answers were put on the loop before

    def _run(self) -> None:
        going = True
        while going:
            group, going = self._take()
            if group:
                begin = time.monotonic()
                self._commit(group)
                # Lock-step senders just answered send their next message within a moment: a
                # commit without them would make them wait for two commits each.
                self._answered = len(group)
                self._patience = (time.monotonic() - begin) * PATIENCE

    def _take(self) -> tuple[list[Waiting], bool]:
        while not self._queue:
            self._idle = True
            # Looked at again after the flag: what came in between rang no bell.
            if not self._queue:
                self._bell.acquire()
        self._idle = False
        if len(self._queue) < self._answered:
            time.sleep(self._patience)
        group: list[Waiting] = []
        size = 0
        while self._queue and len(group) < GROUP_ENTRIES and size < GROUP_BYTES:
            each = self._queue.popleft()
            if each is None:
                return group, False
            group.append(each)
            size += len(each.arrival.body)
        return group, True

    def _commit(self, group: list[Waiting]) -> None:
        kept = [each for each in group if not each.abandoned]
        appended = self._append(kept) if kept else []
        if appended is None:
            for each in kept:
                each.abandon()
        self._loop.call_soon_threadsafe(self._settle, group, kept, appended)

    def _append(self, kept: list[Waiting]) -> list[Appended] | None:
        try:
            return self._writer.append([each.arrival for each in kept])
        except WardkeepError:
            _LOG.exception("the clinical ledger took none of %d arrivals", len(kept))
        except Exception:  # noqa: BLE001
            # This loop must outlive any fault of one group: without it nobody is ever answered.
            _LOG.exception("a fault in the clinical ledger; %d arrivals not taken", len(kept))
        return None

    def _settle(
        self, group: list[Waiting], kept: list[Waiting], appended: list[Appended] | None
    ) -> None:
        if appended is not None:
            for each, one in zip(kept, appended, strict=True):
                each.committed(one)
        if appended is None or len(kept) < len(group):
            for each in group:
                if each.abandoned:
                    each.failed()
        self._settled()


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
