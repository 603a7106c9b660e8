from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.hospital.map.test_falls import map_of
from tests.sample.test_estate import whole as sample

from wardkeep.foresight.alike import lumped, told_apart
from wardkeep.foresight.attack_model import attack_model, entries
from wardkeep.foresight.care_model import care_model
from wardkeep.foresight.engines.attack_path import attacks
from wardkeep.foresight.engines.returning import work_again
from wardkeep.foresight.parameters import ASSUMED
from wardkeep.foresight.replicas import run, studies
from wardkeep.hospital.map.care import Fallback, Need, Service
from wardkeep.hospital.map.item import Item
from wardkeep.hospital.map.machines import Device, Server, Workstations
from wardkeep.hospital.map.outside import RemoteAccess
from wardkeep.hospital.map.people import Account
from wardkeep.hospital.map.places import Reach, Segment
from wardkeep.hospital.map.whole import HospitalMap

RUNS = 4_000
BLIND = type(ASSUMED)(alarm_watched=0.0, alarm_unwatched=0.0)
ROOM = (
    Segment(id="office"),
    Segment(id="room"),
    Reach(id="r", source="office", target="room", ports="any"),
    Server(id="dc", segment="room", domain="corp", tier=0, patched=True),
    Account(
        id="admin", domain="corp", sessions=("workstations:desk",), administers=("server:dc",)
    ),
)


def pc(name: str, **more: object) -> Workstations:
    told = {"segment": "office", "domain": "corp", "patched": False, **more}
    return Workstations(id=name, **told)  # type: ignore[arg-type]  # fields by name


def named_singly() -> HospitalMap:
    """A mailbox, an administrator's desk, and thirty machines from which it may be reached."""
    account = Account(
        id="admin",
        domain="corp",
        sessions=("workstations:desk",),
        administers=("server:dc", "segment:office"),
    )
    others = [pc(f"pc-{number:02}", ward="A2") for number in range(30)]
    desk = pc("desk", patched=True)
    return map_of(*ROOM[:-1], account, desk, pc("mailbox", patched=None), *others)


def hours(whole: HospitalMap, node: str, seed: int = 3) -> np.ndarray:
    """The hour at which a node is taken, a replica each."""
    model = attack_model(whole, BLIND, "mail to mailbox")
    graph = model.graph._replace(targets=np.array([model.nodes.index(node)]))
    return attacks(graph, seed, range(RUNS)).hours[:, 0]


def off(one: np.ndarray, other: np.ndarray) -> float:
    """How many standard errors the means of two samples are apart."""
    error = math.sqrt(one.var() / len(one) + other.var() / len(other))
    return abs(float(one.mean() - other.mean())) / max(error, 1e-12)


def test_alike_machines_named_singly_or_as_one_fall_by_the_same_law() -> None:
    """The first of thirty, the desk that is tried from them, the domain behind it."""
    explicit, grouped = named_singly(), lumped(named_singly()).whole
    assert len(grouped.items) == len(explicit.items) - 29
    model = attack_model(explicit, BLIND, "mail to mailbox")
    singles = [n for n, name in enumerate(model.nodes) if name.startswith("workstations:pc-")]
    graph = model.graph._replace(targets=np.array(singles))
    first = attacks(graph, 4, range(RUNS)).hours.min(axis=1)
    pairs = [(first, hours(grouped, "workstations:pc-00"))]
    pairs += [
        (hours(explicit, node, 5), hours(grouped, node))
        for node in ("workstations:desk", "domain|corp", "shared|segment:office")
        if node in model.nodes
    ]
    for one, other in pairs:
        assert np.isfinite(one).any()
        assert off(np.isfinite(one), np.isfinite(other)) < 4
        for hour in (2.0, 8.0, 24.0, 72.0):
            assert off(one <= hour, other <= hour) < 4


def test_how_finely_a_source_names_machines_changes_no_forecast() -> None:
    one = map_of(*ROOM, pc("desk", patched=True), pc("mailbox", count=40))
    many = map_of(
        *ROOM, pc("desk", patched=True), *(pc(f"mailbox{n or ''}") for n in range(40))
    )
    told = [
        run(studies(whole, ASSUMED, ("mail to mailbox",))[0], 1, range(200))
        for whole in (one, many)
    ]
    assert np.isfinite(told[0].detonated).any()
    for column, other in zip(*told, strict=True):
        assert (column == other).all()


@pytest.mark.parametrize(
    "named",
    [
        Account(id="a", sessions=("workstations:pc-1",)),
        Account(id="a", administers=("workstations:pc-1",)),
        RemoteAccess(id="v", supplier="s", targets=("workstations:pc-1",)),
    ],
)
def test_a_machine_that_others_name_stays_by_itself(named: Item) -> None:
    found = lumped(map_of(named, *(pc(f"pc-{number}") for number in range(5))))
    names = {each.id: each.count for each in found.whole.of(Workstations)}
    assert names == {"pc-0": 4, "pc-1": 1}
    assert (found.machines, found.groups) == (5, 2)


@pytest.mark.parametrize(
    "differs",
    [
        {"segment": "room"},
        {"site": "B"},
        {"domain": "other"},
        {"patched": True},
        {"watched": True},
        {"ward": "A2"},
        {"shared_administrator": True},
    ],
)
def test_machines_that_an_attack_tells_apart_stay_apart(differs: dict[str, object]) -> None:
    whole = map_of(*ROOM[:2], pc("a"), pc("b"), pc("c", **differs))
    assert [each.count for each in lumped(whole).whole.of(Workstations)] == [2, 1]


def test_servers_are_never_put_together() -> None:
    whole = map_of(*(Server(id=f"s{number}", segment="room") for number in range(3)))
    assert lumped(whole).groups == 3


def test_what_a_service_needs_falls_with_the_same_segment_as_before() -> None:
    pumps = [Device(id=f"pump{n}", segment="ward" if n < 3 else "lab") for n in range(6)]
    names = tuple(f"device:{each.id}" for each in pumps)
    need = Need(id="n", service="care", of=names)
    some = Need(id="some", service="care", of=names[:2], at_least=1)
    helps = Fallback(id="f", service="care", needs=names[3:])
    whole = map_of(
        Segment(id="ward"), Segment(id="lab"), Service(id="care"), need, some, helps, *pumps
    )
    grouped = lumped(whole).whole
    assert len(list(grouped.of(Device))) == 2
    for segment in ("ward", "lab"):
        told = []
        for each in (whole, grouped):
            model = care_model(each)
            own, again = np.zeros(len(model.nodes)), np.zeros(len(model.nodes))
            own[model.nodes[f"segment:{segment}"]] = 7.0
            work_again(model.needs, own, again)
            told.append([again[model.nodes[n]] for n in ("need:n", "need:some", "fallback:f")])
        assert told[0] == told[1]


def test_machines_of_which_so_many_are_needed_stay_by_themselves() -> None:
    pumps = [Device(id=f"pump{number}", segment="ward") for number in range(4)]
    need = Need(
        id="n", service="care", of=tuple(f"device:{each.id}" for each in pumps), at_least=3
    )
    found = lumped(map_of(Service(id="care"), need, *pumps))
    assert len(list(found.whole.of(Device))) == 4


def patched(numbers: set[int]) -> HospitalMap:
    others = [pc(f"pc-{n}", patched=n in numbers) for n in range(8)]
    return map_of(*ROOM, pc("desk", patched=True), pc("mailbox", patched=None), *others)


@given(st.sets(st.integers(0, 7)), st.sets(st.integers(0, 7)), st.integers(0, 2**20))
def test_with_nobody_watching_patching_some_of_alike_machines_never_speeds_an_attack(
    before: set[int], more: set[int], seed: int
) -> None:
    maps = [patched(before), patched(before | more)]
    apart = told_apart(maps)
    without, with_it = (
        attacks(studies(each, BLIND, ("mail to mailbox",), apart)[0].attack.graph, seed, part)
        for each, part in ((maps[0], range(20)), (maps[1], range(20)))
    )
    assert (with_it.hours >= without.hours).all()


def test_edges_grow_with_machines_and_never_with_their_pairs() -> None:
    """No cliques: what is tried on each other goes over the segment."""

    def edges(count: int) -> int:
        others = [pc(f"pc-{number}", shared_administrator=True) for number in range(count)]
        model = attack_model(map_of(*ROOM, pc("desk"), *others), ASSUMED, "mail to desk")
        return len(model.graph.law_of)

    assert edges(600) - edges(400) == edges(400) - edges(200)


def test_the_sample_is_told_in_fewer_groups_than_machines() -> None:
    found = lumped(sample())
    assert found.machines == 3_109
    assert found.groups < 300
    assert "mail to pc-HR" in entries(sample())
