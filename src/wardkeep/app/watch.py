"""What the writer looks at once a second, and what it raises or clears of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Protocol

from wardkeep.adapters import host
from wardkeep.adapters.mllp_desk import FeedFigures
from wardkeep.adapters.rations import DISK, QUOTA, Ration, Rations, Taken
from wardkeep.alarm.events import PART, AlarmEvent, encode
from wardkeep.alarm.state import Name
from wardkeep.app import feed_days, processes, senders, store_alarms
from wardkeep.app.alarms import AlarmBook, of_processes
from wardkeep.app.folder import HospitalFolder
from wardkeep.app.senders import SenderBook
from wardkeep.app.store_alarms import StoreAlarms
from wardkeep.kernel.times import HOUR, SECOND
from wardkeep.ledger.encoding import OperationsEvent
from wardkeep.sender.state import Seen

FEED_CODES = frozenset(
    {"feed-near-quota", "feed-quota", "feed-waits-for-disk", "sender-refused"}
)
MACHINE_CODES = frozenset(
    {"disk-low", "disk-read-only", "inodes-low", "files-low", "memory-low", "log-grows"}
)
INODES_NEEDED = 200
"""A day needs some ten files of the ledgers and three a ward of its paper."""
LONGEST_LOG = 256 * 1024 * 1024
"""A ledger's write-ahead log is put away from 32 MB on, unless a reader holds on to it."""
_KEPT_EVERY = 10 * SECOND
_NEARLY = 0.9
_NOT_EVEN_TWICE = 2


class Watched(Protocol):
    """The ledgers, as the watch asks them."""

    alarms: StoreAlarms

    def lost(self) -> Mapping[str, int]:
        """Return by ledger how many entries were given out and are gone."""
        ...

    def damaged(self) -> Mapping[str, Sequence[str]]:
        """Return by ledger the files that were left because of damage."""
        ...

    def decide(self, events: Sequence[OperationsEvent]) -> int:
        """Append to the operations ledger; raises StoreFailedError."""
        ...


class Listeners(Protocol):
    """The feeds' listeners, as the watch asks them."""

    most_connections: int

    @property
    def connections(self) -> int:
        """Connections that are open."""
        ...

    def figures(self) -> Sequence[FeedFigures]:
        """Return what each feed counted."""
        ...

    def sightings(self) -> Mapping[str, Mapping[Seen, int]]:
        """Return who was seen on each feed since the last call, and how often."""
        ...

    def ration(self) -> None:
        """Hold the senders of feeds that must wait for room, let the others go on."""
        ...


class Watch:
    """Keeps the book of alarms true to what can be seen from the writer."""

    def __init__(
        self,
        folder: HospitalFolder,
        ledgers: Watched,
        book: AlarmBook,
        how_late: Callable[[int], str] = lambda _at: "",
        listeners: Listeners | None = None,
        rations: Rations | None = None,
    ) -> None:
        """Watch from now on; `how_late` says why the newest backup is too old, if it is.

        Listeners and rations are left out where no messages are taken.
        """
        self._folder, self._ledgers, self._book = folder, ledgers, book
        self._how_late = how_late
        self._listeners, self._rations = listeners, rations
        self._kept, self._kept_at = Taken(0), 0
        self.senders = SenderBook(folder)

    def ration(self, at: int) -> None:
        """Look at the room that is left and hold feeds by it; in the listeners' thread."""
        if self._listeners is not None and self._rations is not None:
            self._rations.look(host.free_bytes(self._folder.path), at)
            self._listeners.ration()
            self.senders.note(self._listeners.sightings(), at)

    def look(self, at: int) -> None:
        """Look at everything, and tell what changed; raises StoreFailedError, OSError."""
        free = host.free_bytes(self._folder.path)
        stores = self._ledgers.alarms.found(free, self._ledgers.lost(), self._ledgers.damaged())
        self._book.replace(store_alarms.CODES, stores, at)
        known = of_processes(processes.read(self._folder), at)
        down = {Name("process-down", each.subject): each.detail for each in known}
        # Whoever asks is answered by this process: it runs, whatever a full disk left written.
        down.pop(Name("process-down", "writer"), None)
        self._book.replace({"process-down"}, down, at)
        late = self._how_late(at)
        self._book.replace({"backup-late"}, {Name("backup-late", ""): late} if late else {}, at)
        self._book.replace(MACHINE_CODES, self._of_machine(free), at)
        if self._listeners is not None and self._rations is not None:
            feeds = of_feeds(self._rations.standing(), self._listeners.figures(), at)
            self._book.replace(FEED_CODES, feeds, at)
            self._book.replace({senders.CODE}, self.senders.alarms(), at)
            self._keep(self._rations.taken(), at)
            self.senders.keep_sometimes(at)
        self._book.tell(at, lambda told: self._record(told, at))

    def close(self) -> None:
        """Keep what a restart goes on from."""
        if self._rations is not None:
            self.senders.keep()
            feed_days.write(self._folder, self._rations.taken())

    def _of_machine(self, free: int) -> dict[Name, str]:
        folder, found = self._folder.path, dict[Name, str]()
        if self._rations is not None and free < _NOT_EVEN_TWICE * self._rations.reserve:
            found[Name("disk-low")] = f"{free:,} bytes are free"
        locked = [path for path in (folder, *self._folder.folders) if host.is_read_only(path)]
        if locked:
            found[Name("disk-read-only")] = f"{locked[0]} is mounted read-only"
        inodes = host.free_inodes(folder)
        if inodes is not None and inodes < INODES_NEEDED:
            found[Name("inodes-low")] = f"{inodes} more files"
        memory = host.memory_use()
        if memory is not None and memory[0] >= _NEARLY * memory[1]:
            found[Name("memory-low")] = f"{memory[0]:,} of {memory[1]:,} bytes"
        return found | self._of_files()

    def _of_files(self) -> dict[Name, str]:
        found = dict[Name, str]()
        for path in (self._folder.clinical, self._folder.operations, self._folder.access):
            if size := longest_log(path):
                found[Name("log-grows", path.name)] = f"{size:,} bytes"
        doors = self._listeners
        if doors is not None and doors.connections >= _NEARLY * doors.most_connections:
            told = f"{doors.connections} of {doors.most_connections} connections"
            found[Name("files-low")] = told
        return found

    def _keep(self, taken: Taken, at: int) -> None:
        if taken != self._kept and not 0 <= at - self._kept_at < _KEPT_EVERY:
            feed_days.write(self._folder, taken)
            self._kept, self._kept_at = taken, at

    def _record(self, told: Sequence[AlarmEvent], at: int) -> None:
        self._ledgers.decide([to_event(each, at) for each in told])


def of_feeds(
    rations: Sequence[Ration], figures: Sequence[FeedFigures], at: int
) -> dict[Name, str]:
    """Return what stands against feeds: quotas, the disk's reserve, certificates refused."""
    found: dict[Name, str] = {}
    for each in rations:
        told = f"{each.taken:,} of {each.quota:,} bytes today"
        if each.waits == QUOTA:
            found[Name("feed-quota", each.feed)] = told
        elif each.waits == DISK:
            found[Name("feed-waits-for-disk", each.feed)] = "the disk has no more room for it"
        elif each.is_near:
            found[Name("feed-near-quota", each.feed)] = told
    for figure in figures:
        # An hour after the last of them: a sender that is refused comes again every minute.
        if figure.stranger_at and 0 <= at - figure.stranger_at < HOUR:
            found[Name("sender-refused", figure.name)] = ", ".join(figure.strangers) or "none"
    return found


def longest_log(folder: Path) -> int:
    """Return the size of the longest write-ahead log of a ledger, 0 if none is long."""
    sizes = [path.stat().st_size for path in folder.glob("*-wal")]
    return max((size for size in sizes if size > LONGEST_LOG), default=0)


def to_event(event: AlarmEvent, at: int) -> OperationsEvent:
    """Return the operations entry that keeps a change."""
    return OperationsEvent(PART, type(event).__name__, 1, at, "wardkeep", encode(event))
