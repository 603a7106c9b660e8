"""How much of a day and of the disk each feed may use; what is refused is never acknowledged.

Three bounds, the first to be reached holds a feed: its quota of the day (UTC); the reserve of
the disk, which only vital feeds may use; the last tenth of it, which none may, so that what
people decide and whom they look at can still be recorded. Each goes on by itself: at midnight,
or as soon as there is room.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec

from wardkeep.hospital.site import Feed
from wardkeep.kernel.times import DAY
from wardkeep.ledger.arrival import Appended, Arrival, ClinicalWriter, Verdict

QUOTA, DISK = "quota", "disk"
"""Why a feed waits."""
NEAR = 0.8
"""From this share of its quota on somebody should know: most of a working day is left."""
_LAST = 10


class Taken(msgspec.Struct, frozen=True):
    """Bytes taken of each feed in one day, numbered from 1970-01-01 (UTC)."""

    day: int
    bytes: Mapping[str, int] = {}


class Ration(msgspec.Struct, frozen=True):
    """How a feed stands: bytes of the day, its quota, and why it waits, "" if it does not."""

    feed: str
    taken: int
    quota: int
    waits: str

    @property
    def is_near(self) -> bool:
        """Whether most of the quota is used."""
        return self.taken >= self.quota * NEAR


class Rations:
    """Counts what the ledger took of each feed; in front of `writer`, in the loop's thread."""

    def __init__(
        self, feeds: Sequence[Feed], writer: ClinicalWriter, reserve: int, taken: Taken
    ) -> None:
        """Go on from what was `taken` before a restart; nothing is refused until `look`."""
        self._feeds = {feed.name: feed for feed in feeds}
        self._writer, self.reserve = writer, reserve
        self._day, self._taken = taken.day, dict.fromkeys(self._feeds, 0)
        self._taken |= {f: n for f, n in taken.bytes.items() if f in self._feeds}
        self._free: int | None = None
        self._waits = dict.fromkeys(self._feeds, "")
        self.changed = False
        """Some feed began to wait, or may go on, since `heeded`."""

    def append(self, arrivals: Sequence[Arrival]) -> list[Appended]:
        """Append to the ledger and count what is new to it (port: ClinicalWriter)."""
        appended = self._writer.append(arrivals)
        taken = self._taken
        for arrival, one in zip(arrivals, appended, strict=True):
            if one.verdict is not Verdict.REPEATED and arrival.feed in taken:
                taken[arrival.feed] += len(arrival.body)
        self._decide()
        return appended

    def refuses(self, feed: str) -> str:
        """Return why nothing of a feed may be taken now, "" if it may."""
        return self._waits.get(feed, "")

    def look(self, free_bytes: int, at: int) -> None:
        """Take note of the disk's free bytes and of the time (UTC microseconds)."""
        if at // DAY != self._day:
            self._day, self._taken = at // DAY, dict.fromkeys(self._feeds, 0)
        self._free = free_bytes
        self._decide()

    def heeded(self) -> None:
        """Take note that whoever holds the senders has seen the change."""
        self.changed = False

    def taken(self) -> Taken:
        """Return what a restart goes on from."""
        return Taken(self._day, dict(self._taken))

    def standing(self) -> list[Ration]:
        """Return how each feed stands, in the order of the settings."""
        return [
            Ration(name, self._taken[name], feed.daily_quota_bytes, self._waits[name])
            for name, feed in self._feeds.items()
        ]

    def _decide(self) -> None:
        for name, feed in self._feeds.items():
            why = self._why(feed)
            if why != self._waits[name]:
                self._waits[name], self.changed = why, True

    def _why(self, feed: Feed) -> str:
        if self._taken[feed.name] >= feed.daily_quota_bytes:
            return QUOTA
        needed = self.reserve // _LAST if feed.is_vital else self.reserve
        return DISK if self._free is not None and self._free < needed else ""
