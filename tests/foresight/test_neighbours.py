from __future__ import annotations

import numpy as np
import pytest
from tests.sample.test_estate import whole

from wardkeep.foresight.engines.whole_attack import Replicas
from wardkeep.foresight.neighbours import (
    CHANNELS,
    NeighbourHit,
    crossed_at,
    depended_on,
    neighbours_hit,
)
from wardkeep.foresight.parameters import ASSUMED
from wardkeep.foresight.replicas import Study, run, study
from wardkeep.foresight.summary import forecast
from wardkeep.hospital.map.machines import Application, Server
from wardkeep.hospital.map.outside import Exchange, Neighbour
from wardkeep.hospital.map.people import Account
from wardkeep.hospital.map.whole import HospitalMap

NEXT = Neighbour(id="next", name="Next house")


def attacks(**columns: object) -> Replicas:
    """Three attacks: stopped in time, encrypted, never seen."""
    none = np.zeros((3, 1))
    given: dict[str, object] = dict.fromkeys(Replicas._fields, none)
    given |= {
        "detonated": np.array([np.inf, 90.0, np.inf]),
        "cut": np.array([10.0, np.inf, np.inf]),
        "links": np.zeros((3, 0)),
        "taken": np.full((3, 0), np.inf),
    }
    return Replicas(**(given | columns))  # type: ignore[arg-type]


def hits(
    items: list[object],
    made: Replicas,
    taken: tuple[str, ...] = (),
    links: tuple[str, ...] = (),
) -> dict[str, NeighbourHit]:
    on_map = HospitalMap({f"{_kind(each)}:{each.id}": each for each in [NEXT, *items]})  # type: ignore[attr-defined]
    return {each.channel: each for each in neighbours_hit(on_map, (taken, links), made)}


def _kind(item: object) -> str:
    return str(type(item).__struct_config__.tag)  # type: ignore[attr-defined]


def exchange(channel: str, *ends: str) -> Exchange:
    return Exchange(id="x", neighbour="next", channels=(channel,), ends_at=ends)  # type: ignore[arg-type]


def test_a_tunnel_infects_when_the_segment_where_it_ends_is_held() -> None:
    taken = np.array([[np.inf], [4.0], [7.0]])
    found = hits(
        [exchange("infection", "segment:dmz")],
        attacks(taken=taken),
        ("foothold|segment:dmz",),
    )
    assert found["infection"].share == pytest.approx(2 / 3)
    assert found["infection"].over == ("exchange:x",)


def test_a_tunnel_to_an_application_infects_when_the_domain_of_its_server_falls() -> None:
    taken = np.array([[np.inf], [4.0], [np.inf]])
    items = [
        exchange("infection", "application:a"),
        Application(id="a", servers=("s",)),
        Server(id="s", domain="D"),
    ]
    found = hits(items, attacks(taken=taken), ("domain|D",))
    assert found["infection"].share == pytest.approx(1 / 3)


def test_a_password_of_both_houses_opens_the_other_when_it_is_stolen() -> None:
    taken = np.array([[3.0], [4.0], [np.inf]])
    found = hits(
        [Account(id="doctors", also_in=("next",))],
        attacks(taken=taken),
        ("password|doctors",),
    )
    assert found["credentials"].share == pytest.approx(2 / 3)


def test_shared_passwords_of_which_nobody_said_whose_are_not_counted_as_never() -> None:
    assert hits([exchange("credentials")], attacks())["credentials"].share is None


def test_a_neighbour_is_without_what_it_needs_for_the_hours_of_the_attacks_that_struck() -> (
    None
):
    links = np.array([[0.0], [36.0], [0.0]])
    found = hits([exchange("dependency")], attacks(links=links), links=("exchange:x",))
    assert found["dependency"].share == pytest.approx(1 / 3)
    assert found["dependency"].hours
    assert found["dependency"].hours.p50 == 36.0


def test_where_no_attack_encrypts_nobody_says_that_a_neighbour_is_without_for_no_hours() -> (
    None
):
    stopped = attacks(detonated=np.full(3, np.inf), links=np.zeros((3, 1)))
    found = hits([exchange("dependency")], stopped, links=("exchange:x",))
    assert (found["dependency"].share, found["dependency"].hours) == (0.0, None)


def test_links_are_cut_in_defence_whenever_the_attack_is_seen() -> None:
    found = hits([exchange("disconnection")], attacks())
    assert found["disconnection"].share == pytest.approx(2 / 3)
    assert found["disconnection"].hours is None


@pytest.fixture(scope="module")
def sample() -> Study:
    return study(whole(), ASSUMED, "mail to pc-HR")


def test_every_exchange_of_the_sample_group_that_can_carry_harm_is_told(sample: Study) -> None:
    made = run(sample, 1, range(300))
    told = forecast(whole(), sample, made, ("mail to pc-HR", 1)).neighbours
    wanted = {
        (f"neighbour:{each.neighbour}", channel)
        for each in whole().of(Exchange)
        for channel in each.channels
    }
    assert {(each.neighbour, each.channel) for each in told} >= wanted
    assert {each.channel for each in told} <= set(CHANNELS)
    assert all(each.share is None or 0 <= each.share <= 1 for each in told)
    [laboratory] = [each for each in told if "exchange:labo-commun" in each.over and each.hours]
    assert laboratory.share == pytest.approx(np.isfinite(made.detonated).mean())


def test_what_is_watched_is_drawn_in_each_replica(sample: Study) -> None:
    assert sample.links == depended_on(whole())
    assert set(sample.attack.watched) <= set(crossed_at(whole()))
    made = run(sample, 1, range(5))
    assert made.taken.shape == (5, len(sample.attack.domains) + len(sample.attack.watched))
    assert made.links.shape == (5, len(sample.links))
