"""Listeners for a site's feeds: every frame is answered once the ledger holds it.

Promises: an answer goes out only after the commit, in the order of arrival on its connection;
no message is refused for its content; when the store fails nobody is answered and the
connections close, so that senders keep their messages; memory is bounded by `mllp_room`.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence

from wardkeep.adapters.errors import CannotListenError
from wardkeep.adapters.group_commit import GroupCommit, Waiting
from wardkeep.adapters.host import most_files
from wardkeep.adapters.mllp_connection import MllpConnection
from wardkeep.adapters.mllp_desk import Desk, FeedFigures
from wardkeep.adapters.mllp_room import Room
from wardkeep.adapters.mllp_tls import server_context
from wardkeep.adapters.rations import Rations
from wardkeep.hospital.site import Feed
from wardkeep.ledger.arrival import Appended, Arrival, ClinicalWriter
from wardkeep.sender.state import Seen

PATROL_SECONDS = 5.0
LINGER_SECONDS = 2.0
"""Answers already written may take so long to go out when the server closes."""
BACKLOG = 512
FILES_KEPT = 256
"""Files that connections leave to the stores, the charts' requests and the control socket."""
_UNFINISHED_BYTES = 256 * 1024 * 1024

_LOG = logging.getLogger(__name__)


class MllpServer:
    """Listens for `feeds`; hands what arrives to `writer` in the loop's thread.

    `clock` gives UTC microseconds. `committed` is called in the loop after every commit.
    `rations` says which feeds wait for room; without them none does.
    """

    def __init__(
        self,
        feeds: Sequence[Feed],
        writer: ClinicalWriter,
        clock: Callable[[], int],
        *,
        unfinished_bytes: int = _UNFINISHED_BYTES,
        rations: Rations | None = None,
        committed: Callable[[], None] = lambda: None,
    ) -> None:
        self._feeds, self._writer, self._clock = tuple(feeds), writer, clock
        self._committed, self._rations = committed, rations
        self.most_connections = max(most_files() - FILES_KEPT, 1)
        self._room = Room(unfinished_bytes)
        self._desks: list[Desk] = []
        self._listeners: list[asyncio.Server] = []
        self._commits: GroupCommit | None = None
        self._patrolling: asyncio.TimerHandle | None = None

    async def start(self) -> None:
        """Open every listener, or none.

        Raises CannotListenError naming the feed whose address or certificate fails.
        """
        loop = asyncio.get_running_loop()
        self._commits = GroupCommit(self._writer, loop, self._settled)
        try:
            for feed in self._feeds:
                await self._open(feed, self._commits, loop)
        except CannotListenError:
            await self.close()
            raise
        self._patrol_later(loop)

    async def append(self, arrivals: Sequence[Arrival]) -> list[Appended]:
        """Make arrivals of another source durable, in line with those of the feeds.

        Raises `ledger.errors.StoreFailedError` when the ledger did not take them.
        """
        if self._commits is None:
            raise CannotListenError("the listeners are not open")
        return await self._commits.append(arrivals)

    def offer(self, waiting: Waiting) -> None:
        """Queue one arrival of another source, in line with those of the feeds.

        Raises CannotListenError before `start`.
        """
        if self._commits is None:
            raise CannotListenError("the listeners are not open")
        self._commits.offer(waiting)

    async def close(self) -> None:
        """Listen no more, commit and answer what was read, then close every connection."""
        if self._patrolling is not None:
            self._patrolling.cancel()
        for listener in self._listeners:
            listener.close()
        speakers = [speaker for desk in self._desks for speaker in desk.speaking]
        for speaker in speakers:
            speaker.finish()
        if self._commits is not None:
            self._commits.close()
        for speaker in speakers:
            speaker.close()
        await self._wait_until_gone()

    def figures(self) -> tuple[FeedFigures, ...]:
        """Return what each feed counted, in the order of the settings."""
        return tuple(desk.figures() for desk in self._desks)

    def sightings(self) -> dict[str, dict[Seen, int]]:
        """Return who was seen on each feed since the last call, and how often."""
        return {desk.name: desk.sightings() for desk in self._desks}

    @property
    def unfinished_bytes(self) -> int:
        """Bytes of messages that have begun and not ended, over all feeds."""
        return self._room.unfinished_bytes

    @property
    def connections(self) -> int:
        """Connections that are open, over all feeds."""
        return self._room.connections

    @property
    def queued_entries(self) -> int:
        """Arrivals that are not committed."""
        return self._room.queued_entries

    @property
    def unread(self) -> int:
        """Connections held back because their senders read no answers."""
        return sum(len(desk.unread) for desk in self._desks)

    def patrol(self, now: float) -> None:
        """Close the connections that are overdue at loop time `now`."""
        for desk in self._desks:
            for speaker in tuple(desk.speaking):
                if why := speaker.overdue(now):
                    speaker.refuse(why)

    async def _open(
        self, feed: Feed, commits: GroupCommit, loop: asyncio.AbstractEventLoop
    ) -> None:
        desk = Desk(feed, self._room, commits.offer, self._clock, self.most_connections)
        try:
            listener = await loop.create_server(
                lambda: MllpConnection(desk, loop),
                feed.host,
                feed.port,
                ssl=server_context(feed),
                backlog=BACKLOG,
                reuse_address=True,
            )
        except OSError as fault:
            raise CannotListenError(
                f"feed {feed.name}: {feed.host} port {feed.port}: {fault.strerror or fault}"
            ) from fault
        desk.port = listener.sockets[0].getsockname()[1]
        self._listeners.append(listener)
        self._desks.append(desk)

    def ration(self) -> None:
        """Hold the senders of feeds that must wait for room, let the others go on."""
        if self._rations is not None:
            for desk in self._desks:
                desk.ration(self._rations.refuses(desk.name))
            self._rations.heeded()

    def _settled(self) -> None:
        for desk in self._desks:
            if desk.answering:
                speakers, desk.answering = desk.answering, []
                for speaker in speakers:
                    speaker.write_answers()
        if self._rations is not None and self._rations.changed:
            self.ration()
        self._committed()

    def _patrol_later(self, loop: asyncio.AbstractEventLoop) -> None:
        self._patrolling = loop.call_later(PATROL_SECONDS, self._patrol_and_again, loop)

    def _patrol_and_again(self, loop: asyncio.AbstractEventLoop) -> None:
        self.patrol(loop.time())
        self._patrol_later(loop)

    async def _wait_until_gone(self) -> None:
        deadline = asyncio.get_running_loop().time() + LINGER_SECONDS
        while any(desk.speaking for desk in self._desks):
            if asyncio.get_running_loop().time() > deadline:
                for desk in self._desks:
                    for speaker in tuple(desk.speaking):
                        speaker.abort()
                deadline += LINGER_SECONDS
            await asyncio.sleep(0.01)
