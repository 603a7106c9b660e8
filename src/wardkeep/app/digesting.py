"""Makes digests of days that are erased, proves messages by them, erases a patient's key."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing, suppress
from pathlib import Path
from zoneinfo import ZoneInfo

from wardkeep.adapters.chart_carrier import Beside
from wardkeep.adapters.clock import now
from wardkeep.adapters.digest_store import DigestStore, Proof, Told
from wardkeep.adapters.guarded_reading import names_of
from wardkeep.adapters.key_ring import KeyRing
from wardkeep.adapters.stored_charts import StoredCharts
from wardkeep.app.folder import HospitalFolder
from wardkeep.app.recording import record
from wardkeep.app.settings import load_site
from wardkeep.app.site_keys import open_keys
from wardkeep.chart.reading import ReadingContext
from wardkeep.custody import events
from wardkeep.custody.decide import erase_patient_key
from wardkeep.hospital.site import Feed, Site
from wardkeep.kernel.errors import WardkeepError
from wardkeep.ledger.arrival import Entry, Kind


def digests_of(folder: HospitalFolder) -> Path:
    """Return where the digests of a folder lie."""
    return folder.path / "digests"


def digesting(folder: HospitalFolder, ring: KeyRing, site: Site) -> Beside:
    """Return what keeps the digests of entries whose day is carried over its erasing."""
    contexts = _contexts(site)

    def keep(entries: Sequence[Entry]) -> None:
        told = [
            Told(e.sequence, e.received, e.feed, e.body, _numbers(e, contexts, site))
            for e in entries
            if e.kind != Kind.UNREADABLE
        ]
        if told:
            with closing(DigestStore(digests_of(folder), ring, site.cipher)) as store:
                store.add(told, now())

    return keep


def prove(folder: HospitalFolder, bodies: Sequence[bytes]) -> list[Proof | None]:
    """Return for each message the erased entry whose bytes it is, None where none says so.

    Raises KeyMissingError, StoreFailedError.
    """
    site = load_site(folder)
    contexts = _contexts(site)
    with closing(DigestStore(digests_of(folder), open_keys(folder), site.cipher)) as store:
        return [_proof(store, body, contexts, site) for body in bodies]


def erase_patient(folder: HospitalFolder, number: str, why: str, by: str) -> int:
    """Erase the digest keys of a patient, merged numbers too; return how many there were.

    Recorded by whom and why, without the number. Raises ErasureReasonError, KeyMissingError,
    StoreFailedError.
    """
    site, ring = load_site(folder), open_keys(folder)
    numbers = {number, *_merged(folder, ring, site, number)}
    at = now()
    event = erase_patient_key(numbers, why, at, by)
    with closing(DigestStore(digests_of(folder), ring, site.cipher)) as store:
        erased = store.erase(sorted(numbers), at)
    record(folder, ring, events.PART, [events.encode(event)])
    return erased


def _proof(
    store: DigestStore, body: bytes, contexts: dict[str, ReadingContext], site: Site
) -> Proof | None:
    for feed in contexts:
        entry = Entry(0, feed, 0, Kind.HL7, b"", b"", b"", body, id_reused=False)
        proof = store.prove(body, _numbers(entry, contexts, site), [feed])
        if proof is not None:
            return proof
    return None


def _contexts(site: Site) -> dict[str, ReadingContext]:
    zone = ZoneInfo(site.rules.timezone)
    feeds = [*site.feeds, Feed(name="load")]
    return {feed.name: ReadingContext(site.rules, feed, zone) for feed in feeds}


def _numbers(entry: Entry, contexts: dict[str, ReadingContext], site: Site) -> tuple[str, ...]:
    context = contexts.get(entry.feed)
    if context is None:
        zone = ZoneInfo(site.rules.timezone)
        context = ReadingContext(site.rules, Feed(name=entry.feed), zone)
        contexts[entry.feed] = context
    return names_of(entry, context)


def _merged(folder: HospitalFolder, ring: KeyRing, site: Site, number: str) -> tuple[str, ...]:
    # Without charts the number itself is erased: the rest can be asked for by its own.
    with suppress(WardkeepError, OSError):
        charts = StoredCharts(folder.chart_database, folder.clinical, ring, site)
        with closing(charts):
            chart = charts.patient(number)
        if chart is not None:
            return (chart.record, *chart.merged_from)
    return ()
