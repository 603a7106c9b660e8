"""How much a site's listeners may hold in memory, and who waits when it is full."""

from __future__ import annotations

from typing import Protocol

QUEUED_BYTES = 64 * 1024 * 1024
QUEUED_ENTRIES = 20_000
"""Ten group commits: more only lengthens the wait for an answer."""


class Reader(Protocol):
    """A connection whose reading can be held back."""

    def hold(self, reason: int) -> None:
        """Stop reading for `reason`."""
        ...

    def release(self, reason: int) -> None:
        """Read again unless another reason holds."""
        ...


UNFINISHED, QUEUED, ANSWERS, ENDED, RATION = 1, 2, 4, 8, 16
"""Why a reader is held: unfinished frames, the queue to the store, unread answers, the end,
the feed's quota or the disk's reserve."""


class Room:
    """Counts bytes of unfinished frames and of arrivals not yet committed, over all feeds.

    Above `unfinished_limit` only the oldest unfinished frame grows, so that it ends and makes
    room for the next: holding all of them would hold them for ever.
    """

    def __init__(
        self,
        unfinished_limit: int,
        queued_bytes: int = QUEUED_BYTES,
        queued_entries: int = QUEUED_ENTRIES,
    ) -> None:
        self._unfinished_limit = unfinished_limit
        self._queued_limits = (queued_bytes, queued_entries)
        self._unfinished: dict[Reader, int] = {}
        self._total = 0
        self._growing_later: set[Reader] = set()
        self._bytes = self._entries = 0
        self.connections = 0
        """Connections that are open, over all feeds."""
        self._queueing_later: set[Reader] = set()

    @property
    def unfinished_bytes(self) -> int:
        """Bytes of all unfinished frames together."""
        return self._total

    @property
    def queued_bytes(self) -> int:
        """Bytes of all arrivals that are not committed."""
        return self._bytes

    @property
    def queued_entries(self) -> int:
        """Arrivals that are not committed."""
        return self._entries

    @property
    def unfinished(self) -> tuple[Reader, ...]:
        """The readers in the middle of a frame, the longest there first."""
        return tuple(self._unfinished)

    def grew(self, reader: Reader, size: int, *, anew: bool) -> None:
        """Take note that `reader` now holds `size` bytes of an unfinished frame.

        `anew`: another frame of it ended meanwhile, so it queues behind the others.
        """
        before = self._unfinished.pop(reader, 0) if anew else self._unfinished.get(reader, 0)
        self._unfinished[reader] = size
        self._total += size - before
        if self._total > self._unfinished_limit and reader is not next(iter(self._unfinished)):
            self._growing_later.add(reader)
            reader.hold(UNFINISHED)
        if anew:
            self._let_grow()

    def ended(self, reader: Reader) -> None:
        """Take note that `reader` holds no unfinished frame (any more)."""
        self._total -= self._unfinished.pop(reader, 0)
        self._growing_later.discard(reader)
        self._let_grow()

    def queued(self, reader: Reader, size: int) -> None:
        """Take note of an arrival of `size` bytes on its way to the store."""
        self._bytes += size
        self._entries += 1
        if self._bytes > self._queued_limits[0] or self._entries > self._queued_limits[1]:
            self._queueing_later.add(reader)
            reader.hold(QUEUED)

    def settled(self, size: int) -> None:
        """Take note that an arrival of `size` bytes is committed or given up."""
        self._bytes -= size
        self._entries -= 1
        most_bytes, most_entries = self._queued_limits
        if self._queueing_later and (
            self._bytes <= most_bytes // 2 and self._entries <= most_entries // 2
        ):
            readers, self._queueing_later = self._queueing_later, set()
            for reader in readers:
                reader.release(QUEUED)

    def _let_grow(self) -> None:
        if not self._growing_later:
            return
        if self._total <= self._unfinished_limit:
            readers, self._growing_later = self._growing_later, set()
            for reader in readers:
                reader.release(UNFINISHED)
        elif (oldest := next(iter(self._unfinished))) in self._growing_later:
            self._growing_later.remove(oldest)
            oldest.release(UNFINISHED)
