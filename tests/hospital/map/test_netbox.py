from __future__ import annotations

import contextlib
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wardkeep.hospital.map import netbox
from wardkeep.hospital.map.known import Known
from wardkeep.hospital.map.machines import Device, Server
from wardkeep.hospital.map.netbox import read_netbox
from wardkeep.hospital.map.places import Place, Segment
from wardkeep.hospital.map.reading import Reading, UnreadableSourceError
from wardkeep.hospital.map.table import TableMapping

SAMPLES = Path(__file__).parent.parent.parent / "adapters" / "map_samples"
SITES: list[dict[str, Any]] = [
    {"url": "https://n/api/dcim/sites/1/", "name": "Arlon", "slug": "arlon"}
]
PREFIXES: list[dict[str, Any]] = [
    {
        "url": "https://n/api/ipam/prefixes/1/",
        "prefix": "10.0.0.0/8",
        "status": {"value": "container"},
    },
    {
        "url": "https://n/api/ipam/prefixes/2/",
        "prefix": "10.1.0.0/24",
        "status": {"value": "active"},
        "vlan": {"vid": 10, "name": "servers"},
        "scope_type": "dcim.site",
        "scope": {"name": "Arlon", "slug": "arlon"},
    },
    {"url": "https://n/api/ipam/prefixes/3/", "prefix": "fd00::/64", "site": {"slug": "arlon"}},
]
MACHINES: list[dict[str, Any]] = json.loads((SAMPLES / "netbox.json").read_bytes())["results"]
VIRTUAL: list[dict[str, Any]] = [
    {
        "url": "https://n/api/virtualization/virtual-machines/1/",
        "name": "LIS1.h.example",
        "status": {"value": "active"},
        "device": {"name": "ESX1"},
        "primary_ip": {"address": "10.1.0.9/24"},
        "platform": {"name": "Windows Server 2022", "slug": "w2022"},
    }
]


def answer(results: list[dict[str, Any]], count: int | None = None) -> bytes:
    told = {"count": len(results) if count is None else count, "next": None, "results": results}
    return json.dumps(told).encode()


def read(*contents: bytes) -> Reading:
    files = [(f"{number}.json", each) for number, each in enumerate(contents)]
    return read_netbox(files, Known(), TableMapping())


def test_lists_together_become_sites_segments_and_machines_in_them() -> None:
    told = read(*map(answer, (VIRTUAL, MACHINES, PREFIXES, SITES)))
    assert told.items == (
        Place(id="arlon", name="Arlon"),
        Segment(id="servers", site="arlon", networks=("10.1.0.0/24",)),
        Segment(id="fd00--/64", site="arlon", networks=("fd00::/64",)),
        Server(id="esx1", site="arlon", addresses=("10.1.0.5",), segment="servers"),
        Device(id="ct1", site="arlon", maker="Maker", model="Tomograph X"),
        Server(
            id="lis1",
            host="esx1",
            addresses=("10.1.0.9",),
            segment="servers",
            system="Windows Server 2022",
        ),
    )
    assert {each.what: each.count for each in told.left} == {
        "devices that are decommissioning": 1,
        "prefixes that only hold others": 1,
        "network equipment, printers and the like, by their role": 1,
    }


def test_pages_count_together_and_a_list_that_is_not_whole_is_refused() -> None:
    pages = [answer([each], len(MACHINES)) for each in MACHINES]
    assert read(*pages).items == read(answer(MACHINES)).items
    with pytest.raises(UnreadableSourceError, match="3 of 4 devices"):
        read(*pages[1:])


def test_lists_that_are_not_read_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    other = {"url": "https://n/api/dcim/cables/7/"}
    assert read(answer([other])).left[0].named == ("cables",)
    monkeypatch.setattr(netbox, "MOST_RESULTS", 1)
    with pytest.raises(UnreadableSourceError, match="more than 1 results"):
        read(answer(PREFIXES))


WHOLE = answer([*MACHINES, *PREFIXES, *VIRTUAL, *SITES], 1)


@given(st.integers(0, len(WHOLE)), st.binary(max_size=8))
def test_a_torn_list_is_read_or_refused(at: int, put: bytes) -> None:
    with contextlib.suppress(UnreadableSourceError):
        read(WHOLE[:at] + put + WHOLE[at + len(put) :])
