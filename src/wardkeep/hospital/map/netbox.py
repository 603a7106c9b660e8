"""NetBox' lists as JSON, as its REST interface answers them: sites, prefixes, machines.

Read are `/api/dcim/sites/`, `/api/ipam/prefixes/`, `/api/dcim/devices/` and
`/api/virtualization/virtual-machines/`, saved whole (`?limit=0`). Which list a file is, the
`url` of its results tells.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Literal, TypeAlias

import msgspec

from wardkeep.hospital.map.found import Found, MachineKind, as_mapped, place
from wardkeep.hospital.map.item import as_id
from wardkeep.hospital.map.json_source import decoded
from wardkeep.hospital.map.known import Known, short_name
from wardkeep.hospital.map.places import Place, Segment
from wardkeep.hospital.map.reading import Leftovers, Reading, UnreadableSourceError
from wardkeep.hospital.map.table import TableMapping
from wardkeep.hospital.map.whole import AnyItem

MOST_RESULTS = 1_000_000
Sort: TypeAlias = MachineKind | Literal[""]
LISTS = ("sites", "prefixes", "devices", "virtual-machines")
_LIST = re.compile(r"/api/(?:dcim|ipam|virtualization)/([a-z-]+)/\d+/?$")
_GONE = frozenset(
    {"offline", "planned", "decommissioning", "decommissioned", "retired", "failed"}
)
_SERVERS = re.compile(r"server|hypervisor|storage|\bnas\b|\bsan\b|appliance", re.IGNORECASE)
_MEDICAL = re.compile(
    r"medical|modality|imaging|analy[sz]er|biomed|pacs|monitor", re.IGNORECASE
)
_DESKS = re.compile(r"workstation|desktop|laptop|thin.?client|\bpc\b", re.IGNORECASE)
_NO_MACHINE = re.compile(
    r"switch|router|firewall|access.?point|wireless|wlan|\bap\b|\bups\b|pdu|patch|printer"
    r"|phone|console|load.?balancer|camera",
    re.IGNORECASE,
)


class _Choice(msgspec.Struct, frozen=True):
    value: str | None = None


class _Brief(msgspec.Struct, frozen=True):
    """What NetBox tells of an object that another one names."""

    name: str | None = None
    slug: str | None = None
    model: str | None = None
    address: str | None = None
    vid: int | None = None
    manufacturer: _Named | None = None


class _Named(msgspec.Struct, frozen=True):
    name: str | None = None


class Result(msgspec.Struct, frozen=True):
    """A result of any of the lists: each has some of these."""

    url: str
    name: str | None = None
    slug: str | None = None
    status: _Choice | None = None
    site: _Brief | None = None
    role: _Brief | None = None
    device_role: _Brief | None = None  # until NetBox 3.5
    device_type: _Brief | None = None
    device: _Brief | None = None
    platform: _Brief | None = None
    primary_ip: _Brief | None = None
    primary_ip4: _Brief | None = None
    primary_ip6: _Brief | None = None
    prefix: str | None = None
    vlan: _Brief | None = None
    scope_type: str | None = None  # of prefixes since NetBox 4.2
    scope: _Brief | None = None

    @property
    def sort(self) -> str:
        """Return of which list it is; "" for none."""
        found = _LIST.search(self.url)
        return found[1] if found else ""


class _Answer(msgspec.Struct, frozen=True):
    results: tuple[Result, ...]
    count: int
    next: str | None = None


def read_netbox(
    files: Iterable[tuple[str, bytes]], known: Known, mapping: TableMapping
) -> Reading:
    """Return sites, segments and machines of lists.

    Raises UnreadableSourceError, MapItemError.
    """
    left = Leftovers()
    results = _results(files)
    kept: dict[str, list[Result]] = {sort: [] for sort in LISTS}
    for each in results:
        status = (each.status and each.status.value) or ""
        if each.sort not in kept:
            left.add("results of lists that are not read", each.sort or each.url)
        elif status in _GONE:
            left.add(f"{each.sort} that are {status}", each.name or each.prefix or "")
        else:
            kept[each.sort].append(each)
    segments = _segments(kept["prefixes"], left)
    for segment in segments:
        for network in segment.networks:
            known.add_network(network, segment.id)
    found = [*_devices(kept["devices"], left), *map(_virtual, kept["virtual-machines"])]
    placed = place(found, known, mapping, left)
    items: list[AnyItem] = [*map(_site, kept["sites"]), *segments, *placed.items]
    unique = {(type(each), each.id): each for each in reversed(items)}
    return Reading(
        items=as_mapped(reversed(unique.values()), mapping), rows=len(results), left=left.told()
    )


def _results(files: Iterable[tuple[str, bytes]]) -> list[Result]:
    found: dict[str, Result] = {}
    counts: dict[str, int] = {}
    for name, content in files:
        answer = decoded(content, _Answer, name)
        for each in answer.results:
            found[each.url] = each
            counts[each.sort] = max(counts.get(each.sort, 0), answer.count)
        if len(found) > MOST_RESULTS:
            raise UnreadableSourceError(f"there are more than {MOST_RESULTS} results")
    for sort, count in counts.items():
        got = sum(each.sort == sort for each in found.values())
        if got < count:
            raise UnreadableSourceError(
                f"{got} of {count} {sort or 'results'} are in it",
                "Save the list with ?limit=0, or give all its pages in one call.",
            )
    return list(found.values())


def _slug(brief: _Brief | None) -> str:
    return as_id((brief and (brief.slug or brief.name)) or "")


def _site(told: Result) -> Place:
    own = as_id(told.slug or told.name or told.url)
    return Place(id=own, name=told.name if told.name and told.name != own else "")


def _segments(prefixes: Sequence[Result], left: Leftovers) -> list[Segment]:
    """Return a segment for each VLAN with its prefixes, and for each prefix without one."""
    found: dict[str, Segment] = {}
    for told in prefixes:
        network = told.prefix or ""
        if told.status and told.status.value == "container":
            left.add("prefixes that only hold others", network)
            continue
        own = as_id((told.vlan and told.vlan.name) or network.replace(":", "-"))
        if not own:
            left.add("prefixes without a network", told.url)
            continue
        of_a_site = told.scope if told.scope_type == "dcim.site" else told.site
        before = found.get(own, Segment(id=own, site=_slug(of_a_site)))
        networks = (*before.networks, network)
        found[own] = msgspec.structs.replace(before, networks=networks)
    return list(found.values())


def _devices(told: Sequence[Result], left: Leftovers) -> Iterator[Found]:
    for each in told:
        role = _role(each)
        if _NO_MACHINE.search(role):
            left.add(
                "network equipment, printers and the like, by their role", each.name or role
            )
        else:
            yield _found(each, _kind(role), {})


def _role(told: Result) -> str:
    role = told.role or told.device_role
    return f"{role.slug or ''} {role.name or ''}" if role else ""


def _kind(role: str) -> Sort:
    if _MEDICAL.search(role):
        return "device"
    if _SERVERS.search(role):
        return "server"
    return "workstations" if _DESKS.search(role) else ""


def _virtual(told: Result) -> Found:
    """Return a virtual machine: a server, unless its role says a desk."""
    kind: Sort = "workstations" if _DESKS.search(_role(told)) else "server"
    host = (told.device and told.device.name) or ""
    return _found(told, kind, {"host": short_name(host)} if host else {})


def _found(told: Result, kind: Sort, more: dict[str, object]) -> Found:
    model = told.device_type
    addresses = (told.primary_ip, told.primary_ip4, told.primary_ip6)
    return Found(
        names=(told.name,) if told.name else (),
        addresses=tuple(each.address for each in addresses if each and each.address),
        kind=kind,
        system=(told.platform and told.platform.name) or "",
        fields={
            "site": _slug(told.site),
            "model": (model and model.model) or "",
            "maker": (model and model.manufacturer and model.manufacturer.name) or "",
            **more,
        },
    )
