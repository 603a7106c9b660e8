from __future__ import annotations

from collections.abc import Sequence

import pytest

from wardkeep.access.look import Look
from wardkeep.web import last_logins
from wardkeep.web.last_logins import LastLogins


class Ledger:
    """An access ledger in memory, as web.process.AccessReader reads one."""

    def __init__(self, looks: list[Look]) -> None:
        self.entries = looks
        self.asked = 0
        self.fails = False

    def looks(self, before: int, limit: int) -> tuple[Sequence[Look], int]:
        self.asked += 1
        if self.fails:
            raise OSError(5, "the disk is gone")
        end = before or len(self.entries) + 1
        begin = max(end - limit, 1)
        return self.entries[begin - 1 : end - 1][::-1], begin if begin > 1 else 0


class Erased(Ledger):
    """An access ledger all of whose months were erased, and no end to it."""

    def looks(self, before: int, limit: int) -> tuple[Sequence[Look], int]:
        self.asked += 1
        return [], (before or 1_000_000_000) - limit


def entry(at: int, who: str, page: str = "patient sheet") -> Look:
    return Look(at=at, who=who, record="", page=page, why="")


def test_the_newest_login_counts_and_looks_at_patients_do_not() -> None:
    ledger = Ledger([entry(1, "anna", "login"), entry(5, "anna", "login"), entry(9, "anna")])
    logins = LastLogins(ledger)
    logins.catch_up()
    assert (logins.at("anna"), logins.at("luc"), logins.whole) == (5, None, True)
    ledger.entries.append(entry(12, "luc", "login"))
    logins.catch_up()
    assert (logins.at("luc"), logins.since) == (12, 1)


def test_a_long_ledger_is_read_back_in_steps_and_says_how_far() -> None:
    ledger = Ledger([entry(1, "anna", "login"), *(entry(n, "bea") for n in range(2, 2_000))])
    logins = LastLogins(ledger)
    logins.catch_up()
    assert (logins.at("anna"), logins.whole) == (None, False)
    assert logins.since is not None
    assert logins.since > 1_000
    while logins.read_older():
        pass
    assert (logins.at("anna"), logins.since, logins.whole) == (1, 1, True)


def test_what_was_read_is_not_read_again_at_every_page() -> None:
    ledger = Ledger([entry(n, "bea") for n in range(1, 4_000)])
    logins = LastLogins(ledger)
    logins.catch_up()
    ledger.entries += [entry(n, "cas", "login") for n in range(4_000, 4_700)]
    ledger.asked = 0
    logins.catch_up()
    assert (logins.at("cas"), ledger.asked) == (4_699, 2)


def test_an_empty_ledger_is_whole() -> None:
    logins = LastLogins(Ledger([]))
    logins.catch_up()
    assert (logins.whole, logins.since) == (True, None)
    assert not logins.read_older()


def test_after_a_long_gap_no_more_is_said_to_be_read_than_was() -> None:
    ledger = Ledger([entry(1, "anna", "login"), entry(2, "bea", "login")])
    logins = LastLogins(ledger)
    logins.catch_up()
    assert logins.whole
    ledger.entries += [entry(3, "anna", "login"), *(entry(n, "cas") for n in range(4, 12_000))]
    logins.catch_up()
    assert not logins.whole
    assert logins.since is not None
    assert logins.since > 1_000
    assert logins.at("anna") is None, "the newest one lies in what was not read yet"
    while logins.read_older():
        pass
    assert (logins.at("anna"), logins.at("bea")) == (3, 2)
    assert (logins.whole, logins.since) == (True, 1)


def test_steps_over_erased_months_are_counted_and_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(last_logins, "_MOST_READ", 5_000)
    ledger = Erased([])
    logins = LastLogins(ledger)
    while logins.read_older():
        pass
    assert ledger.asked < 30
    assert not logins.whole


def test_while_the_ledger_cannot_be_read_no_login_is_told_as_the_newest() -> None:
    ledger = Ledger([entry(1, "anna", "login")])
    logins = LastLogins(ledger)
    logins.catch_up()
    ledger.fails = True
    with pytest.raises(OSError, match="disk"):
        logins.catch_up()
    assert (logins.at("anna"), logins.whole, logins.readable) == (None, False, False)
    ledger.fails = False
    logins.catch_up()
    assert (logins.at("anna"), logins.whole) == (1, True)
