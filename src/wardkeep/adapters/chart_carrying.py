"""Carries charts over days of the clinical ledger that are erased (chart.carrying).

The carried charts (`chart/carried.db`) are a chart store folded up to some entry and no
further: what the erased days had said. Charts that are made anew begin with a copy of it and
fold the days that are there. Rules kept here:
- the store is sound at its own cursor at any moment, which is at or behind the last erased;
- the charts that screens read let go of exactly those whom the carried charts let go of, before
  anything more is folded: so what is made anew later is the same.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from pathlib import Path

import apsw
import msgspec

from wardkeep.adapters.chart_database import faults_named
from wardkeep.adapters.chart_follower import ChartFollower
from wardkeep.chart.carrying import is_needed, people, spoken_of_since
from wardkeep.chart.directory import Known
from wardkeep.chart.merging import Link
from wardkeep.chart.model import PatientChart

_COPIED = {
    "record": "number, body, heard",
    "ward": "code, changed, charting",
    "feed": "name, memory, reused",
    "quarantine": "sequence, feed, body",
    "unread": "sequence, feed, received, kind",
    "unread_about": "number, sequence",
    "known": "feed, target, body",
    "asked": "feed, target, sequence",
}
"""Everything but what is made of it: links, views and patients."""
_AT_ONCE = 1_000
_links = msgspec.msgpack.Decoder(Link)
_charts = msgspec.msgpack.Decoder(PatientChart)
_known = msgspec.msgpack.Decoder(Known)


def carried_of(path: Path) -> Path:
    """Return where the charts carried over erased days lie beside those at `path`."""
    return path.with_name("carried.db")


def meta(store: apsw.Connection, name: str) -> int:
    """Return a number of the store's own: `cursor`, `carried`..."""
    with faults_named():
        row = store.execute("select value from meta where name = ?", (name,)).fetchone()
    return int(str(row[0])) if row else 0


def begin_with(store: apsw.Connection, carried: apsw.Connection) -> None:
    """Put all that the carried charts know into an empty store, its cursor not yet.

    Killed in between, the cursor is still 0 and this is done again.
    """
    with faults_named(), store:
        for table in ("link", "view", "found", "patient"):
            store.execute(f"delete from {table}")  # noqa: S608
        _set(store, "cursor", 0)
        for table, columns in _COPIED.items():
            places = ",".join("?" * (columns.count(",") + 1))
            # The names are this module's own.
            store.execute(f"delete from {table}")  # noqa: S608
            rows = carried.execute(f"select {columns} from {table}")  # noqa: S608
            into = f"insert into {table}({columns}) values({places})"
            store.executemany(into, rows)
        _set(store, "carried", meta(carried, "carried"))
        _set(store, "lacks", meta(carried, "lacks"))


def note_lacking(store: apsw.Connection, upto: int) -> None:
    """Note that nobody carried what entries up to `upto` had said: they are erased."""
    with faults_named(), store:
        _set(store, "lacks", upto)


def finish_beginning(follower: ChartFollower, store: apsw.Connection, cursor: int) -> None:
    """Make the views of a store that began with carried charts, then set its cursor."""
    with faults_named():
        numbers = [str(n) for (n,) in store.execute("select number from record")]
    for begin in range(0, len(numbers), _AT_ONCE):
        follower.see_anew(numbers[begin : begin + _AT_ONCE])
    follower.cursor = cursor
    follower.commit()


def let_go_of(store: apsw.Connection, through: int, now: int) -> set[str]:
    """Return the numbers whose charts end when all up to entry `through` is erased."""
    with faults_named():
        heard = {str(n): int(h) for n, h in store.execute("select number, heard from record")}
        links = {
            str(n): _links.decode(bytes(body))
            for n, body in store.execute("select number, body from link")
        }
        lying = {str(n) for (n,) in store.execute("select number from patient where ward<>''")}
        gone: set[str] = set()
        for numbers in people(heard, links):
            if spoken_of_since(numbers, heard, through) or numbers & lying:
                continue
            if not any(is_needed(chart, now) for chart in _views(store, numbers)):
                gone |= numbers
    return gone


def take_out(store: apsw.Connection, numbers: Collection[str], through: int) -> None:
    """Take records out of a store, and what could not be read of the entries to `through`."""
    rows = [(number,) for number in sorted(numbers)]
    with faults_named(), store:
        for table in ("record", "link", "patient", "view", "found"):
            store.executemany(f"delete from {table} where number = ?", rows)  # noqa: S608
        for table in ("quarantine", "unread", "unread_about", "asked"):
            store.execute(f"delete from {table} where sequence <= ?", (through,))  # noqa: S608
        store.executemany(
            "delete from known where feed = ? and target = ?", _about(store, set(numbers))
        )
        store.execute("update meta set value = value + 1 where name = 'revision'")
        _set(store, "carried", through)


def left_by(carried: apsw.Connection, store: apsw.Connection, through: int) -> set[str]:
    """Return the numbers that the carried charts let go of and `store` still holds."""
    with faults_named():
        kept = {str(n) for (n,) in carried.execute("select number from record")}
        query = "select number from record where heard <= ?"
        return {str(n) for (n,) in store.execute(query, (through,))} - kept


def _about(store: apsw.Connection, numbers: set[str]) -> list[tuple[str, str]]:
    """Return the targets of references whose facts name one of the numbers."""
    found = []
    for feed, target, body in store.execute("select feed, target, body from known"):
        facts = _known.decode(bytes(body)).facts
        if any(isinstance(value, str) and value in numbers for value in facts.values()):
            found.append((str(feed), str(target)))
    return found


def _views(store: apsw.Connection, numbers: Iterable[str]) -> Iterable[PatientChart]:
    for number in numbers:
        row = store.execute("select chart from view where number = ?", (number,)).fetchone()
        if row is not None:
            yield _charts.decode(bytes(row[0]))


def _set(store: apsw.Connection, name: str, value: int) -> None:
    store.execute("insert or replace into meta values(?,?)", (name, value))
