from __future__ import annotations

import math
from collections.abc import Mapping

import msgspec
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.hospital.map.test_falls import map_of
from tests.sample.test_estate import whole as sample

from wardkeep.foresight.alike import told_apart
from wardkeep.foresight.engines import percolation
from wardkeep.foresight.engines.lumped_spread import spread
from wardkeep.foresight.parameters import ASSUMED, Assumptions
from wardkeep.foresight.replicas import run, studies, study
from wardkeep.foresight.summary import forecast
from wardkeep.foresight.worm_model import worm, worm_model
from wardkeep.hospital.map.item import reference_to
from wardkeep.hospital.map.machines import Device, Server, Workstations
from wardkeep.hospital.map.outside import Exchange, Neighbour, RemoteAccess
from wardkeep.hospital.map.places import Ports, Reach, Segment
from wardkeep.hospital.map.whole import HospitalMap

RUNS = 2_000
WORM = msgspec.structs.replace(ASSUMED, worm=1.0)
WAY = "mail to pcs"
SEGMENTS = (Segment(id="office"), Segment(id="room"), Segment(id="ward"))
SERVERS = tuple(Server(id=f"s{n}", segment="room", patched=n % 2 == 0) for n in range(4))
PUMPS = Device(id="pumps", segment="ward", count=6)


def reach(source: str, target: str, ports: Ports = "any") -> Reach:
    return Reach(id=f"{source} {target} {ports}", source=source, target=target, ports=ports)


def house(*reaches: Reach, count: int = 8, patched: bool | None = False) -> HospitalMap:
    pcs = Workstations(id="pcs", segment="office", count=count, patched=patched)
    return map_of(*SEGMENTS, *SERVERS, PUMPS, pcs, *reaches)


ALL = (reach("office", "room"), reach("office", "ward", "file"), reach("room", "office"))


def struck(
    whole: HospitalMap, assumed: Assumptions = WORM, way: str = WAY
) -> Mapping[str, np.ndarray]:
    return run(study(whole, assumed, way), 3, range(RUNS))._asdict()


def test_a_worm_spreads_over_the_house_as_host_by_host() -> None:
    """The groups of the map against each machine for itself, at four hours of the course."""
    whole, hours = house(*ALL), [0.1, 0.2, 0.4, 0.8]
    model = worm_model(whole)
    loose = worm(model, WORM, ((), ()), ())
    begin = loose.groups._replace(first=np.zeros_like(loose.groups.first))
    begin.first[model.of["workstations:pcs"][0]] = 1
    lumped = spread(begin, 5, range(RUNS), hours)
    group = np.repeat(np.arange(len(begin.sizes)), begin.sizes)
    place = {number: each for each, (number, *_) in model.of.items() if "|" not in each}
    segment = {reference_to(each): each.segment for each in (*SERVERS, PUMPS)}
    segment["workstations:pcs"] = "office"
    carried = {(each.source, each.target) for each in ALL}
    pairs, rates = [], []
    for one in range(len(group)):
        for other in range(len(group)):
            ends = tuple(segment[place[int(group[each])]] for each in (one, other))
            if one != other and (ends[0] == ends[1] or ends in carried):
                pairs.append((one, other))
                rates.append(begin.rates[0] * begin.ease[group[other]])
    first = int(np.flatnonzero(group == model.of["workstations:pcs"][0])[0])
    edges = tuple(np.array(each) for each in zip(*pairs, strict=True))
    net = percolation.contacts(range(len(group)), edges, rates, [first])  # type: ignore[arg-type]  # two rows
    explicit = percolation.spread(net, 6, range(RUNS), hours)
    error = np.sqrt((lumped.curve.var(0) + explicit.curve.var(0)) / RUNS)
    assert (np.abs(lumped.curve.mean(0) - explicit.curve.mean(0)) < 4 * error).all()
    assert explicit.curve[:, -1].mean() > 3


def test_over_pages_and_databases_no_worm_comes() -> None:
    shut = house(reach("office", "room", "web"), reach("office", "ward", "clinical"))
    found = struck(shut)
    assert np.isfinite(found["detonated"]).all()
    assert not found["servers"].any()
    assert found["machines"].max() == 8


def test_servers_of_segments_that_a_worm_reaches_are_lost_and_all_are_kept_off() -> None:
    found = struck(house(*ALL))
    assert (found["servers"] > 0).mean() > 0
    assert found["servers"].max() == 4
    assert (found["by_worm"] == 1).all()


def test_as_many_attacks_are_worms_as_is_assumed() -> None:
    some = struck(house(*ALL), msgspec.structs.replace(ASSUMED, worm=0.25))
    error = math.sqrt(0.25 * 0.75 / RUNS)
    assert abs(some["by_worm"].mean() - 0.25) < 4 * error
    assert not struck(house(*ALL), msgspec.structs.replace(ASSUMED, worm=0.0))["by_worm"].any()


def test_a_worm_that_an_access_lets_in_begins_in_the_segment_where_it_ends() -> None:
    access = RemoteAccess(id="v", supplier="s", targets=("segment:ward",), standing=True)
    inside = map_of(*SEGMENTS, *SERVERS, PUMPS, access)
    found = struck(inside, way="access:v")
    landed = np.isfinite(found["detonated"])
    assert 0 < landed.mean() < 1  # supplier-access does not always succeed
    assert (found["machines"][landed] >= 1).all()
    assert not found["servers"].any()


def test_a_segment_without_machines_gives_a_worm_nothing() -> None:
    access = RemoteAccess(id="v", supplier="s", targets=("segment:ward",), standing=True)
    found = struck(map_of(*SEGMENTS, *SERVERS, access), way="access:v")
    assert not found["machines"].any()


def test_a_neighbour_is_reached_by_the_worm_that_takes_where_the_exchange_ends() -> None:
    whole = house(*ALL)
    tunnel = Exchange(
        id="t", neighbour="n", channels=("infection",), ends_at=("server:s1", "segment:ward")
    )
    items = {
        **whole.items,
        **{reference_to(each): each for each in (tunnel, Neighbour(id="n"))},
    }
    slow = msgspec.structs.replace(WORM, worm_machines_an_hour=1.0)
    given_ = study(HospitalMap(items), slow, WAY)
    made = run(given_, 3, range(300))
    told = forecast(HospitalMap(items), given_, made, (WAY, 3))
    hit = told.neighbours[0]
    assert hit.channel == "infection"
    assert hit.share is not None
    assert 0 < hit.share < 1
    assert told.by_worm == 1


@settings(max_examples=30)
@given(
    st.sets(st.sampled_from(range(len(ALL)))),
    st.booleans(),
    st.floats(0, 1),
    st.floats(0, 1),
    st.integers(0, 2**20),
)
def test_less_reach_and_more_patches_never_give_a_worm_more(
    kept: set[int], patched: bool, slower: float, harder: float, seed: int
) -> None:
    numbers = msgspec.structs.replace(
        WORM,
        worm_machines_an_hour=WORM.worm_machines_an_hour * slower,
        worm_on_patched=WORM.worm_on_patched * harder,
    )
    maps = [house(*ALL), house(*(ALL[each] for each in kept), patched=patched)]
    apart = told_apart(maps)
    before, after = (
        run(studies(whole, assumed, (WAY,), apart)[0], seed, range(10))
        for whole, assumed in zip(maps, (WORM, numbers), strict=True)
    )
    assert (after.servers <= before.servers).all()
    assert (after.machines <= before.machines).all()


@pytest.mark.parametrize("better", ["patched", "no reach between offices"])
def test_without_detection_a_measure_never_worsens_a_replica(better: str) -> None:
    """Neither how far it comes nor what it takes, by people or by a worm, on the sample."""
    blind = msgspec.structs.replace(ASSUMED, alarm_watched=0.0, alarm_unwatched=0.0)
    items = dict(sample().items)
    for reference, item in sample().items.items():
        if better == "patched" and isinstance(item, Server):
            items[reference] = msgspec.structs.replace(item, patched=True)
        elif better != "patched" and isinstance(item, Reach) and item.ports == "file":
            del items[reference]
    maps = [sample(), HospitalMap(items)]
    apart = told_apart(maps)
    before, after = (
        run(studies(each, blind, ("mail to pc-HR",), apart)[0], 4, range(400)) for each in maps
    )
    assert (after.detonated >= before.detonated).all()
    assert (after.servers <= before.servers).all()
    assert (after.machines <= before.machines).all()
    assert (after.servers < before.servers).any()
