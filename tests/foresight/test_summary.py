from __future__ import annotations

import msgspec
import numpy as np
import pytest
from tests.foresight.board.papers import OF_SERVICE, OVER_STRUCK
from tests.sample.test_estate import whole

from wardkeep.foresight.engines.whole_attack import Replicas
from wardkeep.foresight.parameters import ASSUMED, guesses
from wardkeep.foresight.replicas import Study, run, study
from wardkeep.foresight.summary import Forecast, costs, forecast, outcome
from wardkeep.foresight.way_words import Step
from wardkeep.hospital.map.care import Service
from wardkeep.hospital.map.machines import Server
from wardkeep.hospital.map.whole import HospitalMap


@pytest.fixture(scope="module")
def sample() -> tuple[Study, Replicas, Forecast]:
    given = study(whole(), ASSUMED, "mail to pc-HR")
    made = run(given, 2, range(400))
    return given, made, forecast(whole(), given, made, ("mail to pc-HR", 2))


def test_a_forecast_tells_ranges_of_what_struck_and_how_often_it_does(
    sample: tuple[Study, Replicas, Forecast],
) -> None:
    _, made, found = sample
    struck = np.isfinite(made.detonated)
    assert found.detonates == struck.mean()
    clinical = [each.clinical for each in found.services]
    assert "service:laboratoire" not in np.array(sample[0].care.services)[clinical]
    theirs = made.patients[struck][:, clinical].sum(axis=1)
    assert found.patients.p50 == np.percentile(theirs, 50)
    assert found.late.p50 <= found.patients.p50
    assert found.patient_hours.p50 > 24 * found.late.p50
    assert found.elsewhere.p90 <= found.patients.p90
    assert found.servers.p10 <= found.servers.p50 <= found.servers.p90 <= 200
    assert found.back_by_day[1].p50 <= found.back_by_day[120].p50


def test_where_no_attack_encrypts_nothing_is_told_of_those_that_do_and_never_a_nought(
    sample: tuple[Study, Replicas, Forecast],
) -> None:
    given, made, _ = sample
    stopped = ~np.isfinite(made.detonated)
    none = forecast(whole(), given, Replicas(*(each[stopped] for each in made)), ("x", 2))
    assert none.detonates == none.by_worm == 0.0
    assert {getattr(none, each) for each in OVER_STRUCK} == {None}
    told = {getattr(each, name) for each in none.services for name in OF_SERVICE}
    assert told == {None}
    assert len(none.services) == len(given.care.services)


def test_where_an_attack_encrypts_each_range_over_those_that_do_is_told(
    sample: tuple[Study, Replicas, Forecast],
) -> None:
    found = sample[2]
    assert not [each for each in OVER_STRUCK if getattr(found, each) is None]
    always = ("lost", "hours", "not_full", "full_again")
    assert not [
        (each.service, name)
        for each in found.services
        for name in always
        if getattr(each, name) is None
    ]
    theirs = next(each for each in found.services if each.role == "laboratory").hours
    assert "full" not in theirs
    assert theirs


def test_what_the_struck_group_lived_through_lies_within_the_forecast_of_the_sample(
    sample: tuple[Study, Replicas, Forecast],
) -> None:
    """May 2022: 200 servers, 1,500 computers; laboratory and imaging hit most, care stood."""
    found = sample[2]
    assert found.machines.p10 < 1_700 <= found.machines.p90
    assert found.days_until_all_back.p90 > 14
    services = {each.service: each for each in found.services}
    assert services["service:laboratoire"].patients.p50 == max(
        each.patients.p50 for each in found.services if each.patients
    )
    for each in ("usi-hr", "dialyse", "bloc-hr", "coro", "urgences-hr", "hospitalisation"):
        assert services[f"service:{each}"].lost == 0.0, each


def test_the_day_on_which_the_laboratory_is_back_has_a_range(
    sample: tuple[Study, Replicas, Forecast],
) -> None:
    [laboratory] = [each for each in sample[2].services if each.role == "laboratory"]
    assert 0 < laboratory.full_again.p10 < laboratory.full_again.p50
    assert laboratory.full_again.p50 <= laboratory.full_again.p90 <= ASSUMED.horizon_hours


def test_the_frequent_paths_begin_at_the_way_in_and_name_no_single_server_of_many(
    sample: tuple[Study, Replicas, Forecast],
) -> None:
    ways = sample[2].ways
    assert 1 <= len(ways) <= 3
    assert sum(each.share for each in ways) <= 1.0 + 1e-9
    assert all(each.steps[0].sort == "mail" for each in ways)
    ends = {Step("domain", "ghqv.local"), Step("worm", "")}
    assert {each.steps[-1] for each in ways} <= ends
    servers = [step for each in ways for step in each.steps if step.sort == "server"]
    assert {step.name for step in servers} <= {"HR-servers", "VA-servers"}


def test_costs_are_the_sum_of_their_parts(sample: tuple[Study, Replicas, Forecast]) -> None:
    given, made, _ = sample
    parts = costs(whole(), given, made)
    together = parts["revenue"] + parts["restoring"] + parts["outside help"]
    assert np.allclose(parts["together"], together)
    assert not parts["together"][~np.isfinite(made.detonated)].any()


def test_what_nobody_measured_is_named() -> None:
    assert "exploit-unknown" in guesses()
    assert "steal-credential" not in guesses()


def test_the_path_is_told_to_the_domain_that_fell_and_not_to_the_first_of_the_map() -> None:
    items = dict(whole().items)
    for name in ("aa1", "aa2"):
        items[f"server:{name}"] = Server(id=name, tier=0, domain="aside.local", segment="aside")
    two = HospitalMap(items)
    given = study(two, ASSUMED, "mail to pc-HR")
    made = run(given, 2, range(150))
    ways = forecast(two, given, made, ("mail to pc-HR", 2)).ways
    assert all(each.steps for each in ways)
    assert {each.steps[-1].name for each in ways} <= {"ghqv.local", ""}


def test_where_no_clinical_service_has_a_volume_nobody_late_is_not_recorded() -> None:
    items = {
        name: msgspec.structs.replace(each, a_day=None, week=())
        if isinstance(each, Service)
        else each
        for name, each in whole().items.items()
    }
    unsaid = HospitalMap(items)
    given = study(unsaid, ASSUMED, "mail to pc-HR")
    made = run(given, 2, range(60))
    found = forecast(unsaid, given, made, ("mail to pc-HR", 2))
    assert found.late is found.patients is found.elsewhere is found.patient_hours is None
    assert all(each.euros is None for each in found.services)
    assert set(found.no_revenue) == {each.service for each in found.services}
    assert not outcome(unsaid, given, [made]).counted


def test_a_service_of_which_no_volume_is_recorded_is_told_so_and_never_as_nought() -> None:
    items = dict(whole().items)
    items["service:dialyse"] = msgspec.structs.replace(items["service:dialyse"], a_day=None)
    unsaid = HospitalMap(items)
    given = study(unsaid, ASSUMED, "mail to pc-HR")
    made = run(given, 2, range(60))
    found = forecast(unsaid, given, made, ("mail to pc-HR", 2))
    services = {each.service: each for each in found.services}
    assert services["service:dialyse"].patients is None
    assert "service:dialyse" in found.no_volume
    assert "service:urgences-hr" not in found.no_volume
    assert "service:pharmacie" in found.no_revenue
