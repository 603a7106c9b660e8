"""The first fill: HL7 and FHIR files and a census CSV into the ledger.

An entry without an identifier of its own gets one from the file's bytes and its place in it: a
load that broke off in the middle is repeated, and what is stored already is recognised.
"""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TypeVar
from zoneinfo import ZoneInfo

import msgspec

from wardkeep.adapters.census_csv import (
    CensusFileError,
    read_census_file,
    unused_headings,
)
from wardkeep.adapters.clinical_store import CLINICAL, ClinicalStore
from wardkeep.adapters.clock import now
from wardkeep.adapters.csv_text import utf16
from wardkeep.adapters.heads_seen import given_out
from wardkeep.adapters.writer_lock import WriterLock
from wardkeep.app.control import call, is_running
from wardkeep.app.errors import NotRunningError, UnreadableFileError, UnreadableTimeError
from wardkeep.app.folder import HospitalFolder
from wardkeep.app.losses import refuse_if_shortened
from wardkeep.app.site_keys import ask_before_locking, open_keys
from wardkeep.chart.reading.census import Census
from wardkeep.hospital.site import Site
from wardkeep.kernel.times import Precision
from wardkeep.ledger.arrival import Appended, Arrival, Kind, Verdict
from wardkeep.wire.fhir.errors import UnreadableResourceError
from wardkeep.wire.fhir.files import documents_in, is_fhir
from wardkeep.wire.hl7v2.acknowledgement import header_of
from wardkeep.wire.hl7v2.files import messages_in
from wardkeep.wire.hl7v2.times import parse_moment

T = TypeVar("T")
_AT_ONCE = 500
# As base64 in one line this stays far under what the control socket takes (128 MiB).
_BYTES_AT_ONCE = 32 * 1024 * 1024
_LARGEST_FILE = 1024 * 1024 * 1024
_MEND_FHIR = "Give a FHIR bundle or resource in JSON, or NDJSON with one whole resource a line."
_NAME_A_FILE = (
    "Name a file that exists and that you may read; of a folder, its files: DIR/*.csv."
)


class Loaded(msgspec.Struct, frozen=True, kw_only=True):
    """What became of one file."""

    file: str
    kind: str
    messages: int
    patients: int = 0
    """Lines of a census; its entries hold many each."""
    stored: int = 0
    repeated: int = 0
    id_reused: int = 0
    not_used: tuple[str, ...] = ()
    """Headings of a census that no column of the charts takes."""


class Source(msgspec.Struct, frozen=True, kw_only=True):
    """How files are to be read: the feed they count as, census columns and its time (HL7).

    Where no time is given, a census is as old as its file.
    """

    feed: str
    columns: Mapping[str, str]
    as_of: str
    day_first: bool = False


def census_time(text: str, site: Site) -> str:
    """Return the time of a census as it was given; raises UnreadableTimeError.

    One that no chart could read, or that has not come yet, would keep every row of it out.
    """
    moment = parse_moment(text, ZoneInfo(site.rules.timezone))
    if moment is None or moment.precision in {Precision.YEAR, Precision.MONTH}:
        raise UnreadableTimeError(f"{text!r} is not a time")
    if moment.at > now():
        raise UnreadableTimeError(f"{text!r} has not come yet")
    return text.strip()


def read_file(path: Path, source: Source) -> list[Arrival]:
    """Return what a file holds; raises UnreadableFileError naming file and line."""
    content = _content(path)
    if is_fhir(content):
        return _fhir(path, content, source.feed)
    bodies = _messages(content)
    if bodies:
        digest = _digest(content)
        return [_hl7(body, source.feed, _place(digest, n)) for n, body in enumerate(bodies)]
    if path.suffix.casefold() not in {".csv", ".txt", ".tsv"}:
        raise UnreadableFileError(
            f"{path}: no line begins with MSH, and it is neither FHIR in JSON nor a CSV",
            advice="Give HL7 v2 messages, FHIR bundles or NDJSON, or a census whose name ends"
            " in .csv, .tsv or .txt.",
        )
    try:
        as_of = source.as_of or _as_old_as(path)
        census = read_census_file(content, as_of, source.columns, day_first=source.day_first)
    except CensusFileError as fault:
        raise UnreadableFileError(f"{path}: {fault}", advice=fault.advice) from fault
    parts = [
        msgspec.json.encode(msgspec.structs.replace(census, rows=rows))
        for rows in _some(census.rows)
    ]
    digest = _digest(b"\n".join(parts))
    return [
        Arrival(source.feed, now(), Kind.CENSUS, b"", b"", _place(digest, n), part)
        for n, part in enumerate(parts)
    ]


def _fhir(path: Path, content: bytes, feed: str) -> list[Arrival]:
    """Return bundles and resources, each line of an NDJSON as an entry of its own."""
    try:
        documents = documents_in(content)
    except UnreadableResourceError as fault:
        raise UnreadableFileError(f"{path}: {fault}", advice=_MEND_FHIR) from fault
    digest = _digest(content)
    return [
        Arrival(feed, now(), Kind.FHIR, b"", b"", each.control or _place(digest, n), each.body)
        for n, each in enumerate(documents)
    ]


def not_used(path: Path, source: Source) -> tuple[str, ...]:
    """Return the headings of a census, read before, that nothing was taken from."""
    content = _content(path)
    if is_fhir(content) or _messages(content):
        return ()
    return unused_headings(content, source.columns)


def _messages(content: bytes) -> list[bytes]:
    # Excel's "Unicode text" is UTF-16 as well: there only what begins as HL7 is a message.
    text = utf16(content)
    if text is not None and not text.lstrip().startswith(("MSH", "FHS", "BHS")):
        return []
    return messages_in(content)


def _content(path: Path) -> bytes:
    try:
        if not path.is_file():
            said = "is a folder" if path.is_dir() else "is no file"
            raise UnreadableFileError(
                f"{path}: {said if path.exists() else 'is not there'}", advice=_NAME_A_FILE
            )
        if path.stat().st_size > _LARGEST_FILE:
            raise UnreadableFileError(f"{path}: larger than {_LARGEST_FILE} bytes")
        return path.read_bytes()
    except OSError as fault:
        raise UnreadableFileError(
            f"{path}: {fault.strerror or fault}", advice=_NAME_A_FILE
        ) from fault


def _as_old_as(path: Path) -> str:
    # Never later than the file itself: stale rows must not overrule what a feed said since.
    at = min(path.stat().st_mtime, now() / 1_000_000)
    return f"{dt.datetime.fromtimestamp(at, dt.UTC):%Y%m%d%H%M%S}+0000"


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:32]


def _place(digest: str, number: int) -> bytes:
    return f"{digest}-{number}".encode()


def load(
    folder: HospitalFolder, site: Site, path: Path, arrivals: list[Arrival], source: Source
) -> Loaded:
    """Append a file's arrivals through the running server, else under the writer's lock."""
    if is_running(folder.control_socket):
        appended = _through_server(folder, path, arrivals)
    else:
        appended = _alone(folder, site, arrivals)
    verdicts = [each.verdict for each in appended]
    return Loaded(
        file=str(path),
        kind=arrivals[0].kind.value if arrivals else "",
        messages=len(arrivals),
        patients=patients_in(arrivals),
        stored=len(verdicts) - verdicts.count(Verdict.REPEATED),
        repeated=verdicts.count(Verdict.REPEATED),
        id_reused=verdicts.count(Verdict.ID_REUSED),
        not_used=not_used(path, source),
    )


def dry_run(path: Path, arrivals: Sequence[Arrival], source: Source) -> Loaded:
    """Return what a file holds and what of it would not be used; nothing is stored."""
    return Loaded(
        file=str(path),
        kind=arrivals[0].kind.value if arrivals else "",
        messages=len(arrivals),
        patients=patients_in(arrivals),
        not_used=not_used(path, source),
    )


def patients_in(arrivals: Sequence[Arrival]) -> int:
    """Return how many lines of a census these entries hold."""
    return sum(
        len(msgspec.json.decode(each.body, type=Census).rows)
        for each in arrivals
        if each.kind is Kind.CENSUS
    )


def _some(things: Sequence[T]) -> Iterator[tuple[T, ...]]:
    for begin in range(0, len(things), _AT_ONCE):
        yield tuple(things[begin : begin + _AT_ONCE])


def _hl7(body: bytes, feed: str, place: bytes) -> Arrival:
    header = header_of(body)
    control = header.control or place
    return Arrival(feed, now(), Kind.HL7, header.application, header.facility, control, body)


def requests_of(arrivals: Sequence[Arrival]) -> Iterator[list[Arrival]]:
    """Yield arrivals in order, as many together as one request may carry."""
    some: list[Arrival] = []
    size = 0
    for each in arrivals:
        if some and (len(some) >= _AT_ONCE or size + len(each.body) > _BYTES_AT_ONCE):
            yield some
            some, size = [], 0
        some.append(each)
        size += len(each.body)
    if some:
        yield some


def _through_server(
    folder: HospitalFolder, path: Path, arrivals: Sequence[Arrival]
) -> list[Appended]:
    appended: list[Appended] = []
    for some in requests_of(arrivals):
        entries = [
            {
                "feed": each.feed,
                "kind": each.kind.value,
                "application": base64.b64encode(each.application).decode(),
                "facility": base64.b64encode(each.facility).decode(),
                "control": base64.b64encode(each.control).decode(),
                "body": base64.b64encode(each.body).decode(),
            }
            for each in some
        ]
        try:
            answer = call(folder.control_socket, "entries.append", {"entries": entries})
        except NotRunningError as fault:
            raise NotRunningError(
                f"{path}: {fault} after {len(appended)} of {len(arrivals)} entries;"
                " load the file again: what is stored is recognised"
            ) from fault
        appended += msgspec.convert(answer["appended"], list[Appended])
    return appended


def _alone(folder: HospitalFolder, site: Site, arrivals: Sequence[Arrival]) -> list[Appended]:
    ask_before_locking(folder)
    with WriterLock(folder.writer_lock):
        ring = open_keys(folder)
        refuse_if_shortened(folder, ring)
        store = ClinicalStore(
            folder.clinical,
            ring,
            cipher=site.cipher,
            horizon_days=site.duplicate_horizon_days,
            given_out=given_out(folder.ledgers, ring).get(CLINICAL),
        )
        try:
            return store.append(arrivals)
        finally:
            store.close(now())
