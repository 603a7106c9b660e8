"""Keeps in the chart store what references lead to, and which entries depend on it.

Changes are held until `write`, which runs in the transaction of the records and the cursor.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable

import apsw
import msgspec

from wardkeep.chart.directory import Known, Lesson, is_newer

_KEPT = 100_000
"""Targets in memory; a thousand patients with all their orders and places fit."""
_Key = tuple[str, str]
_encode = msgspec.msgpack.Encoder().encode
_decoder = msgspec.msgpack.Decoder(Known)


class ChartReferences:
    """Targets behind `connection` (adapters.chart_database); raises apsw.Error."""

    def __init__(self, connection: apsw.Connection) -> None:
        self._db = connection
        self._known: OrderedDict[_Key, Known | None] = OrderedDict()
        self._learned: set[_Key] = set()
        self._asked: dict[_Key, set[int]] = {}

    def lookup(self, feed: str, target: str) -> Known | None:
        """Return what is known of a target, None where nothing was heard."""
        key = (feed, target)
        if key in self._known:
            self._known.move_to_end(key)
            return self._known[key]
        query = "select body from known where feed = ? and target = ?"
        row = self._db.execute(query, key).fetchone()
        found = _decoder.decode(bytes(row[0])) if row else None
        self._known[key] = found
        return found

    def learn(self, feed: str, lessons: Iterable[Lesson]) -> list[str]:
        """Take what an entry says of targets; return those that are known otherwise now."""
        changed = []
        for lesson in lessons:
            before = self.lookup(feed, lesson.target)
            if not is_newer(lesson.known, before):
                continue
            self._known[feed, lesson.target] = lesson.known
            self._learned.add((feed, lesson.target))
            if before is None or before.facts != lesson.known.facts:
                changed.append(lesson.target)
        return changed

    def ask(self, feed: str, targets: Iterable[str], sequence: int) -> None:
        """Note that an entry depends on targets, known or not."""
        for target in targets:
            self._asked.setdefault((feed, target), set()).add(sequence)

    def askers(self, feed: str, targets: Iterable[str]) -> list[int]:
        """Return the entries that depend on any of the targets, in order."""
        found: set[int] = set()
        query = "select sequence from asked where feed = ? and target = ?"
        for target in targets:
            found |= self._asked.get((feed, target), set())
            found |= {int(row[0]) for row in self._db.execute(query, (feed, target))}
        return sorted(found)

    def write(self) -> None:
        """Write what was learned and asked since the last time."""
        known = [
            (*key, _encode(found)) for key in self._learned if (found := self._known.get(key))
        ]
        self._db.executemany("insert or replace into known values(?,?,?)", known)
        asked = [(*key, each) for key, found in self._asked.items() for each in sorted(found)]
        self._db.executemany("insert or ignore into asked values(?,?,?)", asked)

    def let_go(self) -> None:
        """Forget what is at hand: targets were taken out of the store."""
        self._known.clear()

    def forget(self) -> None:
        """Let go of what was written."""
        self._learned.clear()
        self._asked.clear()
        while len(self._known) > _KEPT:
            self._known.popitem(last=False)
