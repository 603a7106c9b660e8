from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from wardkeep.alarm.events import AlarmEvent, AlarmRaised
from wardkeep.alarm.state import Alarm, Name
from wardkeep.app import processes
from wardkeep.app.alarms import (
    AlarmBook,
    AlarmRequests,
    ask_standing,
    clear_alarm,
    last_known,
    raise_alarm,
    without_writer,
)
from wardkeep.app.control import ControlServer
from wardkeep.app.folder import HospitalFolder, lay_out
from wardkeep.app.processes import Process
from wardkeep.kernel.times import MINUTE
from wardkeep.ledger.errors import StoreFailedError

NOW = 1_700_000_000_000_000


@pytest.fixture
def folder(tmp_path: Path) -> HospitalFolder:
    return lay_out(tmp_path / "hospital", "")


def test_an_alarm_keeps_since_when_it_stands_and_gets_newer_words(
    folder: HospitalFolder,
) -> None:
    book = AlarmBook(folder)
    book.raise_("feed-loud", "adt", NOW, "500 a second")
    book.raise_("feed-loud", "adt", NOW + 5, "900 a second")
    assert book.standing() == [Alarm("feed-loud", "adt", NOW, "900 a second")]
    book.clear("feed-loud", "adt")
    book.clear("feed-loud", "adt")
    assert book.standing() == []


def test_what_a_look_finds_replaces_its_own_codes_and_no_other(folder: HospitalFolder) -> None:
    book = AlarmBook(folder)
    book.raise_("pack-held", "4B", NOW)
    book.replace({"disk-full", "disk-low"}, {Name("disk-low"): "a tenth"}, NOW)
    book.replace({"disk-full", "disk-low"}, {Name("disk-full"): "nothing"}, NOW)
    assert {alarm.code for alarm in book.standing()} == {"pack-held", "disk-full"}


def test_what_nobody_tells_any_more_does_not_stand_for_ever(folder: HospitalFolder) -> None:
    """A second box that became the first; a poll that was taken out of the settings."""
    before = AlarmBook(folder)
    for code, subject in [
        ("first-silent", "box1:1"),
        ("poll-failing", "emr"),
        ("disk-low", ""),
    ]:
        before.raise_(code, subject, NOW)
    before.raise_("poll-failing", "old", NOW)
    before.tell(NOW, lambda _told: None)
    book = AlarmBook(folder)
    book.leave({"first-silent"})
    book.leave({"poll-failing"}, {"emr"})
    assert {(a.code, a.subject) for a in book.standing()} == {
        ("poll-failing", "emr"),
        ("disk-low", ""),
    }


def test_each_change_is_told_and_recorded_and_a_restart_ends_no_alarm(
    folder: HospitalFolder,
) -> None:
    told: list[tuple[AlarmEvent, int]] = []
    recorded: list[AlarmEvent] = []
    book = AlarmBook(folder, [lambda event, standing: told.append((event, len(standing)))])
    book.raise_("disk-full", "", NOW, "1 byte")
    book.tell(NOW, recorded.extend)
    book.tell(NOW + 1, recorded.extend)
    assert [type(event) for event, _ in told] == [AlarmRaised]
    assert recorded == [event for event, _ in told]
    again = AlarmBook(folder)
    assert again.standing() == book.standing()
    again.tell(NOW + MINUTE, recorded.extend)
    assert len(recorded) == 1
    again.clear("disk-full")
    again.tell(NOW + MINUTE, recorded.extend)
    assert len(recorded) == 2
    assert last_known(folder) == []


def test_a_change_that_the_full_disk_does_not_take_is_said_now_and_recorded_later(
    folder: HospitalFolder,
) -> None:
    told: list[AlarmEvent] = []
    book = AlarmBook(folder, [lambda event, _: told.append(event)])
    book.raise_("disk-full", "", NOW)

    def refuse(_: Sequence[AlarmEvent]) -> None:
        raise StoreFailedError("no room")

    with pytest.raises(StoreFailedError):
        book.tell(NOW, refuse)
    assert len(told) == 1
    recorded: list[AlarmEvent] = []
    book.tell(NOW + 1, recorded.extend)
    assert recorded == told


def test_other_processes_raise_and_clear_through_the_writer(folder: HospitalFolder) -> None:
    book = AlarmBook(folder)
    requests = AlarmRequests(book, lambda: NOW)

    async def talk() -> list[Any]:
        server = ControlServer(
            folder.control_socket,
            {
                "alarms.raise": requests.raise_,
                "alarms.clear": requests.clear,
                "alarms.list": requests.list,
            },
        )
        await server.start()
        said = [await asyncio.to_thread(raise_alarm, folder, "pack-held", "4B", "share")]
        said.append(await asyncio.to_thread(ask_standing, folder))
        said.append(await asyncio.to_thread(clear_alarm, folder, "pack-held", "4B"))
        await server.close()
        return said

    raised, standing, cleared = asyncio.run(talk())
    assert (raised, cleared) == (True, True)
    assert standing == [Alarm("pack-held", "4B", NOW, "share")]
    assert book.standing() == []
    assert not raise_alarm(folder, "pack-held", "4B")


def test_while_the_writer_is_down_the_supervisors_word_and_what_stood_last_are_known(
    folder: HospitalFolder,
) -> None:
    book = AlarmBook(folder)
    book.raise_("disk-full", "", NOW)
    book.tell(NOW, lambda _: None)
    writer = Process(name="writer", running=False, since=NOW, restarts=3)
    processes.write(folder, [writer, Process(name="packs", running=False)])
    known = without_writer(folder, NOW + 1)
    assert [alarm.name for alarm in known] == [
        Name("disk-full"),
        Name("process-down", "writer"),
    ]
    processes.write(folder, [Process(name="writer", running=True, since=NOW)])
    assert Name("process-down", "writer") in {a.name for a in without_writer(folder, NOW)}
