from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import Any

import pytest

from wardkeep.access.events import AccessEvent, AccountAdded, PasswordChanged, Role, decode
from wardkeep.access.look import Look
from wardkeep.alarm.state import Alarm
from wardkeep.kernel.errors import WardkeepError
from wardkeep.web.errors import OperationFailedError
from wardkeep.web.remote import LedgerAccounts, RemoteServer


class Line:
    """A control socket that notes what was asked and answers what it was told to."""

    def __init__(self, answer: Mapping[str, Any] | Exception) -> None:
        self.asked: list[tuple[str, Mapping[str, Any]]] = []
        self._answer = answer

    def __call__(self, verb: str, body: Mapping[str, Any]) -> Mapping[str, Any]:
        self.asked.append((verb, body))
        if isinstance(self._answer, Exception):
            raise self._answer
        return self._answer


ADDED = AccountAdded(name="anna", roles=(Role.NURSE,), password_hash="h", at=1, by="lea")


def test_looks_go_to_the_access_ledger_in_one_request() -> None:
    line = Line({"recorded": 2})
    looks = [Look(at=5, who="anna", record=r, page="sheet") for r in ("1", "2")]
    RemoteServer(line).record(looks)
    ((verb, body),) = line.asked
    assert verb == "looks.record"
    assert [look["record"] for look in body["looks"]] == ["1", "2"]


def test_an_account_event_goes_as_the_part_wrote_it() -> None:
    line = Line({"sequence": 9})
    RemoteServer(line).append([ADDED])
    ((verb, body),) = line.asked
    assert (verb, body["part"]) == ("operations.append", "access")
    assert [decode(base64.b64decode(each)) for each in body["bodies"]] == [ADDED]


@pytest.mark.parametrize("fault", [OSError("gone"), WardkeepError("refused")])
def test_a_server_that_does_not_answer_is_one_kind_of_error(fault: Exception) -> None:
    server = RemoteServer(Line(fault))
    with pytest.raises(OperationFailedError):
        server.record([])
    with pytest.raises(OperationFailedError):
        server.replay(7, "ines")
    assert server.status() is None


def test_the_servers_word_is_read_as_processes_and_alarms() -> None:
    web = {"name": "web", "running": True, "since": 5, "restarts": 2}
    alarm = {"code": "disk-full", "subject": "", "since": 4, "detail": "1 byte"}
    told = {"processes": [web], "alarms": [alarm], "sequence": 7}
    status = RemoteServer(Line(told)).status()
    assert status is not None
    (process,) = status.processes
    assert (process.name, process.restarts, process.last_restart) == ("web", 2, None)
    assert status.alarms == (Alarm("disk-full", "", 4, "1 byte"),)
    assert RemoteServer(Line({"processes": [{"x": 1}]})).status() is None


def test_a_replay_says_whether_the_message_is_in_the_chart() -> None:
    assert RemoteServer(Line({"outcome": "in_chart"})).replay(7, "ines").in_chart
    still = RemoteServer(Line({"outcome": "still_unreadable", "reason": "why"})).replay(7, "i")
    assert (still.in_chart, still.reason) == (False, "why")


def test_accounts_grow_with_the_ledger_and_stay_as_known_while_it_cannot_be_read() -> None:
    ledger: list[AccessEvent] = [ADDED]
    broken: list[Exception] = []

    def follow(after: int) -> tuple[list[AccessEvent], int]:
        if broken:
            raise broken[0]
        return ledger[after:], len(ledger)

    book = LedgerAccounts(follow, ledger.extend)
    assert set(book.accounts()) == {"anna"}
    book.append([PasswordChanged(name="anna", password_hash="new", at=9, by="anna")])
    assert book.accounts()["anna"].password_hash == "new"
    broken.append(OSError("disk"))
    assert book.accounts()["anna"].password_hash == "new"
