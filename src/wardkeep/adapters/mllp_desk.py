"""A feed's desk: who may speak on it, what it counted, and what its connections share."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

import msgspec

from wardkeep.adapters.group_commit import Waiting
from wardkeep.adapters.mllp_room import RATION, Room
from wardkeep.adapters.peer_names import may_speak
from wardkeep.hospital.networks import AllowedNetworks
from wardkeep.hospital.site import Feed
from wardkeep.sender.state import MORE, Seen

# Between two looks a second apart; a sender that invents names must not fill the memory.
_SEEN_AT_MOST = 1_000
_OTHERS = (MORE, "", b"", b"", b"")


class FeedFigures(msgspec.Struct, frozen=True):
    """What a listener has seen since it opened. Times are UTC microseconds.

    `messages` counts frames that were made durable, `repeated` those of them that the ledger
    held already; `refused` counts connections closed by a rule and `failed` arrivals that the
    store did not take.
    """

    name: str
    port: int
    since: int
    connections: int = 0
    messages: int = 0
    repeated: int = 0
    stray: int = 0
    bytes: int = 0
    refused: int = 0
    failed: int = 0
    last_peer: str = ""
    last_arrival: int = 0
    turned_away: int = 0
    """Messages that were not taken for want of room: their senders have no answer."""
    strangers: tuple[str, ...] = ()
    """Names of the certificate that was refused last, none where none was."""
    stranger_at: int = 0


class Speaker(Protocol):
    """A connection on a desk."""

    peer: str

    def write_answers(self) -> None:
        """Write the answers noted since the last call."""
        ...

    def overdue(self, now: float) -> str:
        """Return why it must be closed at loop time `now`, or nothing."""
        ...

    def refuse(self, why: str) -> None:
        """Close at once for breaking a rule."""
        ...

    def finish(self) -> None:
        """Read no more; hand over what is left."""
        ...

    def hold(self, reason: int) -> None:
        """Stop reading for `reason` (mllp_room)."""
        ...

    def release(self, reason: int) -> None:
        """Read again unless another reason holds."""
        ...

    def close(self) -> None:
        """Close after what was written has gone out."""
        ...

    def abort(self) -> None:
        """Close at once."""
        ...


class Desk:
    """What the connections of one feed share; counts are plain, kept by the loop's thread."""

    def __init__(
        self,
        feed: Feed,
        room: Room,
        offer: Callable[[Waiting], None],
        clock: Callable[[], int],
        most_connections: int = 1_000_000,
    ) -> None:
        self.feed, self.room, self.offer, self.clock = feed, room, offer, clock
        self.name = feed.name
        self._networks = AllowedNetworks(feed.allow)
        self.since = clock()
        self.port = feed.port
        self.connections = self.messages = self.repeated = self.stray = 0
        self.bytes = self.refused = self.failed = self.last_arrival = 0
        self.last_peer = ""
        self.speaking: set[Speaker] = set()
        self.unread: set[Speaker] = set()
        """Speakers that do not read their answers."""
        self.answering: list[Speaker] = []
        """Speakers with answers noted and not written."""
        self.waits = ""
        """Why nothing of the feed is taken now (rations), "" if it is."""
        self.turned_away = self.stranger_at = 0
        self.strangers: tuple[str, ...] = ()
        self.most_connections = most_connections
        self.seen: dict[tuple[str, str, bytes, bytes, bytes], int] = {}
        """Address, certificate, MSH-3, MSH-4 and MSH-9 of what was taken, and how often."""

    def admits(self, host: str) -> bool:
        """Say whether a sender at this address may speak on the feed."""
        return self._networks.admit(host)

    def saw(self, shown: tuple[str, str, bytes, bytes, bytes]) -> None:
        """Count what a message showed of its sender, until `sightings` asks for it."""
        if shown not in self.seen and len(self.seen) >= _SEEN_AT_MOST:
            shown = _OTHERS
        self.seen[shown] = self.seen.get(shown, 0) + 1

    def sightings(self) -> dict[Seen, int]:
        """Return what was counted since the last call."""
        counted, self.seen = self.seen, {}
        found: dict[Seen, int] = {}
        for (peer, proof, application, facility, kind), count in counted.items():
            named = "^".join((_text(application), _text(facility)))
            seen = Seen(peer, proof, named, _text(kind))
            found[seen] = found.get(seen, 0) + count
        return found

    def why_not(self, names: tuple[str, ...]) -> str:
        """Return why a sender whose certificate has these names may not speak, "" if it may."""
        if not may_speak(names, self.feed.tls_client_names):
            self.strangers, self.stranger_at = names, self.clock()
            return f"its certificate may not speak on the feed: {', '.join(names)}"
        if self.room.connections >= self.most_connections:
            return "too many connections are open"
        return ""

    def ration(self, waits: str) -> None:
        """Hold every speaker while nothing of the feed may be taken; then let them go on."""
        if waits == self.waits:
            return
        self.waits = waits
        for speaker in tuple(self.speaking):
            if waits:
                speaker.hold(RATION)
            else:
                speaker.release(RATION)

    def figures(self) -> FeedFigures:
        """Return the counts as they stand."""
        return FeedFigures(
            name=self.name,
            port=self.port,
            since=self.since,
            connections=self.connections,
            messages=self.messages,
            repeated=self.repeated,
            stray=self.stray,
            bytes=self.bytes,
            refused=self.refused,
            failed=self.failed,
            last_peer=self.last_peer,
            last_arrival=self.last_arrival,
            turned_away=self.turned_away,
            strangers=self.strangers,
            stranger_at=self.stranger_at,
        )


def _text(sent: bytes) -> str:
    return sent[:100].decode("utf-8", "backslashreplace")
