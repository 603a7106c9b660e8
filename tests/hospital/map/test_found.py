from __future__ import annotations

import pytest

from wardkeep.hospital.map.errors import MapItemError
from wardkeep.hospital.map.found import (
    Found,
    Placed,
    as_mapped,
    check_mapping,
    kind_by_system,
    place,
)
from wardkeep.hospital.map.known import Known
from wardkeep.hospital.map.machines import Device, Server, Workstations
from wardkeep.hospital.map.places import Segment
from wardkeep.hospital.map.reading import Left, Leftovers
from wardkeep.hospital.map.table import TableMapping
from wardkeep.hospital.map.whole import Layer


def placed(
    *found: Found, known: Known | None = None, mapping: TableMapping | None = None
) -> tuple[Placed, tuple[Left, ...]]:
    left = Leftovers()
    done = place(found, known or Known(), mapping or TableMapping(), left)
    return done, left.told()


@pytest.mark.parametrize(
    ("system", "kind"),
    [
        ("Windows Server 2019 Standard", "server"),
        ("WINDOWS 10 PRO", "workstations"),
        ("Ubuntu 22.04", "server"),
        ("VMware ESXi 8", "server"),
        ("macOS 14", "workstations"),
        ("VxWorks", ""),
        ("", ""),
    ],
)
def test_an_operating_system_tells_what_a_machine_usually_is(system: str, kind: str) -> None:
    assert kind_by_system(system) == kind


def test_the_mapping_then_the_map_then_the_source_then_the_system_say_what_it_is() -> None:
    layer = Layer(
        source="s",
        part="device",
        rank=1,
        at=0,
        items=(Device(id="CT-1"), Segment(id="lab", networks=("10.0.0.0/24",))),
    )
    done, left = placed(
        Found(names=("pc1.h.example",), system="Windows Server 2022", addresses=("10.0.0.7",)),
        Found(names=("ct-1",), system="Windows 10"),
        Found(names=("x1",), kind="device", system="Linux"),
        Found(names=("x2",)),
        Found(names=("sw-1",), system="Linux"),
        known=Known([layer]),
        mapping=TableMapping(kinds={"PC*": "workstations", "sw-*": ""}),
    )
    assert done.items == (
        Workstations(
            id="pc1",
            system="Windows Server 2022",
            addresses=("10.0.0.7",),
            segment="lab",
        ),
        Device(id="CT-1", system="Windows 10"),
        Device(id="x1", system="Linux"),
    )
    assert [(each.count, each.named) for each in left] == [(1, ("x2",)), (1, ("sw-1",))]
    assert done.references["10.0.0.7"] == done.references["pc1.h.example"] == "workstations:pc1"


def test_hosts_of_one_name_in_two_domains_stay_two_and_one_met_twice_is_one() -> None:
    done, _ = placed(
        Found(names=("DB1.a.example",), system="Linux", addresses=("10.0.0.1",)),
        Found(names=("db1.b.example",), system="Linux"),
        Found(names=("db1.A.example",), system="Linux", addresses=("10.0.0.2",)),
    )
    assert [each.id for each in done.items] == ["db1.a.example", "db1.b.example"]
    first = done.items[0]
    assert isinstance(first, Server)
    assert first.addresses == ("10.0.0.1", "10.0.0.2")


def test_a_mapping_fixes_what_nobody_said_and_translates_what_was_said() -> None:
    mapping = TableMapping(
        fixed={"site": "arlon", "count": "3"}, values={"segment": {"v1": "lab"}}
    )
    check_mapping(mapping)
    items = as_mapped((Server(id="a", segment="v1"), Device(id="b", site="bastogne")), mapping)
    assert items == (
        Server(id="a", site="arlon", segment="lab"),
        Device(id="b", site="bastogne", count=3),
    )


@pytest.mark.parametrize(
    ("mapping", "says"),
    [
        (TableMapping(kinds={"x": "switch"}), "gives machines the kind switch"),
        (TableMapping(fixed={"colour": "red"}), "no kind has such a field"),
        (TableMapping(columns={"a": "id"}), "this format has none"),
    ],
)
def test_a_mapping_that_cannot_be_followed_is_refused(mapping: TableMapping, says: str) -> None:
    with pytest.raises(MapItemError, match=says):
        check_mapping(mapping)


def test_a_text_that_a_field_cannot_hold_is_refused() -> None:
    with pytest.raises(MapItemError, match="fixes tier of a server"):
        as_mapped((Server(id="a"),), TableMapping(fixed={"tier": "zero"}))
    with pytest.raises(MapItemError, match="tier 40 cannot be: write at most 4"):
        as_mapped((Server(id="a"),), TableMapping(fixed={"tier": "40"}))
