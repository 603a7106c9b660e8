from __future__ import annotations

import pytest

from wardkeep.app.alarms import StoreAlarms
from wardkeep.ledger.errors import StoreFailedError

PLENTY = 10**12


def test_a_ledger_that_takes_nothing_is_told_until_it_takes_something_again() -> None:
    alarms = StoreAlarms()
    assert alarms.codes(PLENTY, []) == []
    with pytest.raises(StoreFailedError), alarms.watching("clinical"):
        raise StoreFailedError("the disk is full")
    with alarms.watching("access"):
        pass
    assert alarms.codes(PLENTY, []) == ["clinical-not-stored"]
    with alarms.watching("clinical"):
        pass
    assert alarms.codes(PLENTY, []) == []


def test_a_disk_that_is_nearly_full_and_entries_that_are_gone_are_told() -> None:
    assert StoreAlarms().codes(10**6, ["clinical"]) == ["disk-full", "clinical-lost"]


def test_a_file_that_was_left_because_of_damage_is_told() -> None:
    assert StoreAlarms().codes(PLENTY, [], {"access": ["2022-05.db"]}) == ["access-damaged"]
