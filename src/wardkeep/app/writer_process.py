"""The writer: the only process that opens a ledger for writing, with the feeds' listeners."""

from __future__ import annotations

import asyncio
import base64
import sys
import threading
from collections.abc import Callable, Sequence
from functools import partial

import msgspec

from wardkeep.adapters import held_key
from wardkeep.adapters.clinical_store import CLINICAL, ClinicalStore
from wardkeep.adapters.clock import now, steady
from wardkeep.adapters.group_commit import Waiting
from wardkeep.adapters.handover_server import HandoverServer
from wardkeep.adapters.heads_seen import given_out
from wardkeep.adapters.key_ring import KeyRing
from wardkeep.adapters.ledger_folder import set_aside
from wardkeep.adapters.mllp_server import MllpServer
from wardkeep.adapters.operations_store import (
    ACCESS,
    OPERATIONS,
    open_access,
    open_operations,
)
from wardkeep.adapters.rations import Rations
from wardkeep.adapters.stored_charts import StoredCharts
from wardkeep.adapters.witness import Witness
from wardkeep.adapters.writer_lock import WriterLock
from wardkeep.app import feed_days, follower_alarms, processes
from wardkeep.app.alarm_tellers import tellers
from wardkeep.app.alarms import AlarmBook, AlarmRequests
from wardkeep.app.backup import how_late
from wardkeep.app.certificate_alarms import CertificateAlarms
from wardkeep.app.child import LOCK_PATIENCE_SECONDS, Stop, run_child, say_ready
from wardkeep.app.control import Answer, Body, ControlServer
from wardkeep.app.errors import RefusedByServerError
from wardkeep.app.folder import HospitalFolder
from wardkeep.app.listeners import AllListeners
from wardkeep.app.listening import told_doors
from wardkeep.app.losses import by_ledger, note_in_mid_run, open_losses, standing_losses
from wardkeep.app.read_only import take_looks
from wardkeep.app.retention_round import STOPPED, RetentionRound
from wardkeep.app.risk_alarms import RiskAlarms
from wardkeep.app.senders import SenderRequests
from wardkeep.app.settings import environment
from wardkeep.app.signing_rotation import hand_over
from wardkeep.app.site_keys import open_keys
from wardkeep.app.store_alarms import StoreAlarms
from wardkeep.app.watch import Watch
from wardkeep.chart import replay
from wardkeep.hospital.site import Site
from wardkeep.ledger.arrival import Appended, Arrival, Kind
from wardkeep.ledger.encoding import LookEntry, OperationsEvent
from wardkeep.ledger.errors import KeyMissingError, LedgerFaultError, StoreFailedError

_WITNESS_EVERY_SECONDS = 1.0
_REPLAY_PATIENCE_SECONDS = 20.0


class Ledgers:
    """The three ledgers behind one lock: listeners, control socket and witness take turns."""

    def __init__(self, folder: HospitalFolder, site: Site, ring: KeyRing) -> None:
        self._folder = folder
        losses = open_losses(folder, ring)
        heads = given_out(folder.ledgers, ring)
        self.clinical = ClinicalStore(
            folder.clinical,
            ring,
            cipher=site.cipher,
            horizon_days=site.duplicate_horizon_days,
            given_out=heads.get(CLINICAL),
        )
        self.operations = open_operations(
            folder.operations, ring, site.cipher, heads.get(OPERATIONS)
        )
        self.access = open_access(folder.access, ring, site.cipher, heads.get(ACCESS))
        for store in (self.clinical, self.operations, self.access):
            store.go_on(now())
        note_in_mid_run(losses, self.operations, now())
        self._lost = standing_losses(folder, ring)
        take_looks(folder, ring, self.access)
        self._witness = Witness(self.clinical, self.operations, self.access)
        self._guard = threading.Lock()
        self.alarms = StoreAlarms()

    def append(self, arrivals: Sequence[Arrival]) -> list[Appended]:
        """Append to the clinical ledger (port: ledger.arrival.ClinicalWriter)."""
        with self._guard, self.alarms.watching(CLINICAL):
            return self.clinical.append(arrivals)

    def decide(self, events: Sequence[OperationsEvent]) -> int:
        """Append to the operations ledger; return the last sequence."""
        with self._guard, self.alarms.watching(OPERATIONS):
            return self.operations.append(events)

    def hand_over(self, ring: KeyRing, at: int, by: str) -> None:
        """Let the site's next signing key sign from now on; goes on where it was cut off."""
        with self._guard:
            hand_over(ring, self.operations, at, by)
            for store in (self.clinical, self.operations, self.access):
                store.sign_with(ring.signing_key())

    def look(self, looks: Sequence[LookEntry]) -> int:
        """Append to the access ledger; return the last sequence."""
        with self._guard, self.alarms.watching(ACCESS):
            return self.access.append(looks)

    def witness(self, at: int) -> None:
        """Carry the heads between the ledgers; raises StoreFailedError."""
        with self._guard:
            self._witness.witness(at)

    def lost(self) -> dict[str, int]:
        """Return by ledger how many entries are missing, accepted or not."""
        return by_ledger(self._lost)

    def damaged(self) -> dict[str, list[str]]:
        """Return by ledger the files that were left because of damage."""
        folders = {
            CLINICAL: self._folder.clinical,
            OPERATIONS: self._folder.operations,
            ACCESS: self._folder.access,
        }
        found = {
            ledger: [path.name for path in set_aside(folder)]
            for ledger, folder in folders.items()
        }
        return {ledger: names for ledger, names in found.items() if names}

    def close(self, at: int) -> None:
        """Sign and witness the heads, close all."""
        self.witness(at)
        with self._guard:
            self.clinical.close(at)
            self.operations.close()
            self.access.close()


class Requests:
    """What verbs and the web may ask of the writer."""

    def __init__(
        self,
        folder: HospitalFolder,
        site: Site,
        ring: KeyRing,
        all_: Ledgers,
        book: AlarmBook,
    ) -> None:
        self._folder, self._site, self._ring, self._ledgers = folder, site, ring, all_
        self._book = book

    async def ping(self, _: Body) -> Body:
        """Answer that the writer lives, and how far its ledger has come."""
        return {"sequence": self._ledgers.clinical.last.sequence}

    async def status(self, _: Body) -> Body:
        """Answer what the supervisor last said of all processes, what is wrong or open."""
        return {
            "processes": msgspec.to_builtins(processes.read(self._folder)),
            "alarms": msgspec.to_builtins(self._book.standing()),
            "sequence": self._ledgers.clinical.last.sequence,
            **told_doors(self._site),
        }

    async def record_looks(self, body: Body) -> Body:
        """Append looks at patients to the access ledger."""
        looks = msgspec.convert(
            [[k["at"], k["who"], k["record"], k["page"], k["why"]] for k in body["looks"]],
            list[LookEntry],
        )
        return {
            "recorded": len(looks),
            "sequence": await asyncio.to_thread(self._ledgers.look, looks),
        }

    async def hold_key(self, body: Body) -> Body:
        """Lay the server's key, which is being rotated, into the memory of all processes."""
        return {"held": held_key.replace(str(body["text"]))}

    async def hand_over(self, body: Body) -> Body:
        """Let a new signing key sign from now on."""
        by = str(body["by"])
        await asyncio.to_thread(self._ledgers.hand_over, self._ring, now(), by)
        return {}

    async def append_operations(self, body: Body) -> Body:
        """Append events of a part, all or none: base64 of the part's JSON with its type.

        `bodies` holds several; `body` a single one.
        """
        part, at = str(body["part"]), now()
        events = [
            operations_event(part, base64.b64decode(str(each), validate=True), at)
            for each in body.get("bodies", [body.get("body", "")])
        ]
        return {"sequence": await asyncio.to_thread(self._ledgers.decide, events)}

    async def append_entries(self, body: Body) -> Body:
        """Append loaded entries to the clinical ledger, all or none."""
        arrivals = [
            Arrival(
                str(each["feed"]),
                now(),
                Kind(each["kind"]),
                *(base64.b64decode(each[part]) for part in ("application", "facility")),
                *(base64.b64decode(each[part]) for part in ("control", "body")),
            )
            for each in body["entries"]
        ]
        appended = await asyncio.to_thread(self._ledgers.append, arrivals)
        return {"appended": [msgspec.to_builtins(each) for each in appended]}

    async def replay(self, body: Body) -> Body:
        """Have a quarantined entry read again, and wait until the charts have done it."""
        sequence = int(body["sequence"])
        asked = replay.to_event(replay.ReplayAsked(sequence), now(), str(body.get("by", "")))
        number = await asyncio.to_thread(self._ledgers.decide, [asked])
        return await asyncio.to_thread(self._await_replay, sequence, number)

    def _await_replay(self, sequence: int, number: int) -> Body:
        charts = StoredCharts(
            self._folder.chart_database, self._folder.clinical, self._ring, self._site
        )
        pause, until = threading.Event(), steady() + _REPLAY_PATIENCE_SECONDS
        try:
            while charts.operations_cursor() < number:
                if steady() > until:
                    raise RefusedByServerError(
                        "the charts are busy; it will be read again soon"
                    )
                pause.wait(0.05)
            held = [q for q in charts.quarantine(1_000_000) if q.sequence == sequence]
        finally:
            charts.close()
        if held:
            return {"outcome": "still_unreadable", "reason": held[0].reason}
        return {"outcome": "in_chart", "reason": ""}


def operations_event(part: str, content: bytes, at: int) -> OperationsEvent:
    """Return the entry of a part's event from its JSON with its type."""
    tagged = msgspec.json.decode(content)
    name, _, version = str(tagged["type"]).partition(".v")
    return OperationsEvent(part, name, int(version), at, str(tagged.get("by", "")), content)


def _verbs(
    requests: Requests, alarms: AlarmRequests, senders: SenderRequests
) -> dict[str, Answer]:
    return {
        "ping": requests.ping,
        "status": requests.status,
        "looks.record": requests.record_looks,
        "operations.append": requests.append_operations,
        "entries.append": requests.append_entries,
        "quarantine.replay": requests.replay,
        "keys.hold": requests.hold_key,
        "keys.hand-over": requests.hand_over,
        "alarms.raise": alarms.raise_,
        "alarms.clear": alarms.clear,
        "alarms.list": alarms.list,
        "senders.list": senders.list,
        "senders.know": senders.know,
    }


async def write(folder: HospitalFolder, site: Site, stop: Stop) -> None:
    """Write the ledgers of the folder, and listen on its feeds, until `stop`."""
    with WriterLock(folder.writer_lock, LOCK_PATIENCE_SECONDS):
        ring = open_keys(folder)
        ledgers = Ledgers(folder, site, ring)
        spoken_to = environment()
        book = AlarmBook(folder, tellers(spoken_to.journal_stream, spoken_to.notify_socket))
        book.leave(follower_alarms.CODES)
        book.leave({"poll-failing"}, {poll.feed for poll in site.polls})
        book.leave({"delivery-failing"}, {each.name for each in site.deliveries})
        rations = Rations(
            site.feeds, ledgers, site.disk_reserve_bytes, feed_days.read(folder, now())
        )
        alarms = AlarmRequests(book, now)
        requests = Requests(folder, site, ring, ledgers, book)
        server = _server(site, rations)
        handover = _handover(folder, site, server, rations)
        late, doors = partial(how_late, folder, site), AllListeners(server, handover)
        watch = Watch(folder, ledgers, book, late, doors, rations)
        senders = SenderRequests(watch.senders, now, ledgers.decide)
        control = ControlServer(folder.control_socket, _verbs(requests, alarms, senders))
        await server.start()
        await handover.start()
        await control.start()
        # What was lost stands on the screens with the first page.
        watch.ration(now())
        await _do(watch.look)
        say_ready()
        rounds = RetentionRound(
            folder, ring, site.retention, ledgers, tell=partial(_tell_erasing, book)
        )
        alarming = CertificateAlarms(folder, site, book), RiskAlarms(folder, ring, site, book)
        duties = (ledgers.witness, *(e.look for e in alarming), watch.look, rounds.look)
        await _witness_until(stop, watch, duties)
        await control.close()
        handover.finish()
        await server.close()
        handover.close()
        ledgers.close(now())
        watch.close()


def _tell_erasing(book: AlarmBook, why: str, at: int) -> None:
    if why:
        book.raise_(STOPPED, "ledgers", at, why)
    else:
        book.clear(STOPPED, "ledgers")


def _server(site: Site, rations: Rations) -> MllpServer:
    return MllpServer(
        site.listeners,
        rations,
        now,
        unfinished_bytes=site.unfinished_bytes_limit,
        rations=rations,
    )


def _handover(
    folder: HospitalFolder, site: Site, server: MllpServer, rations: Rations
) -> HandoverServer:
    feeds = [feed for feed in site.feeds if feed.kind == "fhir"]
    offer = partial(_offer, server, rations)
    return HandoverServer(folder.handover_socket, feeds, offer, now)


def _offer(server: MllpServer, rations: Rations, waiting: Waiting) -> None:
    """Queue what another door took in, unless its feed must wait for room."""
    if rations.refuses(waiting.arrival.feed):
        waiting.failed()
    else:
        server.offer(waiting)


async def _witness_until(
    stop: Stop, watch: Watch, duties: Sequence[Callable[[int], None]]
) -> None:
    while not stop.is_set():
        try:
            async with asyncio.timeout(_WITNESS_EVERY_SECONDS):
                await stop.wait()
        except TimeoutError:
            watch.ration(now())
            for duty in duties:
                await _do(duty)


async def _do(duty: Callable[[int], None]) -> None:
    """Do what is done once a second; what a store or the system refuses is tried again."""
    try:
        await asyncio.to_thread(duty, now())
    except (StoreFailedError, LedgerFaultError, KeyMissingError) as fault:
        print(fault.diagnostics(), file=sys.stderr, flush=True)  # noqa: T201  # the log
    except OSError as fault:
        # No file to be opened (EMFILE, EIO): what is wrong is an alarm, never the writer's end.
        print(f"wardkeep: {fault}", file=sys.stderr, flush=True)  # noqa: T201  # the log


if __name__ == "__main__":
    sys.exit(run_child(write))
