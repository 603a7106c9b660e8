from __future__ import annotations

import pytest

from wardkeep.alarm.codes import CODES as KNOWN
from wardkeep.alarm.state import Name
from wardkeep.app.store_alarms import CODES, StoreAlarms
from wardkeep.ledger.errors import StoreFailedError

PLENTY = 10**12


def test_a_ledger_that_takes_nothing_is_told_until_it_takes_something_again() -> None:
    alarms = StoreAlarms()
    assert alarms.found(PLENTY, {}, {}) == {}
    with pytest.raises(StoreFailedError), alarms.watching("clinical"):
        raise StoreFailedError("the disk is full")
    with alarms.watching("access"):
        pass
    assert alarms.found(PLENTY, {}, {}) == {Name("clinical-not-stored"): "the disk is full"}
    with alarms.watching("clinical"):
        pass
    assert alarms.found(PLENTY, {}, {}) == {}


def test_a_disk_that_is_nearly_full_and_entries_that_are_gone_are_told() -> None:
    found = StoreAlarms().found(10**6, {"clinical": 7}, {})
    assert [name.code for name in found] == ["disk-full", "clinical-lost"]


def test_a_file_that_was_left_because_of_damage_is_told() -> None:
    found = StoreAlarms().found(PLENTY, {}, {"access": ["2022-05.db"]})
    assert found == {Name("access-damaged"): "2022-05.db"}


def test_every_code_of_the_stores_is_a_known_one() -> None:
    assert set(KNOWN) >= CODES
