"""The memory of who sends on the feeds, kept by the writer in `run/senders.json`."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Callable, Mapping, Sequence

import msgspec

from wardkeep.adapters.files import write_private
from wardkeep.alarm.state import Name
from wardkeep.app.control import Body
from wardkeep.app.folder import HospitalFolder
from wardkeep.kernel.times import SECOND
from wardkeep.ledger.encoding import OperationsEvent
from wardkeep.sender.decide import know
from wardkeep.sender.events import PART, encode
from wardkeep.sender.state import Memory, Seen, evolve, note

CODE = "sender-new"
_FILE = "senders.json"
_KEPT_EVERY = 30 * SECOND
_decoder = msgspec.json.Decoder(dict[str, Memory])
_NAMED = 5


class SenderBook:
    """Who was seen on each feed; any thread may use it."""

    def __init__(self, folder: HospitalFolder) -> None:
        self._folder, self._guard = folder, threading.Lock()
        self._memories = _read(folder)
        self._kept_at = 0

    def note(self, counted: Mapping[str, Mapping[Seen, int]], at: int) -> None:
        """Fold what the listeners counted, by feed."""
        with self._guard:
            for feed, seen in counted.items():
                if seen:
                    self._memories[feed] = note(self._memories.get(feed), seen, at)

    def keep_sometimes(self, at: int) -> None:
        """Keep the memory, twice a minute at most."""
        if not 0 <= at - self._kept_at < _KEPT_EVERY:
            self._kept_at = at
            self.keep()

    def keep(self) -> None:
        """Put the memory where a restart finds it; on a full disk it stays as it was."""
        with contextlib.suppress(OSError):
            write_private(self._folder.run / _FILE, msgspec.json.encode(self.memories()))

    def memories(self) -> dict[str, Memory]:
        """Return the memory of each feed."""
        with self._guard:
            return dict(self._memories)

    def know(
        self,
        named: tuple[str, str, str],
        by: str,
        at: int,
        record: Callable[[Sequence[OperationsEvent]], object],
    ) -> None:
        """Record that somebody knows a sender; raises SenderUnknownError, StoreFailedError."""
        for event in know(self.memories(), named, by, at):
            record([OperationsEvent(PART, "SenderKnown", 1, at, by, encode(event))])
            with self._guard:
                self._memories[event.feed] = evolve(self._memories[event.feed], event)
        self.keep()

    def alarms(self) -> dict[Name, str]:
        """Return an alarm for each feed with something that nobody has said is known."""
        found = {}
        for feed, memory in self.memories().items():
            if memory.new:
                names = [f"{sight.trait.value} {sight.name}" for sight in memory.new]
                more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
                found[Name(CODE, feed)] = ", ".join(names[:_NAMED]) + more
        return found


class SenderRequests:
    """What verbs and the web may ask of the book: `senders.list`, `senders.know`."""

    def __init__(
        self,
        book: SenderBook,
        clock: Callable[[], int],
        record: Callable[[Sequence[OperationsEvent]], object],
    ) -> None:
        self._book, self._clock, self._record = book, clock, record

    async def list(self, _: Body) -> Body:
        """Answer what was seen on each feed."""
        return {"feeds": msgspec.to_builtins(self._book.memories(), str_keys=True)}

    async def know(self, body: Body) -> Body:
        """Say that `name`, a `trait` of `feed`, is known to `by`."""
        named = (str(body["feed"]), str(body["trait"]), str(body["name"]))
        by = str(body["by"])
        await asyncio.to_thread(self._book.know, named, by, self._clock(), self._record)
        return {}


def _read(folder: HospitalFolder) -> dict[str, Memory]:
    try:
        return _decoder.decode((folder.run / _FILE).read_bytes())
    except (OSError, msgspec.DecodeError):
        return {}
