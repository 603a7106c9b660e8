from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from wardkeep.adapters.mllp_desk import FeedFigures
from wardkeep.adapters.rations import Rations, Taken
from wardkeep.alarm.events import AlarmCleared, AlarmRaised, decode
from wardkeep.alarm.state import Name
from wardkeep.app import processes
from wardkeep.app.alarms import AlarmBook
from wardkeep.app.folder import HospitalFolder, lay_out
from wardkeep.app.processes import Process
from wardkeep.app.store_alarms import StoreAlarms
from wardkeep.app.watch import Watch
from wardkeep.kernel.times import MINUTE
from wardkeep.ledger.arrival import Appended, Arrival, Verdict
from wardkeep.ledger.encoding import OperationsEvent
from wardkeep.ledger.errors import StoreFailedError
from wardkeep.sender.state import Seen

NOW = 1_700_000_000_000_000


class Nothing:
    """A ledger that takes everything."""

    def append(self, arrivals: Sequence[Arrival]) -> list[Appended]:
        return [Appended(n, NOW, Verdict.NEW) for n, _ in enumerate(arrivals, 1)]


class Quiet:
    """Listeners on which nobody speaks."""

    most_connections, connections = 100, 0

    def __init__(self) -> None:
        self.told: list[FeedFigures] = []
        self.rationed = 0

    def figures(self) -> list[FeedFigures]:
        return self.told

    def sightings(self) -> dict[str, dict[Seen, int]]:
        return {}

    def ration(self) -> None:
        self.rationed += 1


class Ledgers:
    """Three ledgers of which some entries are gone."""

    def __init__(self) -> None:
        self.alarms = StoreAlarms()
        self.gone: dict[str, int] = {}
        self.kept: list[OperationsEvent] = []

    def lost(self) -> Mapping[str, int]:
        return self.gone

    def damaged(self) -> Mapping[str, Sequence[str]]:
        return {}

    def decide(self, events: Sequence[OperationsEvent]) -> int:
        self.kept += events
        return len(self.kept)


def watching(folder: HospitalFolder, ledgers: Ledgers, book: AlarmBook) -> Watch:
    rations = Rations((), Nothing(), 0, Taken(0))
    return Watch(folder, ledgers, book, listeners=Quiet(), rations=rations)


def test_what_the_writer_sees_stands_is_recorded_and_ends_by_itself(tmp_path: Path) -> None:
    folder, ledgers = lay_out(tmp_path / "hospital", ""), Ledgers()
    book = AlarmBook(folder)
    watch = watching(folder, ledgers, book)
    with pytest.raises(StoreFailedError), ledgers.alarms.watching("clinical"):
        raise StoreFailedError("read-only file system")
    ledgers.gone = {"access": 3}
    processes.write(folder, [Process(name="packs", running=False, since=5, restarts=1)])
    watch.look(NOW)
    assert {alarm.name for alarm in book.standing()} == {
        Name("clinical-not-stored"),
        Name("access-lost"),
        Name("process-down", "packs"),
    }
    with ledgers.alarms.watching("clinical"):
        pass
    processes.write(folder, [Process(name="packs", running=True, since=6)])
    watch.look(NOW + MINUTE)
    assert [alarm.code for alarm in book.standing()] == ["access-lost"]
    told = [type(decode(event.body)) for event in ledgers.kept]
    assert told == [AlarmRaised] * 3 + [AlarmCleared] * 2
    assert {(event.part, event.version) for event in ledgers.kept} == {("alarm", 1)}


def test_a_writer_that_looks_is_not_told_as_gone(tmp_path: Path) -> None:
    folder, ledgers = lay_out(tmp_path / "hospital", ""), Ledgers()
    processes.write(folder, [Process(name="writer", running=False, since=5, restarts=1)])
    book = AlarmBook(folder)
    watching(folder, ledgers, book).look(NOW)
    assert book.standing() == []


def test_a_backup_that_is_late_is_told_until_one_is_made(tmp_path: Path) -> None:
    folder, said = lay_out(tmp_path / "hospital", ""), ["the newest is 30 h old"]
    book = AlarmBook(folder)
    watch = Watch(folder, Ledgers(), book, lambda _at: said[0])
    watch.look(NOW)
    assert [(a.code, a.detail) for a in book.standing()] == [("backup-late", said[0])]
    said[0] = ""
    watch.look(NOW)
    assert book.standing() == []
