"""The index of a clinical day by sender and MSH-10, written a thousand messages at a time.

Kept with every message it cost more than the message: sixty senders count their MSH-10 in
sixty places, so each message rewrote a page of its own (docs/benchmarks.md). What is not in it
yet is read again at opening, since the entries themselves hold all of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain
from typing import cast

import apsw

FILE_EVERY = 2_048
"""Entries that wait: at most some 6 ms of filing, once in so many messages."""
SCHEMA = """
create table seen(name blob, sender integer, fingerprint integer, sequence integer,
                  primary key(name, sender, fingerprint, sequence)) strict, without rowid;
create table seen_upto(sequence integer not null) strict;
"""
BEGIN = "insert into seen_upto values(?)"
Waiting = tuple[bytes, int, int, int]
"""Name, sender, fingerprint, sequence."""
_INSERTS = tuple(
    (size, "insert into seen values" + ",".join(["(?,?,?,?)"] * size)) for size in (64, 8, 1)
)
_TAIL = (
    "select name, sender, fingerprint, sequence from entry"
    " where sequence > (select sequence from seen_upto) and name is not null"
)


def unfiled(connection: apsw.Connection) -> list[Waiting]:
    """Return what a file holds and its index does not have yet; raises apsw.Error."""
    return cast("list[Waiting]", connection.execute(_TAIL).fetchall())


class TrailingIndex:
    """The index of a file opened to append; `file` and `filed` go with the caller's commit.

    Raises apsw.Error where the file cannot be read.
    """

    def __init__(self, connection: apsw.Connection) -> None:
        self._connection = connection
        self._waiting = unfiled(connection)

    def is_due(self, rows: int) -> bool:
        """Tell whether to file now that so many rows are added."""
        return len(self._waiting) + rows >= FILE_EVERY

    def file(self, rows: Sequence[Waiting], upto: int) -> None:
        """Write what waits and `rows` within the caller's transaction; raises apsw.Error."""
        ordered = sorted(chain(self._waiting, rows))
        begin = 0
        for size, statement in _INSERTS:
            while len(ordered) - begin >= size:
                values = list(chain.from_iterable(ordered[begin : begin + size]))
                self._connection.execute(statement, values)
                begin += size
        self._connection.execute("update seen_upto set sequence = ?", (upto,))

    def filed(self) -> None:
        """Take note that what was filed is committed."""
        self._waiting.clear()

    def wait(self, rows: Sequence[Waiting]) -> None:
        """Keep committed rows for the next filing."""
        self._waiting += rows
