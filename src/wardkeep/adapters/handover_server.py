"""The writer's end of the handover: FHIR bodies from the door into the group commits.

Many requests of one turn share a commit; each is answered after it. Reading pauses while more
waits for the ledger than `mllp_room` allows, so the door and its senders wait.
"""

from __future__ import annotations

import asyncio
import logging
import socket
from collections import Counter
from collections.abc import Callable, Collection
from pathlib import Path
from typing import cast

from typing_extensions import override

from wardkeep.adapters.group_commit import Waiting
from wardkeep.adapters.host import reachable
from wardkeep.adapters.mllp_room import QUEUED_BYTES, QUEUED_ENTRIES
from wardkeep.hospital.site import Feed
from wardkeep.ledger.arrival import Appended, Arrival, Kind, Verdict
from wardkeep.sender.state import Seen
from wardkeep.wire.errors import HandoverBrokenError
from wardkeep.wire.handover import (
    Handed,
    Receipt,
    RequestReader,
    Taken,
    receipt_frame,
    who,
)

_TAKEN = {
    Verdict.NEW: Taken.NEW,
    Verdict.REPEATED: Taken.REPEATED,
    Verdict.ID_REUSED: Taken.ID_REUSED,
}
_LOG = logging.getLogger(__name__)


class HandoverServer:
    """Takes bodies of the FHIR `feeds` on the Unix socket at `path` (0600).

    `offer` queues an arrival for the next commit, `clock` gives UTC microseconds.
    """

    def __init__(
        self,
        path: Path,
        feeds: Collection[Feed],
        offer: Callable[[Waiting], None],
        clock: Callable[[], int],
    ) -> None:
        self._path, self.offer, self.clock = path, offer, clock
        self.feeds = frozenset(feed.name for feed in feeds)
        self.longest = max((feed.max_message_bytes for feed in feeds), default=0)
        self.speaking: set[_Handover] = set()
        self._shown: Counter[tuple[str, bytes]] = Counter()
        self._server: asyncio.Server | None = None

    async def start(self) -> None:
        """Open the socket; one that a dead server left is taken over."""
        self._path.unlink(missing_ok=True)
        listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        with reachable(self._path) as name:
            listener.bind(name)
        self._path.chmod(0o600)
        loop = asyncio.get_running_loop()
        self._server = await loop.create_unix_server(lambda: _Handover(self), sock=listener)

    def shows(self, handed: Handed) -> None:
        """Take note of who sent what."""
        if handed.shown:
            self._shown[handed.feed, handed.shown] += 1

    def sightings(self) -> dict[str, dict[Seen, int]]:
        """Return who was seen on each feed since the last call, and how often."""
        shown, self._shown = self._shown, Counter()
        found: dict[str, dict[Seen, int]] = {}
        for (feed, said), count in shown.items():
            address, token, kind = who(said)
            found.setdefault(feed, {})[Seen(address, "", "", kind, token)] = count
        return found

    def finish(self) -> None:
        """Take nothing more; what is queued may still be committed and answered."""
        if self._server is not None:
            self._server.close()
        self._path.unlink(missing_ok=True)
        for each in tuple(self.speaking):
            each.finish()

    def close(self) -> None:
        """Close every connection after what was written has gone out."""
        for each in tuple(self.speaking):
            each.close()


class _Handover(asyncio.Protocol):
    """One connection of a door."""

    def __init__(self, server: HandoverServer) -> None:
        self._server = server
        self._reader = RequestReader(server.longest)
        self._transport: asyncio.Transport | None = None
        self._bytes = self._entries = 0
        self._written: list[bytes] = []
        self._paused = self._finished = False

    @override
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)
        self._server.speaking.add(self)

    @override
    def connection_lost(self, exc: Exception | None) -> None:
        self._server.speaking.discard(self)
        self._transport = None

    @override
    def data_received(self, data: bytes) -> None:
        try:
            for handed in self._reader.feed(data):
                self._take(handed)
        except HandoverBrokenError as fault:
            _LOG.error("a door is not understood: %s", fault)
            self.close()
        full = self._bytes > QUEUED_BYTES or self._entries > QUEUED_ENTRIES
        if full and self._transport is not None and not self._paused:
            self._paused = True
            self._transport.pause_reading()

    def _take(self, handed: Handed) -> None:
        if handed.feed not in self._server.feeds:
            raise HandoverBrokenError("there is no FHIR feed of that name")
        self._server.shows(handed)
        self._bytes += len(handed.body)
        self._entries += 1
        at = self._server.clock()
        arrival = Arrival(handed.feed, at, Kind.FHIR, b"", b"", handed.control, handed.body)
        self._server.offer(_Offered(arrival, handed.number, self))

    def answer(self, receipt: Receipt, size: int) -> None:
        """Write one answer and make room for the next request."""
        self._bytes -= size
        self._entries -= 1
        if self._transport is None:
            return
        if not self._written:
            # One write for what a commit answers.
            asyncio.get_running_loop().call_soon(self._write)
        self._written.append(receipt_frame(receipt))
        little = self._bytes <= QUEUED_BYTES // 2 and self._entries <= QUEUED_ENTRIES // 2
        if self._paused and little and not self._finished:
            self._paused = False
            self._transport.resume_reading()

    def _write(self) -> None:
        written, self._written = self._written, []
        if self._transport is not None:
            self._transport.writelines(written)

    def finish(self) -> None:
        """Read no more."""
        if self._transport is not None and not self._paused:
            self._transport.pause_reading()
        self._finished = True

    def close(self) -> None:
        """Close after what was written has gone out."""
        self._write()
        if self._transport is not None:
            self._transport.close()


class _Offered:
    """One body in the queue (port: group_commit.Waiting); none is given up for another's."""

    __slots__ = ("_door", "_number", "abandoned", "arrival")

    def __init__(self, arrival: Arrival, number: int, door: _Handover) -> None:
        self.arrival, self._number, self._door = arrival, number, door
        self.abandoned = False

    def abandon(self) -> None:
        self.abandoned = True

    def committed(self, appended: Appended) -> None:
        taken = _TAKEN[appended.verdict]
        self._say(Receipt(self._number, appended.sequence, appended.received, taken))

    def failed(self) -> None:
        self._say(Receipt(self._number, 0, 0, Taken.NOT_STORED))

    def _say(self, receipt: Receipt) -> None:
        self._door.answer(receipt, len(self.arrival.body))
