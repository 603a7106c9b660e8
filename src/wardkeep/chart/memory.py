"""The charts held in memory: the fold that a store keeps on disk, without a store."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from zoneinfo import ZoneInfo

import msgspec

from wardkeep.chart.change import Change, Section, moment_of
from wardkeep.chart.charting import Charting, charted_at, charting_lag, dose_recorded
from wardkeep.chart.directory import Directory
from wardkeep.chart.found import FoundPatient, found_of
from wardkeep.chart.freshness import (
    FeedMemory,
    carries,
    feed_statuses,
    heard,
    stream_statuses,
)
from wardkeep.chart.merging import Link, group_of, link_of, survivor_of, with_survivors
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
from wardkeep.chart.reading import Reading, ReadingContext, read_entry, records_named
from wardkeep.chart.record import Record, apply
from wardkeep.chart.text import normal
from wardkeep.chart.view import chart_of, ward_of_group
from wardkeep.chart.ward_flags import ward_flags
from wardkeep.hospital.beds import Place, walking_order
from wardkeep.hospital.site import Feed, Site, Ward
from wardkeep.hospital.streams import Stream
from wardkeep.ledger.arrival import Entry


class MemoryCharts:
    """Charts of everything that was added; implements `chart.ports.Charts`."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._zone = ZoneInfo(site.rules.timezone)
        self._directory = Directory()
        self._contexts = {feed.name: self._new_context(feed) for feed in site.feeds}
        self._records: dict[str, Record] = {}
        self._charts: dict[str, PatientChart] = {}
        self._wards: dict[str, str] = {}
        self._entries: dict[int, Entry] = {}
        self._quarantine: dict[int, Quarantined] = {}
        self._feeds: dict[str, FeedMemory] = {}
        self._charting: dict[str, Charting] = {}
        self._changed: dict[str, int] = {}
        self._reused: dict[str, int] = {}
        self._cursor = 0
        self._revision = 0

    def add(self, entry: Entry) -> Reading:
        """Fold one more entry of the ledger into the charts; return what it said."""
        reading = self._take(entry)
        self._remember(entry, reading)
        changed = self._directory.learn(entry.feed, reading.lessons)
        for sequence in self._directory.askers(entry.feed, changed):
            if sequence != entry.sequence:
                self._take_again(self._entries[sequence])
        return reading

    def _take(self, entry: Entry) -> Reading:
        reading = read_entry(entry, self._context(entry.feed))
        before = self._wards_of(reading)
        for change in reading.changes:
            self._apply(change)
        self._directory.ask(entry.feed, reading.asked, entry.sequence)
        wards = before | self._wards_of(reading)
        if reading.fault:
            wards |= self._wards_of_records(set(self._named(entry)))
        self._count(wards, reading, entry)
        return reading

    def _take_again(self, entry: Entry) -> None:
        """Read an entry with what was heard since that it refers to."""
        reading = self._take(entry)
        held = self._quarantine.pop(entry.sequence, None)
        if reading.fault and held is not None:
            again = msgspec.structs.replace(held, reason=reading.fault)
            self._quarantine[entry.sequence] = again

    def _context(self, feed: str) -> ReadingContext:
        if feed not in self._contexts:
            self._contexts[feed] = self._new_context(Feed(name=feed))
        return self._contexts[feed]

    def _new_context(self, feed: Feed) -> ReadingContext:
        return ReadingContext(self._site.rules, feed, self._zone, self._directory.lookup)

    def _apply(self, change: Change) -> None:
        record = self._records.get(change.record)
        if record is None:
            record = self._records[change.record] = Record(change.record)
        if apply(record, change):
            if Section.MERGE in record.sections:
                self._charts.clear()
                self._wards.clear()
            else:
                self._charts.pop(change.record, None)
                if change.section == Section.VISIT:
                    self._wards.pop(change.record, None)

    def _remember(self, entry: Entry, reading: Reading) -> None:
        self._cursor = max(self._cursor, entry.sequence)
        self._revision += 1
        self._entries[entry.sequence] = entry
        self._reused[entry.feed] = self._reused.get(entry.feed, 0) + entry.id_reused
        memory = self._feeds.get(entry.feed) or FeedMemory(entry.feed)
        self._feeds[entry.feed] = heard(
            memory, reading.heard, reading.sequence_number, entry.received, self._zone
        )
        if reading.fault:
            self._quarantine[entry.sequence] = Quarantined(
                sequence=entry.sequence,
                feed=entry.feed,
                received=entry.received,
                control=entry.control.decode("utf-8", "replace"),
                reason=reading.fault,
                message_type=reading.message_type,
            )

    def _count(self, wards: set[str], reading: Reading, entry: Entry) -> None:
        for ward in wards:
            self._changed[ward] = self._changed.get(ward, 0) + 1
        for change in reading.changes:
            at = moment_of(change.fields.get("at")) if change.section == Section.DOSE else None
            if at is not None:
                charted = charted_at(change, entry.received)
                for ward in self._wards_of_records({change.record}):
                    known = self._charting.get(ward) or Charting()
                    self._charting[ward] = dose_recorded(known, at.at, charted)

    def _wards_of(self, reading: Reading) -> set[str]:
        return self._wards_of_records({change.record for change in reading.changes})

    def _wards_of_records(self, records: set[str]) -> set[str]:
        return {ward for record in records if (ward := self._ward_of(record))}

    def _ward_of(self, record: str) -> str:
        if record not in self._records:
            return ""
        survivor = survivor_of(record, self._link)
        if survivor not in self._wards:
            self._wards[survivor] = ward_of_group(self._group(survivor))
        return self._wards[survivor]

    def _group(self, survivor: str) -> list[Record]:
        group = group_of(survivor, self._link)
        return [self._records.get(number) or Record(number) for number in group]

    def _link(self, number: str) -> Link | None:
        record = self._records.get(number)
        return link_of(record) if record else None

    def _chart(self, survivor: str) -> PatientChart:
        chart = self._charts.get(survivor)
        if chart is None:
            chart = chart_of(self._group(survivor), self._site.rules)
            self._charts[survivor] = chart
        return chart

    def survivors(self) -> list[PatientChart]:
        """Return the charts of all patients, by record number."""
        numbers = {survivor_of(number, self._link) for number in self._records}
        return [self._chart(number) for number in sorted(numbers)]

    def records(self) -> list[str]:
        """Return the record number of everybody, in a bed or not, merged ones left out."""
        return sorted(chart.record for chart in self.survivors())

    def wards(self) -> list[WardSummary]:
        """Return every ward with a patient or a declaration, by site then code."""
        declared = {ward.code: ward for ward in self._site.wards}
        patients: dict[str, int] = {}
        for chart in self.survivors():
            if ward := ward_of(chart):
                patients[ward] = patients.get(ward, 0) + 1
        found = [
            self._summary(declared.get(code) or Ward(code=code), patients.get(code, 0))
            for code in declared.keys() | patients.keys()
        ]
        return sorted(found, key=lambda summary: (summary.site, summary.ward))

    def _summary(self, ward: Ward, patients: int) -> WardSummary:
        charting = self._charting.get(ward.code)
        lag, learned = charting_lag(charting, self._site.rules)
        return WardSummary(
            ward=ward.code,
            name=ward.name,
            site=ward.site,
            patients=patients,
            changed=self._changed.get(ward.code, 0),
            charted_up_to=charting.newest if charting else None,
            charting_lag_minutes=lag,
            lag_learned=learned,
            doses_fed=any(
                carries(feed, Stream.DOSES_GIVEN, ward.code) for feed in self._site.feeds
            ),
            flags=_ward_wide(self.ward(ward.code)),
        )

    def summary(self, code: str) -> WardSummary | None:
        """Return one ward as `wards` has it, None where it does not."""
        return next((ward for ward in self.wards() if ward.ward == code), None)

    def ward(self, code: str) -> list[PatientChart]:
        """Return the charts of those who lie on the ward, by room, bed, record."""
        charts = [chart for chart in self.survivors() if ward_of(chart) == code and code]
        return with_ward_flags(sorted(charts, key=bed_order))

    def patient(self, record: str) -> PatientChart | None:
        """Return the chart of a record number, or None; merged ones lead to the survivor."""
        if record not in self._records:
            return None
        return self._chart(survivor_of(record, self._link))

    def find(self, text: str, limit: int = 50) -> list[FoundPatient]:
        """Search by name, birth date, number or bed, case and accents ignored."""
        words = [word for word in (normal(part) for part in text.split()) if word]
        if not words:
            return []
        found = [
            found_of(chart)
            for chart in self.survivors()
            if all(any(word in own for own in search_words(chart)) for word in words)
        ]
        return found[:limit]

    def streams(self, now: int, ward: str | None = None) -> list[StreamStatus]:
        """Return all streams, in the order of `Stream`, as they stand at `now`."""
        return stream_statuses(self._feeds, self._site, now, ward)

    def feeds(self, now: int) -> list[FeedStatus]:
        """Return all feeds as they stand at `now`."""
        return [
            msgspec.structs.replace(
                status,
                quarantined=sum(held.feed == status.feed for held in self._quarantine.values()),
                id_reused=self._reused.get(status.feed, 0),
            )
            for status in feed_statuses(self._feeds, self._site, now)
        ]

    def quarantine(self, limit: int = 1000) -> list[Quarantined]:
        """Return what could not be read, newest first."""
        return [held for _, held in sorted(self._quarantine.items(), reverse=True)][:limit]

    def unread(self, ward: str, since: int) -> Unread:
        """Return what came since then and could not be read: all feeds, the ward's patients."""
        held = [
            each for each in self.quarantine(len(self._quarantine)) if each.received >= since
        ]
        names = {
            name for chart in self.ward(ward) for name in (chart.record, *chart.merged_from)
        }
        about = [
            UnreadMessage(record=name, received=each.received, message_type=each.message_type)
            for each in held
            for name in self._named(self._entries[each.sequence])
            if name in names
        ]
        return Unread(
            feeds=unread_feeds((each.feed, each.received) for each in held), about=tuple(about)
        )

    def _named(self, entry: Entry) -> tuple[str, ...]:
        return records_named(entry, self._context(entry.feed))

    def raw(self, sequence: int) -> bytes | None:
        """Return the bytes of a message as they came, or None when it was never added."""
        entry = self._entries.get(sequence)
        return entry.body if entry else None

    def spoken_of(self, sequence: int) -> tuple[str, ...]:
        """Return the record numbers that an entry names and those they were merged into."""
        entry = self._entries.get(sequence)
        if entry is None:
            return ()
        return with_survivors(self._named(entry), self._link)

    def cursor(self) -> int:
        """Return the sequence of the last entry that is in the charts."""
        return self._cursor

    def waiting(self) -> int:
        """Return 0: what was added is in the charts."""
        return 0

    def lacks(self) -> bool:
        """Return False: nothing of what was added is erased."""
        return False

    def revision(self) -> int:
        """Return a number that grows with every entry."""
        return self._revision


def unread_feeds(held: Iterable[tuple[str, int]]) -> tuple[UnreadFeed, ...]:
    """Return by feed how many of the (feed, arrival) there are and the first arrival."""
    times: dict[str, list[int]] = {}
    for feed, received in held:
        times.setdefault(feed, []).append(received)
    return tuple(
        UnreadFeed(feed=feed, count=len(each), since=min(each))
        for feed, each in sorted(times.items())
    )


def ward_of(chart: PatientChart) -> str:
    """Return the ward on which the patient lies now, "" if on none."""
    stay = chart.current
    return stay.location.value.ward if stay and stay.location else ""


def bed_order(chart: PatientChart) -> tuple[Place, Place, str]:
    """Return what the charts of a ward are sorted by: room, bed, record; bed 2 before 10."""
    stay = chart.current
    place = stay.location.value if stay and stay.location else None
    room, bed = (place.room, place.bed) if place else ("", "")
    return (walking_order(room), walking_order(bed), chart.record)


def with_ward_flags(charts: Sequence[PatientChart]) -> list[PatientChart]:
    """Return the charts of a ward with the flags that only the ward as a whole can give."""
    flags: Mapping[str, tuple[Flag, ...]] = ward_flags(charts)
    return [
        msgspec.structs.replace(chart, flags=tuple(sorted({*chart.flags, *found})))
        if (found := flags.get(chart.record))
        else chart
        for chart in charts
    ]


def _ward_wide(charts: Sequence[PatientChart]) -> tuple[Flag, ...]:
    shared = {flag for flags in ward_flags(charts).values() for flag in flags}
    return tuple(sorted({Flag(flag.kind) for flag in shared}))


def search_words(chart: PatientChart) -> set[str]:
    """Return the words by which a patient is found, made comparable."""
    words = {chart.record, *chart.merged_from}
    words |= {identifier.number for identifier in chart.identifiers}
    if chart.name:
        words |= {chart.name.value.family, chart.name.value.given}
    if chart.birth_date:
        words.add(chart.birth_date.value)
    if (stay := chart.current) and stay.location:
        place = stay.location.value
        words |= {place.ward, place.bed, f"{place.room}{place.bed}"}
    return {normal(word) for word in words if word}
