"""Reads the charts from their store (port: chart.ports.Charts), beside who folds them."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from hashlib import blake2b
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import apsw
import msgspec

from wardkeep.adapters.chart_database import open_to_read
from wardkeep.adapters.clinical_store import ClinicalLedger
from wardkeep.adapters.key_ring import KeyRing
from wardkeep.chart.charting import Charting, charting_lag
from wardkeep.chart.directory import Known
from wardkeep.chart.found import FoundPatient, found_of
from wardkeep.chart.freshness import FeedMemory, carries, feed_statuses, stream_statuses
from wardkeep.chart.memory import bed_order, with_ward_flags
from wardkeep.chart.merging import Link, survivor_of, with_survivors
from wardkeep.chart.model import Flag, PatientChart
from wardkeep.chart.ports import (
    FeedStatus,
    Quarantined,
    StreamStatus,
    Unread,
    UnreadFeed,
    UnreadMessage,
    WardSummary,
)
from wardkeep.chart.reading import ReadingContext, records_named
from wardkeep.chart.text import normal
from wardkeep.chart.ward_flags import ward_flags
from wardkeep.hospital.site import Feed, Site, Ward
from wardkeep.hospital.streams import Stream
from wardkeep.ledger.errors import KeyMissingError, LedgerFaultError

_charts = msgspec.msgpack.Decoder(PatientChart)
_found = msgspec.msgpack.Decoder(FoundPatient)
# `ward <> ''` lets SQLite use the index `lies`, which leaves out whoever lies nowhere: else all
# who ever were in the hospital are read (sqlite.org, Partial Indexes, section 3).
_LYING = "select count(*) from patient where ward = ? and ward <> ''"
_SLIMS = "select slim from patient where ward = ? and ward <> ''"
_ON_WARD = "select chart from patient join view using(number) where ward = ? and ward <> ''"
_HAS_FOUND = "select 1 from sqlite_master where name = 'found'"
_TOLD = (
    "body, case when body is null then chart end"
    " from patient join view using(number) left join found using(number)"
)
_TOLD_BEFORE = "null, chart from patient join view using(number)"
"""For a store that version 0.2 wrote, before who folds charts has opened it."""
_chartings = msgspec.msgpack.Decoder(Charting)
_memories = msgspec.msgpack.Decoder(FeedMemory)
_quarantined = msgspec.msgpack.Decoder(Quarantined)
_knowledge = msgspec.msgpack.Decoder(Known)
_links = msgspec.msgpack.Decoder(Link)
# The wards of a hospital of 1,000 beds, about 110 kB a patient; the rest is read again.
_KEPT_WARDS = 48


class _KeptWard(msgspec.Struct, frozen=True, gc=False):
    """A ward as read when it had changed so often; each chart by the digest of its bytes."""

    changed: int
    decoded: Mapping[bytes, PatientChart]
    charts: tuple[PatientChart, ...]


class StoredCharts:
    """The charts as last committed; every method may be called from any thread."""

    def __init__(self, path: Path, clinical: Path, ring: KeyRing, site: Site) -> None:
        self._path, self._ring = path, ring
        self._db, self._file = open_to_read(path, ring), path.stat().st_ino
        self._ledger = ClinicalLedger(clinical, ring)
        self._site = site
        self._guard = threading.RLock()
        self._flags: dict[str, tuple[int, tuple[Flag, ...]]] = {}
        self._kept: dict[str, _KeptWard] = {}

    def wards(self) -> list[WardSummary]:
        """Return every ward with a patient or a declaration, by site then code."""
        with self._guard:
            counts = dict(
                self._rows("select ward, count(*) from patient where ward <> '' group by ward")
            )
            known = {
                str(code): (int(changed), charting)
                for code, changed, charting in self._rows(
                    "select code, changed, charting from ward"
                )
            }
            declared = {ward.code: ward for ward in self._site.wards}
            lacks = self.lacks()
            found = [
                self._summary(
                    declared.get(c) or Ward(code=c), counts.get(c, 0), known.get(c), lacks=lacks
                )
                for c in declared.keys() | counts.keys()
            ]
        return sorted(found, key=lambda summary: (summary.site, summary.ward))

    def summary(self, code: str) -> WardSummary | None:
        """Return one ward as `wards` has it, None where it does not."""
        declared = next((ward for ward in self._site.wards if ward.code == code), None)
        with self._guard:
            [(count,)] = self._rows(_LYING, code)
            rows = self._rows("select changed, charting from ward where code = ?", code)
            if declared is None and not count:
                return None
            known = next(((int(changed), charting) for changed, charting in rows), None)
            ward = declared or Ward(code=code)
            return self._summary(ward, count, known, lacks=self.lacks())

    def ward(self, code: str) -> list[PatientChart]:
        """Return the charts of those who lie on the ward, by room, bed, record."""
        with self._guard:
            changed = self._changed(code)
            kept = self._kept.get(code)
            if kept is not None and kept.changed == changed:
                return list(kept.charts)
            rows = self._rows(_ON_WARD, code)
            digested = [(blake2b(body, digest_size=16).digest(), body) for (body,) in rows]
            before = kept.decoded if kept else {}
            # Of a ward that changed, few charts did: the others are not decoded again.
            decoded = {key: before.get(key) or _charts.decode(body) for key, body in digested}
            charts = tuple(with_ward_flags(sorted(decoded.values(), key=bed_order)))
            self._keep(code, _KeptWard(changed, decoded, charts))
            return list(charts)

    def _keep(self, code: str, ward: _KeptWard) -> None:
        self._kept.pop(code, None)
        self._kept[code] = ward
        if len(self._kept) > _KEPT_WARDS:
            self._kept.pop(next(iter(self._kept)))

    def patient(self, record: str) -> PatientChart | None:
        """Return the chart of a record number (merged ones lead to the survivor), or None."""
        with self._guard:
            survivor = survivor_of(record, self._link)
            rows = self._rows("select chart from view where number = ?", survivor)
        return _charts.decode(rows[0][0]) if rows else None

    def records(self) -> list[str]:
        """Return the record numbers of all, in a bed or not; merged ones are left out."""
        with self._guard:
            rows = self._rows("select number from patient join view using(number) order by 1")
        return [str(number) for (number,) in rows]

    def find(self, text: str, limit: int = 50) -> list[FoundPatient]:
        """Search by name, birth date, number or bed, case and accents ignored."""
        words = [word for word in (normal(part) for part in text.split()) if word]
        if not words:
            return []
        where = " and ".join("instr(words, ?) > 0" for _ in words)
        with self._guard:
            told = _TOLD if self._rows(_HAS_FOUND) else _TOLD_BEFORE
            rows = self._rows(
                # `told` is of this module, `where` holds only place-holders, one a word.
                f"select {told} where {where} order by patient.number limit ?",
                *words,
                limit,
            )
        return [
            _found.decode(body) if body is not None else found_of(_charts.decode(chart))
            for body, chart in rows
        ]

    def streams(self, now: int, ward: str | None = None) -> list[StreamStatus]:
        """Return all streams, in the order of `Stream`, as they stand at `now`."""
        return stream_statuses(self._memories(), self._site, now, ward)

    def feeds(self, now: int) -> list[FeedStatus]:
        """Return all feeds as they stand at `now`."""
        with self._guard:
            held = dict(self._rows("select feed, count(*) from quarantine group by feed"))
            reused = dict(self._rows("select name, reused from feed"))
        return [
            msgspec.structs.replace(
                status,
                quarantined=held.get(status.feed, 0),
                id_reused=reused.get(status.feed, 0),
            )
            for status in feed_statuses(self._memories(), self._site, now)
        ]

    def quarantine(self, limit: int = 1000) -> list[Quarantined]:
        """Return what could not be read, newest first."""
        with self._guard:
            rows = self._rows(
                "select body from quarantine order by sequence desc limit ?", limit
            )
        return [_quarantined.decode(body) for (body,) in rows]

    def unread(self, ward: str, since: int) -> Unread:
        """Return what came since then and could not be read: all feeds, the ward's patients."""
        with self._guard:
            feeds = self._rows(
                "select feed, count(*), min(received) from unread where received >= ?"
                " group by feed order by feed",
                since,
            )
            numbers = [n for c in self.ward(ward) for n in (c.record, *c.merged_from)]
            about = self._rows(
                "select number, received, kind from unread_about join unread using(sequence)"
                " where number in (select value from json_each(?)) and received >= ?"
                " order by sequence desc",
                msgspec.json.encode(numbers).decode(),
                since,
            )
        return Unread(
            feeds=tuple(
                UnreadFeed(feed=str(f), count=int(n), since=int(at)) for f, n, at in feeds
            ),
            about=tuple(
                UnreadMessage(
                    record=str(number), received=int(received), message_type=str(kind)
                )
                for number, received, kind in about
            ),
        )

    def raw(self, sequence: int) -> bytes | None:
        """Return the bytes of a message as they came, or None when they are no longer kept."""
        entry = self._ledger.entry(sequence)
        return entry.body if entry else None

    def spoken_of(self, sequence: int) -> tuple[str, ...]:
        """Return the record numbers that an entry names and those they were merged into."""
        entry = self._ledger.entry(sequence)
        if entry is None:
            return ()
        known = {feed.name: feed for feed in self._site.feeds}
        feed = known.get(entry.feed) or Feed(name=entry.feed)
        zone = ZoneInfo(self._site.rules.timezone)
        context = ReadingContext(self._site.rules, feed, zone, self._lookup)
        named = records_named(entry, context)
        with self._guard:
            return with_survivors(named, self._link)

    def _lookup(self, feed: str, target: str) -> Known | None:
        query = "select body from known where feed = ? and target = ?"
        with self._guard:
            rows = self._rows(query, feed, target)
        return _knowledge.decode(rows[0][0]) if rows else None

    def cursor(self) -> int:
        """Return the sequence of the last entry that is in the charts."""
        return self._meta("cursor")

    def waiting(self) -> int:
        """Return how many entries of the ledger are not in the charts yet."""
        try:
            return max(0, self.ledger_end() - self.cursor())
        except (LedgerFaultError, KeyMissingError):
            # A damaged ledger must not keep screens and paper from the ward.
            return 0

    def operations_cursor(self) -> int:
        """Return the sequence of the last operations event that the charts have heard."""
        return self._meta("operations")

    def lacks(self) -> bool:
        """Say whether the charts were begun without what erased days had said."""
        with self._guard:
            return bool(self._rows("select 1 from meta where name = 'lacks' and value > 0"))

    def revision(self) -> int:
        """Return a number that grows with every change that a screen could show."""
        return self._meta("revision")

    def ledger_end(self) -> int:
        """Return the sequence of the newest entry of the clinical ledger."""
        return self._ledger.last_sequence()

    def close(self) -> None:
        """Close the store and the ledger."""
        with self._guard:
            self._db.close()
            self._ledger.close()

    def _summary(
        self,
        ward: Ward,
        patients: int,
        known: tuple[int, bytes | None] | None,
        *,
        lacks: bool,
    ) -> WardSummary:
        changed, body = known or (0, None)
        charting = _chartings.decode(body) if body else None
        lag, learned = charting_lag(charting, self._site.rules)
        return WardSummary(
            ward=ward.code,
            name=ward.name,
            site=ward.site,
            patients=patients,
            changed=changed,
            charted_up_to=charting.newest if charting else None,
            charting_lag_minutes=lag,
            lag_learned=learned,
            doses_fed=any(
                carries(feed, Stream.DOSES_GIVEN, ward.code) for feed in self._site.feeds
            ),
            flags=self._ward_wide(ward.code, changed),
            lacks=lacks,
        )

    def _ward_wide(self, code: str, changed: int) -> tuple[Flag, ...]:
        kept = self._flags.get(code)
        if kept is None or kept[0] != changed:
            slims = [_charts.decode(body) for (body,) in self._rows(_SLIMS, code)]
            kinds = {flag.kind for flags in ward_flags(slims).values() for flag in flags}
            kept = self._flags[code] = (changed, tuple(sorted(Flag(kind) for kind in kinds)))
        return kept[1]

    def _changed(self, code: str) -> int:
        rows = self._rows("select changed from ward where code = ?", code)
        return int(rows[0][0]) if rows else 0

    def _link(self, number: str) -> Link | None:
        rows = self._rows("select body from link where number = ?", number)
        return _links.decode(rows[0][0]) if rows else None

    def _memories(self) -> dict[str, FeedMemory]:
        with self._guard:
            rows = self._rows("select name, memory from feed")
        return {str(name): _memories.decode(body) for name, body in rows}

    def _meta(self, name: str) -> int:
        with self._guard:
            return int(self._rows("select value from meta where name = ?", name)[0][0])

    def _rows(self, query: str, *values: apsw.SQLiteValue) -> list[tuple[Any, ...]]:
        try:
            self._follow_file()
            return self._db.execute(query, values).fetchall()
        except (OSError, apsw.Error) as fault:
            raise LedgerFaultError(f"the chart store: {type(fault).__name__}") from fault

    def _follow_file(self) -> None:
        """Open the store anew where it was made anew: the old file never changes any more."""
        file = self._path.stat().st_ino
        if file == self._file:
            return
        fresh = open_to_read(self._path, self._ring)
        self._db.close()
        self._db, self._file = fresh, file
        self._flags.clear()
        self._kept.clear()
