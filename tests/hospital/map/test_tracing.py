from __future__ import annotations

import pytest
from tests.foresight.restoring.estates import SMALL, map_of, sample

from wardkeep.hospital.map.care import Fallback, HomePatients, Mode, Need, Service
from wardkeep.hospital.map.falls import what_falls
from wardkeep.hospital.map.machines import Application, Server
from wardkeep.hospital.map.tracing import (
    Traced,
    boxed_in_columns,
    fallbacks_of,
    fallen,
    needed,
    needs_of,
)
from wardkeep.hospital.map.whole import HospitalMap

SMALL_MAP = map_of(*SMALL)


def steps(traced: Traced) -> dict[str, tuple[str, ...]]:
    return {each.key: each.members for each in traced.columns}


def falls_of(whole: HospitalMap, reference: str) -> Traced:
    return fallen(whole, reference, what_falls(whole, [reference]))


def test_a_service_stands_on_its_needs_and_they_on_theirs_without_nets_and_sites() -> None:
    assert steps(needed(SMALL_MAP, "service:lab")) == {
        ":first": ("service:lab",),
        ":direct": ("application:laboratory",),
        ":further": ("application:directory", "server:lis"),
        ":deep": ("server:ad1", "server:ad2", "server:hv"),
    }


def test_the_links_say_who_needs_what() -> None:
    links = needed(SMALL_MAP, "service:lab").links
    assert ("service:lab", "application:laboratory") in links
    assert ("server:ad1", "server:hv") in links


def test_what_is_needed_and_not_on_the_map_is_shown_last() -> None:
    whole = map_of(
        Service(id="lab"), Need(id="n", service="lab", of=("server:gone", "server:lis"))
    )
    whole = map_of(*whole.items.values(), Server(id="lis"))
    assert steps(needed(whole, "service:lab"))[":direct"] == ("server:lis", "server:gone")


def test_needs_in_a_circle_come_to_an_end() -> None:
    whole = map_of(
        Application(id="a", needs=("application:b",)),
        Application(id="b", needs=("application:a",)),
    )
    traced = needed(whole, "application:a")
    assert steps(traced) == {":first": ("application:a",), ":direct": ("application:b",)}
    assert len(traced.links) == 2


def test_what_falls_stands_by_its_steps_and_the_services_last() -> None:
    found = steps(falls_of(SMALL_MAP, "server:lis"))
    assert found == {
        ":first": ("server:lis",),
        ":direct": ("application:laboratory",),
        ":further": ("application:charts",),
        ":then": ("service:lab", "service:wards"),
    }


@pytest.mark.parametrize(
    "reference", ["server:hv01", "segment:HR-servers", "application:annuaire", "site:HR"]
)
def test_on_the_sample_what_is_drawn_is_what_falls_and_nothing_else(reference: str) -> None:
    falls = what_falls(sample(), [reference])
    shown = [
        each
        for members in steps(fallen(sample(), reference, falls)).values()
        for each in members
    ]
    told = {*falls.because, *(each.service for each in falls.services), *falls.home}
    assert len(shown) == len(set(shown))
    assert set(shown) == told
    assert len(told) > 10


def test_patients_at_home_hang_on_what_fell() -> None:
    whole = map_of(
        Application(id="watch", servers=("s",)),
        Server(id="s"),
        HomePatients(id="hearts", needs=("application:watch",)),
    )
    traced = falls_of(whole, "server:s")
    assert steps(traced)[":then"] == ("home:hearts",)
    assert ("application:watch", "home:hearts") in traced.links


def test_a_service_that_falls_itself_is_no_consequence_of_itself() -> None:
    traced = falls_of(SMALL_MAP, "service:lab")
    assert steps(traced)[":first"] == ("service:lab",)
    assert ":then" not in steps(traced)


def test_a_column_of_too_many_becomes_boxes_by_kind_and_the_others_stay() -> None:
    many = [Server(id=f"s{n}", host="hv") for n in range(40)]
    whole = map_of(Server(id="hv"), *many)
    found = boxed_in_columns(whole, falls_of(whole, "server:hv"))
    assert [len(box.members) for box in found.boxes] == [1, 40]


def test_needs_and_fallbacks_of_a_service_the_best_fallback_first() -> None:
    whole = map_of(
        *SMALL,
        Fallback(id="e", service="lab", mode=Mode.DEGRADED),
    )
    assert [each.id for each in needs_of(whole, "service:lab")] == ["n1"]
    assert [each.id for each in fallbacks_of(whole, "service:lab")] == ["e", "f"]
    assert fallbacks_of(whole, "service:wards") == ()
