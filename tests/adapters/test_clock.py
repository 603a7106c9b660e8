"""The clock tells microseconds of this century."""

from __future__ import annotations

import time

from wardkeep.adapters.clock import now


def test_now_lies_between_two_looks_at_the_system_clock() -> None:
    before = time.time_ns() // 1000
    told = now()
    assert before <= told <= time.time_ns() // 1000
