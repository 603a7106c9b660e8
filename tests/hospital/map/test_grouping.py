from __future__ import annotations

from tests.foresight.restoring.estates import map_of, sample

from wardkeep.hospital.map.grouping import MOST_BOXES, boxed, by_itself, by_kind, by_part
from wardkeep.hospital.map.machines import Server, Workstations
from wardkeep.hospital.map.places import Place
from wardkeep.hospital.map.placing import Column, Placing

LEVELS = (by_itself, by_kind)


def servers(number: int, site: str = "val") -> list[Server]:
    return [Server(id=f"{site}{n}", site=site, segment=f"net{n % 3}") for n in range(number)]


def test_a_hundred_things_stand_alone_and_one_more_puts_them_together() -> None:
    for number, boxes in ((MOST_BOXES, MOST_BOXES), (MOST_BOXES + 1, 1)):
        whole = map_of(*servers(number))
        found = boxed(whole, Placing(whole).columns("site"), LEVELS)
        assert len(found.boxes) == boxes
        assert found.grouped == (boxes == 1)


def test_a_box_for_many_says_how_many_things_and_machines_it_stands_for() -> None:
    whole = map_of(*(Workstations(id=f"g{n}", site="val", count=n) for n in range(101)))
    (box,) = boxed(whole, Placing(whole).columns("site"), LEVELS).boxes
    assert (len(box.members), box.machines, box.kind, box.part) == (
        101,
        5050,
        "workstations",
        None,
    )
    assert box.one == ""


def test_within_one_column_segments_tell_things_of_a_kind_apart() -> None:
    whole = map_of(*servers(120))
    column = Placing(whole).columns("site")[0]
    kinds = (Column("server", column.members),)
    found = boxed(whole, kinds, (by_itself, by_part, by_kind))
    assert [(box.part, len(box.members)) for box in found.boxes] == [
        ("net0", 40),
        ("net1", 40),
        ("net2", 40),
    ]


def test_the_only_one_of_its_kind_is_shown_by_itself_among_groups() -> None:
    whole = map_of(*servers(101), Workstations(id="desk", site="val"))
    found = boxed(whole, Placing(whole).columns("site"), LEVELS)
    assert [box.one for box in found.boxes] == ["", "workstations:desk"]


def test_of_too_many_sites_the_last_are_left_out_and_counted_but_not_what_has_no_site() -> None:
    places = [Place(id=f"p{n}") for n in range(300)]
    desks = [Workstations(id=f"w{n}", site=f"p{n}") for n in range(300)]
    whole = map_of(*places, *desks, Server(id="somewhere"))
    found = boxed(whole, Placing(whole).columns("site"), LEVELS)
    assert (len(found.columns), found.left_out) == (MOST_BOXES, 201)
    assert found.columns[-1][0] == ":none"


def test_on_the_sample_every_thing_is_in_one_box_and_none_is_lost() -> None:
    columns = Placing(sample()).columns("site")
    found = boxed(sample(), columns, LEVELS)
    members = [each for box in found.boxes for each in box.members]
    assert len(found.boxes) <= MOST_BOXES
    assert sorted(members) == sorted(each for column in columns for each in column.members)
    assert len(set(members)) == len(members)
