"""The estate of the simulated group: what it has, what depends on what, who is connected to it.

About 3,000 machines, 200 of them servers. All names and numbers are invented; only the shape is
that of the group struck in May 2022: a flat net, one directory, backups within its reach.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from wardkeep.sample.estate_care import FALLBACKS, HOME, NEEDS, SERVICES
from wardkeep.sample.estate_machines import (
    APPLICATIONS,
    BUILDING,
    DEVICES,
    SERVER_ROOMS,
    SampleApplication,
)
from wardkeep.sample.estate_outside import (
    ACCESSES,
    ACCOUNTS,
    EXCHANGES,
    NEIGHBOURS,
    PEOPLE,
    POLICIES,
    SUPPLIERS,
)
from wardkeep.sample.group import HOUSES, WARDS, HouseKind

Table = Sequence[Mapping[str, object]]
_OFFICE_PLACES: Mapping[HouseKind, int] = {
    HouseKind.HOSPITAL: 170,
    HouseKind.POLYCLINIC: 60,
    HouseKind.REST_HOME: 10,
    HouseKind.PSYCHIATRIC_HOME: 10,
    HouseKind.CRECHE: 3,
}
_DOMAIN = "ghqv.local"


def tables() -> dict[str, Table]:
    """Return the whole map by kind, a row an item: what `wardkeep map import` reads as CSV."""
    return {
        "site": [_site(house.code, house.name) for house in HOUSES],
        "segment": list(_segments()),
        "reach": list(_reaches()),
        "server": list(_servers()),
        "workstations": list(_workstations()),
        "device": DEVICES,
        "application": [_application(each) for each in APPLICATIONS],
        "backup": list(_backups()),
        "building": BUILDING,
        "service": SERVICES,
        "need": NEEDS,
        "fallback": FALLBACKS,
        "home": HOME,
        "person": PEOPLE,
        "account": ACCOUNTS,
        "policy": POLICIES,
        "supplier": SUPPLIERS,
        "access": ACCESSES,
        "neighbour": NEIGHBOURS,
        "exchange": EXCHANGES,
    }


def _site(code: str, name: str) -> dict[str, object]:
    beds = sum(ward.beds for ward in WARDS if ward.house == code)
    return {"id": code, "name": name, "beds": beds or None}


def _segments() -> Iterator[dict[str, object]]:
    for number, house in enumerate(HOUSES, start=1):
        zones = ["office"]
        if house.kind is HouseKind.HOSPITAL:
            zones += ["clinical", "medical", "building"]
        if house.code in SERVER_ROOMS:
            zones += ["servers"]
        for place, zone in enumerate(zones):
            yield {
                "id": f"{house.code}-{zone}",
                "name": f"{house.name}, {zone}",
                "site": house.code,
                "zone": zone,
                "networks": f"10.{number}.{place * 16}.0/20",
            }


def _reaches() -> Iterator[dict[str, object]]:
    """Yield a net that grew: everything reaches the servers, and offices reach each other."""
    rooms = [f"{code}-servers" for code in SERVER_ROOMS]
    ports = {
        "office": "any",
        "clinical": "any",
        "medical": "clinical",
        "building": "management",
    }
    offices = [f"{house.code}-office" for house in HOUSES]
    for segment in _segments():
        name, zone = str(segment["id"]), str(segment["zone"])
        for room in rooms:
            if zone in ports:
                yield _reach(name, room, ports[zone])
                yield _reach(room, name, "management")
            elif name != room:
                yield _reach(name, room, "any")
    for one in offices:
        for other in offices:
            if one != other:
                yield _reach(one, other, "file")


def _reach(source: str, target: str, ports: str) -> dict[str, object]:
    return {
        "id": f"{source} to {target}",
        "source": source,
        "target": target,
        "ports": ports,
    }


def _servers() -> Iterator[dict[str, object]]:
    for number in range(sum(SERVER_ROOMS.values())):
        room = _room(number, SERVER_ROOMS)
        yield {
            "id": f"hv{number + 1:02}",
            "name": f"Hyperviseur {number + 1}",
            "site": room,
            "segment": f"{room}-servers",
            "system": "VMware ESXi 7",
            "tier": 0,
            "restore_hours": 4,
            "owner": "infrastructure",
        }
    hosts = sum(SERVER_ROOMS.values())
    for number, (application, index) in enumerate(_places()):
        host = number % hosts
        room = _room(host, SERVER_ROOMS)
        yield {
            "id": f"{application.id}{index + 1:02}",
            "site": room,
            "segment": f"{room}-servers",
            "system": application.system,
            "domain": _DOMAIN if application.in_domain else "",
            "tier": application.tier,
            "host": f"hv{host + 1:02}" if application.virtual else "",
            "restored_after": ";".join(f"{each}01" for each in application.restored_after),
            "supplier": application.supplier,
            "restore_hours": application.restore_hours,
            "data_gb": application.data_gb,
            "owner": application.owner,
        }


def _room(number: int, rooms: Mapping[str, int]) -> str:
    """Return in which room a hypervisor stands, the first room's first."""
    for code, places in rooms.items():
        if number < places:
            return code
        number -= places
    raise ValueError(number)


def _places() -> Iterator[tuple[SampleApplication, int]]:
    for application in APPLICATIONS:
        for index in range(application.servers):
            yield application, index


def _application(each: SampleApplication) -> dict[str, object]:
    return {
        "id": each.id,
        "name": each.name,
        "servers": ";".join(f"{each.id}{index + 1:02}" for index in range(each.servers)),
        "servers_needed": each.needed,
        "needs": ";".join(each.needs),
        "supplier": each.supplier,
        "owner": each.owner,
    }


def _backups() -> Iterator[dict[str, object]]:
    """Yield one copy on disk of the servers of each application, within the domain."""
    for application in APPLICATIONS:
        if not application.saved:
            continue
        names = [f"{application.id}{index + 1:02}" for index in range(application.servers)]
        yield {
            "id": f"disk-{application.id}",
            "of": ";".join(names),
            "on": "sauve01",
            "domain": _DOMAIN,
            "offline": "no",
            "immutable": "no",
            "restore_hours": application.restore_hours,
            "owner": "infrastructure",
        }


def _workstations() -> Iterator[dict[str, object]]:
    for ward in WARDS:
        home = next(house for house in HOUSES if house.code == ward.house)
        zone = "clinical" if home.kind is HouseKind.HOSPITAL else "office"
        yield _group(f"pc-{ward.code}", ward.house, zone, ward.beds // 2 + 2, ward.code)
    for house in HOUSES:
        yield _group(f"pc-{house.code}", house.code, "office", _OFFICE_PLACES[house.kind], "")


def _group(name: str, site: str, zone: str, count: int, ward: str) -> dict[str, object]:
    return {
        "id": name,
        "site": site,
        "segment": f"{site}-{zone}",
        "count": count,
        "system": "Windows 10",
        "domain": _DOMAIN,
        "ward": ward,
        "restore_hours": 0.75,
        "patched": "yes",
        "shared_administrator": "yes",
    }
