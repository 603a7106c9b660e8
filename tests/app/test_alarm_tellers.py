from __future__ import annotations

import socket
from pathlib import Path

import pytest

from wardkeep.alarm.events import AlarmCleared, AlarmRaised
from wardkeep.alarm.state import Alarm
from wardkeep.app.alarm_tellers import Journal, UnitStatus, sentence, tellers

RAISED = AlarmRaised(code="disk-full", subject="", detail="1 byte\n<0>x", since=1, at=2)
CLEARED = AlarmCleared(code="feed-loud", subject="adt", at=2)


def test_a_change_is_one_line_whatever_its_words_hold() -> None:
    assert sentence(RAISED) == "wardkeep: ALARM disk-full: 1 byte?<0>x"
    assert sentence(CLEARED) == "wardkeep: alarm over: feed-loud (adt)"


def test_the_journal_is_given_the_priority_and_a_terminal_is_not(
    capsys: pytest.CaptureFixture[str],
) -> None:
    Journal(with_priority=True)(RAISED, [])
    Journal(with_priority=True)(CLEARED, [])
    Journal(with_priority=False)(RAISED, [])
    first, second, third = capsys.readouterr().err.splitlines()
    assert first.startswith("<2>wardkeep: ALARM")
    assert second.startswith("<5>wardkeep: alarm over")
    assert third.startswith("wardkeep: ALARM")


def test_systemd_is_told_what_stands(tmp_path: Path) -> None:
    address = str(tmp_path / "notify")
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        manager.bind(address)
        teller = UnitStatus(address)
        teller(RAISED, [Alarm("disk-full", "", 1), Alarm("feed-loud", "adt", 1)])
        teller(CLEARED, [])
        assert manager.recv(500) == b"STATUS=2 alarms: disk-full; feed-loud (adt)"
        assert manager.recv(500) == b"STATUS=OK"
    teller(CLEARED, [])


def test_without_systemd_only_the_log_is_told() -> None:
    assert len(tellers("", "")) == 1
    assert len(tellers("", "@wardkeep-nobody")) == 2
