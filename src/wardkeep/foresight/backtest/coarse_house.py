"""A coarse map of a house that was struck: as much as the reports tell, and no more.

Every house is drawn with SERVERS servers, about the size of the sample hospital. A larger or
smaller one differs by how many crews it has for so many servers, how many machines the push
has to reach, and by what the same work costs; the rest is the same shape of house.
"""

from __future__ import annotations

from collections.abc import Iterator

from wardkeep.hospital.map.care import Mode, Need, Service
from wardkeep.hospital.map.item import reference_to
from wardkeep.hospital.map.machines import Application, BackupCopy, Server, Workstations
from wardkeep.hospital.map.places import Place, Segment
from wardkeep.hospital.map.whole import AnyItem, HospitalMap

SERVERS = 200
_BASE = 12
"""Directory, virtual machines, names, backup: 18 of 200 in the sample hospital, some of them
outside the domain."""
_RECORD = 12
_OTHERS = 4
"""Servers of the record and of every other application."""
_FOUR_IN_FIVE = 4 / 5
_DOMAIN = "house"
ENTRY = "mail to offices"
IN_BEDS, VISITS, A_THEATRE = 100.0, 100.0, 5.0
"""Patients a day; only their proportions count: stays and visits alike, some operations."""


def coarse_house(sites: int) -> HospitalMap:
    """Return the map of a house with one operating theatre a site."""
    items = (*_machines(), *_applications(sites), *_services(sites))
    return HospitalMap({reference_to(each): each for each in items})


def theatre(site: int) -> str:
    """Return the reference of the operating theatre of a site."""
    return f"service:theatre-{site}"


def _machines() -> Iterator[AnyItem]:
    """Yield servers, all of one domain; the attack comes by the first of them."""
    yield Place(id="site")
    yield Segment(id="room")
    yield Workstations(id="offices", segment="room", domain=_DOMAIN, count=1)
    base = tuple(f"s{number:03}" for number in range(_BASE))
    for number in range(SERVERS):
        name = f"s{number:03}"
        yield Server(
            id=name,
            domain=_DOMAIN,
            segment="room" if number == 0 else "",
            tier=0 if number < _BASE else 1,
            restored_after=() if number < _BASE else base[:2],
        )
    yield BackupCopy(
        id="copies", of=tuple(f"s{each:03}" for each in range(SERVERS)), domain=_DOMAIN
    )


def _names(sites: int) -> list[str]:
    theatres = [f"theatre-{site}" for site in range(sites)]
    many = (SERVERS - _BASE - _RECORD) // _OTHERS - len(theatres) - len(_NAMED)
    return [*_NAMED, *theatres, *(f"other-{number}" for number in range(many))]


_NAMED = ("laboratory", "imaging", "appointments")


def _applications(sites: int) -> Iterator[Application]:
    servers = [f"s{each:03}" for each in range(SERVERS)]
    yield Application(id="base", servers=tuple(servers[:_BASE]), servers_needed=_BASE // 2)
    place = _BASE + _RECORD
    yield Application(id="record", servers=tuple(servers[_BASE:place]), needs=("base",))
    for name in _names(sites):
        own = tuple(servers[place : place + _OTHERS])
        yield Application(id=name, servers=own, needs=("base",))
        place += _OTHERS


def _services(sites: int) -> Iterator[AnyItem]:
    for site in range(sites):
        yield Service(id=f"theatre-{site}", site="site", a_day=A_THEATRE)
        yield _need(f"theatre-{site}", (f"theatre-{site}", "laboratory"), Mode.CLOSED)
    yield Service(id="stays", site="site", a_day=IN_BEDS)
    yield _need("stays", ("record",), Mode.DEGRADED)
    yield Service(id="visits", site="site", a_day=VISITS)
    yield _need("visits", ("appointments", "laboratory", "imaging"), Mode.PAPER)
    yield Service(id="records", site="site", sort="office")
    yield _need("records", ("record",), Mode.CLOSED)
    yield Service(id="most", site="site", sort="office")
    every = ("record", *_names(sites))
    most = round(_FOUR_IN_FIVE * len(every))
    yield _need("most", every, Mode.CLOSED, most)


def _need(service: str, of: tuple[str, ...], without: Mode, least: int | None = None) -> Need:
    return Need(
        id=f"{service}-need",
        service=service,
        of=tuple(f"application:{each}" for each in of),
        at_least=least,
        without=without,
    )
