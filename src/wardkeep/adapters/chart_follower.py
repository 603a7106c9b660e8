"""Follows the clinical ledger by cursor and keeps the chart store: the only process that folds.

Rules kept here: records, views and cursor change in one transaction, so a crash repeats work
and never loses any; how entries were batched leaves no trace in the charts.
"""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from collections.abc import Callable, Collection, Iterable
from zoneinfo import ZoneInfo

import apsw
import msgspec

from wardkeep.adapters.chart_database import WRITE_RECORD, faults_named
from wardkeep.adapters.chart_references import ChartReferences
from wardkeep.adapters.guarded_reading import names_of, reading_of
from wardkeep.adapters.patient_row import write_charts
from wardkeep.chart.change import Change, Section, moment_of
from wardkeep.chart.charting import Charting, charted_at, dose_recorded
from wardkeep.chart.freshness import FeedMemory, heard
from wardkeep.chart.memory import ward_of
from wardkeep.chart.merging import Link, group_of, link_of
from wardkeep.chart.model import PatientChart
from wardkeep.chart.ports import Quarantined
from wardkeep.chart.reading import Reading, ReadingContext
from wardkeep.chart.record import Record, apply, pack, unpack
from wardkeep.chart.view import chart_of
from wardkeep.hospital.site import Feed, Site
from wardkeep.kernel.times import HOUR
from wardkeep.ledger.arrival import Entry, Kind

FOLD_VERSION = 6
"""Raised whenever reading, folding or viewing changes what a chart says."""

_TOLD_AGAIN = HOUR
"""A message that could not be read and names nobody is told to every ward, once an hour and
feed: packs are built again by then anyway, and a broken sender must not have all built."""

# Records of a hospital of 1,000 beds with a week's visitors; about 20 kB each.
_KEPT_RECORDS = 12_000
_encode = msgspec.msgpack.Encoder().encode
_links = msgspec.msgpack.Decoder(Link)
_memories = msgspec.msgpack.Decoder(FeedMemory)
_chartings = msgspec.msgpack.Decoder(Charting)


def fold_name(site: Site) -> str:
    """Return the name of everything that the fold of this site depends on."""
    parts = (FOLD_VERSION, site.rules, site.feeds)
    return hashlib.sha256(msgspec.json.encode(parts)).hexdigest()


Recall = Callable[[int], Entry | None]


def nothing_recalled(_sequence: int) -> Entry | None:
    """Return None: for followers of entries that refer to nothing outside themselves."""
    return None


class ChartFollower:
    """Folds entries into the store behind `connection` (adapters.chart_database).

    Every method raises StoreFailedError, ChartsDamagedError where the store must be made anew;
    after either only `close` may be called: what was not committed is folded again.
    """

    def __init__(
        self, connection: apsw.Connection, site: Site, recall: Recall = nothing_recalled
    ) -> None:
        """`recall` gives an entry of the ledger again, None where it is not kept any more."""
        self._db, self._site, self._recall = connection, site, recall
        self._zone = ZoneInfo(site.rules.timezone)
        self._references = ChartReferences(connection)
        self._contexts = {feed.name: self._new_context(feed) for feed in site.feeds}
        self._records: OrderedDict[str, Record] = OrderedDict()
        self._dirty: set[str] = set()
        self._heard_in: dict[str, int] = {}
        self._links: dict[str, Link] = {}
        self._wards: dict[str, str] = {}
        self._chartings: dict[str, Charting] = {}
        self._changed: set[str] = set()
        self._feeds: dict[str, FeedMemory] = {}
        self._reused: dict[str, int] = {}
        self._spoken: set[str] = set()
        self._held: dict[int, Quarantined] = {}
        self._named: dict[int, tuple[str, ...]] = {}
        self._told: dict[str, int] = {}
        self._unread_wards: set[str] = set()
        self._released: set[int] = set()
        self._doses: list[tuple[str, int, int]] = []
        self.cursor = 0
        self.operations = 0
        with faults_named():
            self._load()

    def fold(self, entries: list[Entry]) -> None:
        """Fold entries in memory; `commit` makes them and the cursor durable."""
        with faults_named():
            for entry in entries:
                if entry.kind is Kind.LEFT_OUT:
                    self.cursor = entry.sequence
                    continue
                reading = self._read(entry)
                self._hear(entry, reading)
                self.cursor = entry.sequence
                self._read_askers(entry, reading)

    def replay(self, entry: Entry, held: Quarantined) -> str:
        """Read a quarantined entry again; return the reason it stays, "" when it went in."""
        with faults_named():
            reading = self._read(entry)
            self._read_askers(entry, reading)
        again = msgspec.structs.replace(held, replays=held.replays + 1)
        return self._release(entry, again, reading)

    def _release(self, entry: Entry, held: Quarantined, reading: Reading) -> str:
        """Let an entry out of the quarantine, or say why it stays; return the reason."""
        self._named[entry.sequence] = names_of(entry, self._context(entry.feed))
        if reading.fault is None:
            self._held.pop(entry.sequence, None)
            self._released.add(entry.sequence)
            return ""
        self._held[entry.sequence] = msgspec.structs.replace(held, reason=reading.fault)
        return reading.fault

    def commit(self) -> bool:
        """Write all that was folded since the last commit; return whether anything was."""
        changed = bool(self._spoken or self._held or self._released or self._dirty)
        with faults_named():
            if changed:
                self._write()
            else:
                self._set_meta()
        self._forget()
        return changed

    def see_anew(self, numbers: Iterable[str]) -> None:
        """Make links and views of records that were put into the store from elsewhere."""
        with faults_named():
            self._dirty |= {self._record(number).number for number in numbers}
            self._write()
        self._forget()

    def let_go(self, numbers: Collection[str]) -> None:
        """Forget records that were taken out of the store (chart_carrying)."""
        for each in (self._records, self._links, self._wards):
            for number in numbers:
                each.pop(number, None)
        self._references.let_go()

    def close(self) -> None:
        """Close the store; what was not committed is folded again another time."""
        self._db.close()

    def _write(self) -> None:
        with self._db:
            self._write_views(self._stale())
            self._write_records()
            self._write_wards()
            self._write_feeds()
            self._references.write()
            self._db.execute("update meta set value = value + 1 where name = 'revision'")
            self._set_meta()

    def _read(self, entry: Entry) -> Reading:
        reading = reading_of(entry, self._context(entry.feed))
        for change in reading.changes:
            self._apply(change, entry.received)
            self._heard_in[change.record] = entry.sequence
        self._references.ask(entry.feed, reading.asked, entry.sequence)
        return reading

    def _read_askers(self, entry: Entry, reading: Reading) -> None:
        """Read again what refers to things that this entry says otherwise than before."""
        changed = self._references.learn(entry.feed, reading.lessons)
        for sequence in self._references.askers(entry.feed, changed) if changed else ():
            asker = self._recall(sequence) if sequence != entry.sequence else None
            held = self.held(sequence) if asker else None
            if asker is not None and held is not None:
                self._release(asker, held, self._read(asker))
            elif asker is not None:
                self._read(asker)

    def _context(self, name: str) -> ReadingContext:
        context = self._contexts.get(name)
        if context is None:
            context = self._contexts[name] = self._new_context(Feed(name=name))
        return context

    def _new_context(self, feed: Feed) -> ReadingContext:
        return ReadingContext(self._site.rules, feed, self._zone, self._references.lookup)

    def _apply(self, change: Change, received: int) -> None:
        record = self._record(change.record)
        heard_of = apply(record, change)
        self._dirty.add(change.record)
        if heard_of and change.section == Section.DOSE:
            at = moment_of(change.fields.get("at"))
            if at is not None:
                charted = charted_at(change, received)
                self._doses.append((change.record, at.at, charted))

    def _hear(self, entry: Entry, reading: Reading) -> None:
        name = entry.feed
        memory = self._feeds.get(name) or FeedMemory(name)
        self._feeds[name] = heard(
            memory, reading.heard, reading.sequence_number, entry.received, self._zone
        )
        self._reused[name] = self._reused.get(name, 0) + entry.id_reused
        self._spoken.add(name)
        if reading.fault is not None:
            self._held[entry.sequence] = Quarantined(
                sequence=entry.sequence,
                feed=name,
                received=entry.received,
                control=entry.control.decode("utf-8", "replace"),
                reason=reading.fault,
                message_type=reading.message_type,
            )
            self._tell_unread(entry)

    def _tell_unread(self, entry: Entry) -> None:
        """Mark the wards whose packs must say that this message could not be read."""
        names = self._named[entry.sequence] = names_of(entry, self._context(entry.feed))
        if names:
            return
        told = self._told.get(entry.feed)
        if told is None or not 0 <= entry.received - told < _TOLD_AGAIN:
            self._told[entry.feed] = entry.received
            self._unread_wards |= set(self._wards.values())

    def _record(self, number: str) -> Record:
        record = self._records.get(number)
        if record is not None:
            self._records.move_to_end(number)
            return record
        row = self._db.execute("select body from record where number = ?", (number,)).fetchone()
        record = unpack(bytes(row[0])) if row else Record(number)
        self._records[number] = record
        return record

    def _stale(self) -> set[str]:
        """Return every survivor whose view the dirty records may have changed."""
        stale = set()
        for number in self._dirty:
            link = link_of(self._records[number])
            before = self._links.get(number)
            if link != (before or Link()):
                # Whoever was or becomes one patient with this number is seen anew.
                stale |= set(group_of(number, self._links.get))
                self._links[number] = link
                self._db.execute(
                    "insert or replace into link values(?,?)", (number, _encode(link))
                )
        for number in self._dirty | stale:
            stale.add(group_of(number, self._links.get)[0])
            edge = self._links.get(number)
            if edge is not None and edge.into:
                # A number given to a second person still tells of the first one's survivor.
                stale.add(group_of(edge.into, self._links.get)[0])
        return stale

    def _write_views(self, numbers: set[str]) -> None:
        charts: list[tuple[str, PatientChart]] = []
        for number in sorted(numbers):
            group = group_of(number, self._links.get)
            before = self._wards.get(number, "")
            if group[0] != number:
                # Merged away: found under the survivor from now on.
                for table in ("patient", "view", "found"):
                    self._db.execute(f"delete from {table} where number = ?", (number,))  # noqa: S608
                self._place(number, before, "")
                continue
            chart = self._chart(group)
            if chart is None:
                continue
            self._place(number, before, ward_of(chart))
            charts.append((number, chart))
        write_charts(self._db, charts)

    def _chart(self, group: tuple[str, ...]) -> PatientChart | None:
        try:
            return chart_of([self._record(n) for n in group], self._site.rules)
        except Exception as fault:  # noqa: BLE001
            # One patient's chart must not stop the others': it stands as it was, and is told.
            reason = (
                f"a chart could not be made with this entry ({type(fault).__name__});"
                " the last that could be made stands"
            )
            self._held[self.cursor] = Quarantined(
                sequence=self.cursor, feed="", received=0, control="", reason=reason
            )
            return None

    def _place(self, number: str, before: str, now: str) -> None:
        self._changed |= {ward for ward in (before, now) if ward}
        if now:
            self._wards[number] = now
        else:
            self._wards.pop(number, None)

    def _write_records(self) -> None:
        heard = self._heard_in
        rows = [(n, pack(self._records[n]), heard.get(n, 0)) for n in self._dirty]
        self._db.executemany(WRITE_RECORD, rows)

    def _write_wards(self) -> None:
        self._changed |= self._unread_wards
        for name in {name for names in self._named.values() for name in names}:
            ward = self._wards.get(group_of(name, self._links.get)[0])
            self._changed |= {ward} if ward else set()
        for number, at, charted in self._doses:
            ward = self._wards.get(group_of(number, self._links.get)[0])
            if ward:
                known = self._chartings.get(ward) or Charting()
                self._chartings[ward] = dose_recorded(known, at, charted)
                self._changed.add(ward)
        rows = [
            (code, _encode(self._chartings[code]) if code in self._chartings else None)
            for code in self._changed
        ]
        self._db.executemany(
            "insert into ward values(?1, 1, ?2) on conflict(code) do update"
            " set changed = changed + 1, charting = excluded.charting",
            rows,
        )

    def _write_feeds(self) -> None:
        rows = [(n, _encode(self._feeds[n]), self._reused.get(n, 0)) for n in self._spoken]
        self._db.executemany("insert or replace into feed values(?,?,?)", rows)
        held = [(s, q.feed, _encode(q)) for s, q in self._held.items()]
        self._db.executemany("insert or replace into quarantine values(?,?,?)", held)
        self._db.executemany(
            "insert or replace into unread values(?,?,?,?)",
            [(s, q.feed, q.received, q.message_type) for s, q in self._held.items()],
        )
        self._db.executemany(
            "insert or ignore into unread_about values(?,?)",
            [(n, s) for s, names in self._named.items() for n in names if s in self._held],
        )
        released = [(sequence,) for sequence in self._released]
        for table in ("quarantine", "unread", "unread_about"):
            # The names are this method's own.
            self._db.executemany(f"delete from {table} where sequence = ?", released)  # noqa: S608

    def _set_meta(self) -> None:
        self._db.executemany(
            "update meta set value = ?2 where name = ?1 and value <> ?2",
            [("cursor", self.cursor), ("operations", self.operations)],
        )

    def _forget(self) -> None:
        for each in (
            self._dirty,
            self._heard_in,
            self._changed,
            self._spoken,
            self._held,
            self._named,
            self._unread_wards,
            self._released,
            self._doses,
        ):
            each.clear()
        self._references.forget()
        while len(self._records) > _KEPT_RECORDS:
            self._records.popitem(last=False)

    def _load(self) -> None:
        meta = {str(n): v for n, v in self._db.execute("select name, value from meta")}
        self.cursor, self.operations = int(str(meta["cursor"])), int(str(meta["operations"]))
        for number, body in self._db.execute("select number, body from link"):
            self._links[str(number)] = _links.decode(bytes(body))
        for number, ward in self._db.execute(
            "select number, ward from patient where ward <> ''"
        ):
            self._wards[str(number)] = str(ward)
        for code, body in self._db.execute("select code, charting from ward"):
            if body is not None:
                self._chartings[str(code)] = _chartings.decode(bytes(body))
        for name, body, reused in self._db.execute("select name, memory, reused from feed"):
            self._feeds[str(name)] = _memories.decode(bytes(body))
            self._reused[str(name)] = int(reused)

    def held(self, sequence: int) -> Quarantined | None:
        """Return what the quarantine holds of an entry, None if it is not there."""
        if sequence in self._held:
            return self._held[sequence]
        query = "select body from quarantine where sequence = ?"
        with faults_named():
            row = self._db.execute(query, (sequence,)).fetchone()
            return msgspec.msgpack.decode(bytes(row[0]), type=Quarantined) if row else None
