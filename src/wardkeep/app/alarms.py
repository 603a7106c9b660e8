"""The one place of alarms: what stands against a running server, kept by its writer process.

Whoever finds something wrong raises a code (alarm.codes) of a subject here, by `AlarmBook` in
the writer's process and by `raise_alarm` and `clear_alarm` in the others. What stands lies in
`run/alarms.json` too, so that screens and `wardkeep alarms` know it while the writer is down.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

import msgspec

from wardkeep.adapters.files import write_private
from wardkeep.alarm.codes import kind_of
from wardkeep.alarm.decide import MOST_NAMES, changes, forget
from wardkeep.alarm.events import AlarmEvent
from wardkeep.alarm.state import Alarm, Name, Told, fold
from wardkeep.app import processes
from wardkeep.app.control import Body, call
from wardkeep.app.errors import NotRunningError, RefusedByServerError
from wardkeep.app.folder import HospitalFolder
from wardkeep.app.processes import Process
from wardkeep.app.site_keys import awaited_key

_FILE = "alarms.json"
_PATIENCE_SECONDS = 2.0
_LONGEST_WORDS = 500
_decoder = msgspec.json.Decoder(list[Alarm])
Teller = Callable[[AlarmEvent, Sequence[Alarm]], None]
"""Is given each change that is told and what stands then: journal, systemd, later SMS."""


class AlarmBook:
    """The standing alarms of one server; any thread may use it."""

    def __init__(self, folder: HospitalFolder, tellers: Sequence[Teller] = ()) -> None:
        """Begin with what stood when the book was last kept: a restart ends no alarm."""
        self._folder, self._tellers = folder, tuple(tellers)
        self._standing = {alarm.name: alarm for alarm in last_known(folder)}
        self._kept: list[Alarm] | None = None
        self._told = Told({**self._standing}, {})
        self._unrecorded: list[AlarmEvent] = []
        self._guard = threading.Lock()

    def raise_(self, code: str, subject: str, at: int, detail: str = "") -> None:
        """Let an alarm stand from `at`; one that stands keeps its time and gets the words."""
        with self._guard:
            self._raise(Name(code, subject[:_LONGEST_WORDS]), at, detail[:_LONGEST_WORDS])

    def clear(self, code: str, subject: str = "") -> None:
        """End an alarm; one that does not stand is none."""
        with self._guard:
            self._standing.pop(Name(code, subject[:_LONGEST_WORDS]), None)

    def replace(self, codes: Collection[str], found: Mapping[Name, str], at: int) -> None:
        """Let of these codes exactly `found` stand: its words by code and subject."""
        with self._guard:
            for name in [n for n in self._standing if n.code in codes and n not in found]:
                del self._standing[name]
            for name, detail in found.items():
                self._raise(name, at, detail)

    def leave(self, codes: Collection[str], kept: Collection[str] = ()) -> None:
        """End what stands of these codes from before a restart, but for the subjects `kept`.

        For what nobody tells any more: a poll that was taken out, a second box that is one no
        longer.
        """
        with self._guard:
            for name in [n for n in self._standing if n.code in codes]:
                if name.subject not in kept:
                    del self._standing[name]

    def standing(self) -> list[Alarm]:
        """Return what stands now, the heaviest first, then the oldest."""
        with self._guard:
            return in_order(self._standing.values())

    def tell(self, at: int, record: Callable[[Sequence[AlarmEvent]], object]) -> None:
        """Tell what changed, as often as alarm.decide allows, and `record` it.

        Raises what `record` raises: then it is recorded at the next call.
        """
        with self._guard:
            told = changes(self._standing, self._told, at)
            self._told = forget(fold(told, self._told), at)
            self._unrecorded = (self._unrecorded + told)[-MOST_NAMES:]
            standing, waiting = in_order(self._standing.values()), [*self._unrecorded]
        self._keep(standing)
        for each in told:
            for teller in self._tellers:
                teller(each, standing)
        if waiting:
            record(waiting)
            with self._guard:
                self._unrecorded = self._unrecorded[len(waiting) :]

    def _raise(self, name: Name, at: int, detail: str) -> None:
        since = self._standing[name].since if name in self._standing else at
        if name in self._standing or len(self._standing) < MOST_NAMES:
            self._standing[name] = Alarm(name.code, name.subject, since, detail)

    def _keep(self, standing: list[Alarm]) -> None:
        if standing == self._kept:
            return
        path = self._folder.run / _FILE
        try:
            if standing:
                write_private(path, msgspec.json.encode(standing))
            else:
                path.unlink(missing_ok=True)
        except OSError:
            # A full disk is an alarm of its own; the book itself goes on in memory.
            return
        self._kept = standing


class AlarmRequests:
    """What other processes may ask of the book: to raise, to clear, to list alarms."""

    def __init__(self, book: AlarmBook, clock: Callable[[], int]) -> None:
        self._book, self._clock = book, clock

    async def raise_(self, body: Body) -> Body:
        """Let `code` of `subject` stand, with `detail`."""
        detail = str(body.get("detail", ""))
        self._book.raise_(
            str(body["code"]), str(body.get("subject", "")), self._clock(), detail
        )
        return {}

    async def clear(self, body: Body) -> Body:
        """End `code` of `subject`."""
        self._book.clear(str(body["code"]), str(body.get("subject", "")))
        return {}

    async def list(self, _: Body) -> Body:
        """Answer what stands."""
        return {"alarms": msgspec.to_builtins(self._book.standing())}


def in_order(alarms: Iterable[Alarm]) -> list[Alarm]:
    """Return alarms, the heaviest first, then the oldest."""
    return sorted(alarms, key=lambda a: (kind_of(a.code).severity, a.since, a.name))


def last_known(folder: HospitalFolder) -> list[Alarm]:
    """Return what stood when the writer last kept its book, nothing where it never did."""
    try:
        return _decoder.decode((folder.run / _FILE).read_bytes())
    except (OSError, msgspec.DecodeError):
        return []


def of_processes(known: Iterable[Process], at: int) -> list[Alarm]:
    """Return an alarm for every process that ran, or was tried again, and does not run now."""
    return [
        Alarm("process-down", each.name, at, f"{each.name} ended; {each.restarts} restarts")
        for each in known
        if not each.running and (each.since is not None or each.restarts)
    ]


def without_writer(folder: HospitalFolder, at: int) -> list[Alarm]:
    """Return what is known while no writer answers: the supervisor's word, what stood last.

    Where the server waits for its key, that.
    """
    if awaited := awaited_key(folder):
        waits = Alarm("key-awaited", "", awaited.since, awaited.why)
        return in_order([waits, *last_known(folder)])
    known = of_processes(processes.read(folder), at)
    seen = {alarm.name for alarm in known}
    if not any(alarm.subject == "writer" for alarm in known):
        known.append(Alarm("process-down", "writer", at, "the writer does not answer"))
    return in_order([*known, *(a for a in last_known(folder) if a.name not in seen)])


def ask_standing(folder: HospitalFolder) -> list[Alarm]:
    """Return what the running writer says stands.

    Raises NotRunningError, RefusedByServerError.
    """
    answer = call(folder.control_socket, "alarms.list", {}, _PATIENCE_SECONDS)
    return msgspec.convert(answer["alarms"], list[Alarm])


def raise_alarm(folder: HospitalFolder, code: str, subject: str, detail: str = "") -> bool:
    """Raise an alarm from another process; False where no writer took it: call it again."""
    body = {"code": code, "subject": subject, "detail": detail}
    return _said(folder, "alarms.raise", body)


def clear_alarm(folder: HospitalFolder, code: str, subject: str = "") -> bool:
    """End an alarm from another process; False where no writer took it: call it again."""
    return _said(folder, "alarms.clear", {"code": code, "subject": subject})


class AlarmsOfCode:
    """Keeps the alarms of one code as they are told, and no other."""

    def __init__(self, folder: HospitalFolder, code: str) -> None:
        self._folder, self._code = folder, code
        self._told = {a.subject: a.detail for a in last_known(folder) if a.code == code}

    def tell(self, found: Mapping[str, str]) -> None:
        """Raise and clear what changed; what no writer took is tried again at the next call."""
        for subject, why in found.items():
            if self._told.get(subject) != why and raise_alarm(
                self._folder, self._code, subject, why
            ):
                self._told[subject] = why
        for subject in self._told.keys() - found.keys():
            if clear_alarm(self._folder, self._code, subject):
                del self._told[subject]


def _said(folder: HospitalFolder, verb: str, body: Body) -> bool:
    try:
        call(folder.control_socket, verb, body, _PATIENCE_SECONDS)
    except (NotRunningError, RefusedByServerError):
        return False
    return True
