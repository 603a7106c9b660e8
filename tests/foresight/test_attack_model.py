from __future__ import annotations

import msgspec
import numpy as np
from tests.hospital.map.test_falls import map_of
from tests.sample.test_estate import whole

from wardkeep.foresight.attack_model import attack_model, entries, usual_entries, word_of
from wardkeep.foresight.engines.attack_path import attacks, way_to
from wardkeep.foresight.parameters import ASSUMED
from wardkeep.hospital.map.item import Item
from wardkeep.hospital.map.machines import Server, Workstations
from wardkeep.hospital.map.outside import RemoteAccess
from wardkeep.hospital.map.people import Account
from wardkeep.hospital.map.places import Reach, Segment

OFFICE = (
    Segment(id="office"),
    Segment(id="room"),
    Workstations(id="pcs", segment="office", domain="corp", count=40),
    Server(id="dc", segment="room", domain="corp", tier=0, patched=True),
    Server(id="files", segment="room", domain="corp", tier=1, patched=False),
)
OPEN = Reach(id="r", source="office", target="room", ports="any")
WEB = Reach(id="r", source="office", target="room", ports="web")
ADMIN = Account(
    id="admin", domain="corp", sessions=("workstations:pcs",), administers=("segment:room",)
)


def taken(*items: Item, replicas: int = 400) -> np.ndarray:
    """The hour at which the domain is held, a replica each."""
    model = attack_model(map_of(*items), ASSUMED, "mail to pcs")
    return attacks(model.graph, 7, range(replicas)).hours[:, 0]


def test_a_password_that_lies_on_office_machines_opens_the_domain() -> None:
    assert np.isfinite(taken(*OFFICE, OPEN, ADMIN)).mean() > 0.3
    assert np.isfinite(taken(*OFFICE, OPEN)).mean() < 0.1


def test_what_the_offices_cannot_reach_is_not_taken_from_there() -> None:
    assert not np.isfinite(taken(*OFFICE, WEB, ADMIN)).any()


def test_a_second_factor_keeps_most_passwords_from_being_used() -> None:
    guarded = Account(
        id="admin",
        domain="corp",
        sessions=("workstations:pcs",),
        administers=("segment:room",),
        second_factor=True,
    )
    with_it = np.isfinite(taken(*OFFICE, OPEN, guarded)).mean()
    assert with_it < 0.4 * np.isfinite(taken(*OFFICE, OPEN, ADMIN)).mean()


def test_a_second_factor_is_one_hurdle_for_an_account_and_not_one_for_each_machine() -> None:
    many = [Server(id=f"dc{n}", segment="room", tier=0, domain="corp") for n in range(30)]
    guarded = msgspec.structs.replace(ADMIN, second_factor=True)
    held = np.isfinite(taken(*OFFICE, *many, OPEN, guarded)).mean()
    direct = np.isfinite(taken(*OFFICE, *many, OPEN)).mean()
    assert held - direct < 0.2


def test_with_nobody_watching_a_measure_never_makes_an_attack_faster() -> None:
    """Pairs share their chances: what is patched or guarded only ever comes later, or never."""
    blind = type(ASSUMED)(alarm_watched=0.0, alarm_unwatched=0.0, alarm_second_factor=0.0)
    patched = (
        *OFFICE[:4],
        Server(id="files", segment="room", domain="corp", tier=1, patched=True),
    )
    for better in ((*patched, OPEN, ADMIN), (*OFFICE, OPEN), (*OFFICE, WEB, ADMIN)):
        hours = [
            attacks(
                attack_model(map_of(*items), blind, "mail to pcs").graph, 3, range(500)
            ).hours
            for items in ((*OFFICE, OPEN, ADMIN), better)
        ]
        assert (hours[1] >= hours[0]).all()


def test_the_ways_in_are_offices_and_accesses_that_end_somewhere() -> None:
    items = (
        *OFFICE,
        Workstations(id="ward", segment="office", ward="A2"),
        RemoteAccess(id="vpn", supplier="supplier:s", targets=("server:files",)),
        RemoteAccess(id="nowhere", supplier="supplier:s"),
    )
    assert entries(map_of(*items)) == ("mail to pcs", "access:vpn")


def test_a_path_is_told_from_the_way_in_to_the_domain() -> None:
    model = attack_model(map_of(*OFFICE, OPEN, ADMIN), ASSUMED, "mail to pcs")
    hours = attacks(model.graph, 7, range(50)).hours[:, 0]
    row = int(np.flatnonzero(np.isfinite(hours))[0])
    path = [model.nodes[each] for each in way_to(model.graph, 7, row, model.domains["corp"])]
    assert path[0] == "in|mail to pcs"
    assert path[-2:] == ["server:dc", "domain|corp"]


def test_names_are_hashed_the_same_in_every_model() -> None:
    assert word_of("server:dc") == word_of("server:dc") != word_of("server:db")


def test_every_way_into_the_sample_hospital_can_be_drawn() -> None:
    for entry in entries(whole()):
        model = attack_model(whole(), ASSUMED, entry)
        assert attacks(model.graph, 1, range(20)).taken.min() >= 1


def test_one_local_administrator_on_all_machines_opens_the_offices_that_are_reached() -> None:
    def far(*, shared: bool) -> tuple[Item, ...]:
        near = Workstations(id="pcs", segment="office", count=9, shared_administrator=shared)
        other = Workstations(id="far", segment="far", count=9, shared_administrator=shared)
        dc = Server(id="dc", segment="room", domain="corp", tier=0, patched=True)
        reach = Reach(id="f", source="office", target="far", ports="file")
        onward = Reach(id="o", source="far", target="room", ports="any")
        account = msgspec.structs.replace(ADMIN, sessions=("workstations:far",))
        return (near, other, dc, reach, onward, account)

    opened = np.isfinite(taken(*far(shared=True))).mean()
    assert opened > 5 * np.isfinite(taken(*far(shared=False))).mean()
    assert opened > 0.2


def test_who_is_asked_for_a_factor_they_did_not_ask_for_may_say_so() -> None:
    """With nobody else watching, only that question can end the attack."""
    sure = type(ASSUMED)(alarm_watched=0.0, alarm_unwatched=0.0, alarm_second_factor=1.0)
    guarded = msgspec.structs.replace(ADMIN, second_factor=True)
    for account, noticed in ((guarded, True), (ADMIN, False)):
        model = attack_model(map_of(*OFFICE, OPEN, account), sure, "mail to pcs")
        made = attacks(model.graph, 7, range(300))
        assert np.isfinite(made.cut).any() == noticed


def test_without_a_choice_mail_to_the_largest_offices_and_the_worst_accesses_are_drawn() -> (
    None
):
    house = map_of(
        *OFFICE,
        Workstations(id="annex", segment="office", count=3),
        Workstations(id="ward", segment="office", count=900, ward="W1"),
        RemoteAccess(
            id="asks", supplier="s", targets=("dc",), standing=True, second_factor=True
        ),
        RemoteAccess(id="opened", supplier="s", targets=("dc",), standing=False),
        RemoteAccess(id="stands", supplier="s", targets=("dc",), standing=True),
        RemoteAccess(id="unsaid", supplier="s", targets=("dc", "files")),
        RemoteAccess(id="nowhere", supplier="s"),
    )
    assert usual_entries(house) == ("mail to pcs", "access:unsaid", "access:stands")
    assert usual_entries(map_of()) == ()
