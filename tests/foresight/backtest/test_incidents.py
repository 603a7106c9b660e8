from __future__ import annotations

import math

import pytest

from wardkeep.foresight.backtest.incident import OUTPUTS, Incident
from wardkeep.foresight.backtest.incidents import INCIDENTS


def by_id(name: str) -> Incident:
    return next(each for each in INCIDENTS if each.id == name)


def test_sixteen_incidents_are_told_and_fourteen_of_them_are_of_hospitals() -> None:
    assert len(INCIDENTS) == len({each.id for each in INCIDENTS}) == 16
    assert sum(each.hospital for each in INCIDENTS) == 14


@pytest.mark.parametrize("incident", INCIDENTS, ids=lambda each: each.id)
def test_every_incident_tells_an_outcome_that_can_be_and_who_says_it(
    incident: Incident,
) -> None:
    assert incident.seen
    for seen in incident.seen:
        assert seen.output in OUTPUTS
        assert 0 <= seen.low <= seen.most
        assert seen.most > 0
        assert seen.source
        if seen.output.startswith("share"):
            assert seen.most <= 1
    assert len({seen.output for seen in incident.seen}) == len(incident.seen)


def test_what_nobody_reported_is_called_a_prior_by_its_source_too() -> None:
    for incident in INCIDENTS:
        for known in incident.told.values():
            if known is not None:
                assert known.is_prior is known.source.startswith("prior"), known.source


def test_the_hour_of_the_cut_in_vermont_is_a_prior_and_the_state_of_its_copies_is_not() -> None:
    assert by_id("uvm").priors == ("hours until the cut", "people who restore at a time")
    assert "state of the copies" in by_id("vivalia").priors
    assert by_id("saint-pierre").priors[-1] == "whether anything was encrypted"


def test_a_plain_fit_takes_a_bound_or_the_middle_of_a_range() -> None:
    whole, back, _ = by_id("dax").seen
    assert back.point == 120
    assert whole.point == pytest.approx(math.sqrt(0.9))
    assert by_id("cannes").seen[0].point == 8
    assert by_id("chwapi").seen[0].is_exact
    assert not whole.is_exact
