"""Maps of many machines for the benchmarks of foresight: the sample group, time and again.

Each copy of the group is a block with its own sites, servers, services and accesses. All blocks
log in to one directory, and each block's servers are managed from the next one's, so that one
attack can reach all. Workstations and devices are named singly, as a directory or a scanner
lists them; one of ten is not patched, one of four is watched.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping

import msgspec

from wardkeep.adapters.map_tables import read_csv
from wardkeep.hospital.map.item import reference_to
from wardkeep.hospital.map.machines import Device, Server, Workstations
from wardkeep.hospital.map.places import Reach
from wardkeep.hospital.map.table import TableMapping
from wardkeep.hospital.map.whole import KINDS, AnyItem, HospitalMap, Layer, merged
from wardkeep.sample.estate import tables

SESSIONS = 3
"""On so many machines of a group an account is logged in that the sample has on the group."""
ROOM = "HR-servers"


def sample_map() -> HospitalMap:
    """Return the product's sample map, read from its own CSV files."""
    layers = []
    for kind, rows in tables().items():
        text = io.StringIO()
        table = csv.DictWriter(text, list(dict.fromkeys(name for row in rows for name in row)))
        table.writeheader()
        table.writerows(rows)
        read = read_csv(text.getvalue().encode(), KINDS[kind], TableMapping())
        layers.append(Layer(source="sample", part=kind, rank=1, at=0, items=read.items))  # type: ignore[arg-type]  # items of this kind
    return merged(layers)


def machines_of(whole: HospitalMap) -> int:
    """Return how many machines a map has."""
    return sum(
        getattr(each, "count", 1)
        for each in whole.items.values()
        if isinstance(each, Server | Workstations | Device)
    )


def map_of(hosts: int) -> HospitalMap:
    """Return a map of exactly so many machines: at least 204, about 200 servers in 3,109."""
    sample = sample_map()
    blocks = max(1, round(hosts / machines_of(sample)))
    items: dict[str, AnyItem] = {}
    for number in range(blocks):
        wanted = hosts // blocks + (number < hosts % blocks)
        for item in _block(sample, number, wanted):
            items[reference_to(item)] = item
    for number in range(blocks if blocks > 1 else 0):
        link = Reach(
            id=f"link {number}",
            source=f"{ROOM}.{number}",
            target=f"{ROOM}.{(number + 1) % blocks}",
            ports="management",
        )
        items[reference_to(link)] = link
    return HospitalMap(items)


def _block(sample: HospitalMap, number: int, wanted: int) -> Iterator[AnyItem]:
    sizes = _sizes(sample, wanted)
    for reference, item in sample.items.items():
        renamed = _renamed(item, number, sizes)
        if reference not in sizes:
            yield renamed
        else:
            for place in range(sizes[reference]):
                yield _single(renamed, place)


def _sizes(sample: HospitalMap, wanted: int) -> dict[str, int]:
    """Return how many machines each group has, at least one, so that all make up `wanted`."""
    groups = {
        reference: each.count
        for reference, each in sample.items.items()
        if isinstance(each, Workstations | Device)
    }
    left = wanted - sum(1 for _ in sample.of(Server))
    share, total = left / sum(groups.values()), 0
    sizes: dict[str, int] = {}
    passed = 0.0
    for reference, count in groups.items():
        passed += count * share
        sizes[reference] = max(1, round(passed) - total)
        total += sizes[reference]
    largest = max(sizes, key=lambda each: sizes[each])
    sizes[largest] += left - total
    return sizes


def _renamed(item: AnyItem, number: int, sizes: Mapping[str, int]) -> AnyItem:
    """Return an item of a block: its own id and what it names end in the block's number."""
    told: dict[str, object] = {"id": f"{item.id}.{number}"}
    for field, kinds in {"owner": ("person",), **type(item).REFERS}.items():
        said = getattr(item, field)
        if isinstance(said, str):
            told[field] = said and f"{said}.{number}"
        else:
            most = SESSIONS if field == "sessions" else None
            told[field] = tuple(
                name for each in said for name in _names(each, kinds[0], number, sizes, most)
            )
    return msgspec.structs.replace(item, **told)


def _names(
    named: str, kind: str, number: int, sizes: Mapping[str, int], most: int | None
) -> Iterator[str]:
    reference = named if ":" in named else f"{kind}:{named}"
    if reference not in sizes:
        yield f"{named}.{number}"
    else:
        for place in range(min(sizes[reference], most or sizes[reference])):
            yield f"{named}.{number}.{place}"


def _single(group: AnyItem, place: int) -> AnyItem:
    told: dict[str, object] = {"id": f"{group.id}.{place}", "count": 1}
    if isinstance(group, Workstations):
        told |= {"patched": place % 10 != 9, "watched": place % 4 == 0}
    return msgspec.structs.replace(group, **told)
