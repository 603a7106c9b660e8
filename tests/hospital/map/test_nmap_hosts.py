from __future__ import annotations

import pytest

from wardkeep.hospital.map.known import Known
from wardkeep.hospital.map.machines import Device, Workstations
from wardkeep.hospital.map.nmap_hosts import OpenPort, ScannedHost, kind_by_ports, read_hosts
from wardkeep.hospital.map.table import TableMapping


def host(*ports: int, name: str = "h", system: str = "", sort: str = "") -> ScannedHost:
    return ScannedHost(
        up=True,
        names=(name,),
        system=system,
        sort=sort,
        ports=tuple(OpenPort(number=each, service=f"s{each}") for each in ports),
    )


@pytest.mark.parametrize(
    ("scanned", "kind"),
    [
        (host(22, 5432), "server"),
        (host(104, 1433), "server"),  # an archive of images
        (host(104, 80), "device"),
        (host(22, 80, system="Linux 5.4"), "server"),
        (host(135, 445, system="Microsoft Windows Server 2019"), "server"),
        (host(135, 445, 3389), "workstations"),
        (host(80), ""),
        (host(), ""),
    ],
)
def test_what_a_host_offers_tells_what_it_is(scanned: ScannedHost, kind: str) -> None:
    assert kind_by_ports(scanned) == kind


def test_what_is_no_machine_of_the_map_is_told_by_its_sort() -> None:
    read = read_hosts(
        [
            host(104, 80, name="ct1"),
            host(80, name="sw1", sort="switch"),
            host(80, name="box"),
            ScannedHost(up=False, addresses=("10.0.0.4",)),
            ScannedHost(up=True, assumed=True, addresses=("10.0.0.5",)),
        ],
        Known(),
        TableMapping(fixed={"site": "arlon"}),
    )
    assert read.items == (
        Device(id="ct1", site="arlon", note="open: 80/tcp s80, 104/tcp s104"),
    )
    assert (read.rows, sum(each.count for each in read.left)) == (5, 4)
    assert ("switch, by nmap's guess", ("sw1",)) in [(e.what, e.named) for e in read.left]


def test_a_note_of_many_ports_stays_readable() -> None:
    read = read_hosts(
        [host(*range(1, 60), name="pc")], Known(), TableMapping(kinds={"pc": "workstations"})
    )
    (item,) = read.items
    assert isinstance(item, Workstations)
    assert item.note.endswith("40/tcp s40 and 19 more")
