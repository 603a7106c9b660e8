from __future__ import annotations

import numpy as np
import pytest
from tests.sample.test_estate import whole

from wardkeep.foresight.engines.whole_attack import Replicas
from wardkeep.foresight.parameters import ASSUMED, Assumptions
from wardkeep.foresight.replicas import Study, put_together, run, study

WAY = "mail to pc-HR"


@pytest.fixture(scope="module")
def sample() -> Study:
    return study(whole(), ASSUMED, WAY)


@pytest.fixture(scope="module")
def drawn(sample: Study) -> Replicas:
    return run(sample, 5, range(300))


def test_ranges_put_together_are_the_same_as_one_range(sample: Study, drawn: Replicas) -> None:
    parts = put_together([run(sample, 5, range(7)), run(sample, 5, range(7, 300))])
    for one, other in zip(parts, drawn, strict=True):
        assert np.array_equal(one, other)


def test_another_seed_draws_other_attacks(sample: Study, drawn: Replicas) -> None:
    assert not np.array_equal(run(sample, 6, range(300)).patients, drawn.patients)


def test_who_was_not_struck_lost_nothing(drawn: Replicas) -> None:
    spared = ~np.isfinite(drawn.detonated)
    assert spared.any()
    assert not drawn.patients[spared].any()
    assert not drawn.servers[spared].any()


def test_the_hours_of_all_modes_make_up_the_whole_time(drawn: Replicas) -> None:
    struck = np.isfinite(drawn.detonated)
    assert struck.any()
    assert drawn.hours[struck].sum(axis=2) == pytest.approx(ASSUMED.horizon_hours)


def test_servers_come_back_and_never_go_again(drawn: Replicas) -> None:
    assert (np.diff(drawn.back, axis=1) >= 0).all()
    assert (drawn.servers <= 200).all()
    struck = np.isfinite(drawn.detonated)
    assert (drawn.machines[struck] >= drawn.servers[struck] * 0.5).all()


@pytest.mark.parametrize(
    "better",
    [
        Assumptions(backups_reached=0.0),
        Assumptions(crews=8),
        Assumptions(cut_median=0.6),
        Assumptions(hold_median=10.0),
        Assumptions(without_copy_factor=1.0),
    ],
)
def test_what_shortens_the_loss_never_makes_a_replica_of_more_than_a_few_patients_worse(
    drawn: Replicas, better: Assumptions
) -> None:
    """Jobs that shift between crews may end later (Graham 1969): rarely, and not in sum."""
    with_it = run(study(whole(), better, WAY), 5, range(300))
    fewer = drawn.patients.sum(axis=1) - with_it.patients.sum(axis=1)
    assert fewer.sum() > 0
    assert (fewer < -1).mean() < 0.05
