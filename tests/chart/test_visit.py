"""A visit is called by its number; what a system calls it for itself is said to be that."""

from __future__ import annotations

import pytest

from wardkeep.chart.visit import own_id


@pytest.mark.parametrize(
    ("visit", "own"),
    [("Encounter/e1@ehr", "e1"), ("V4711", ""), ("Encounter/", ""), ("e1@ehr", ""), ("", "")],
)
def test_a_reference_of_a_system_is_no_visit_number(visit: str, own: str) -> None:
    assert own_id(visit) == own
