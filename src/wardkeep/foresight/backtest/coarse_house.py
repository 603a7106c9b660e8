"""A coarse map of a house that was struck: as much as the reports tell, and no more.

Every house is drawn with SERVERS servers, about the size of the sample hospital. A larger or
smaller one differs by how many crews it has for so many servers, how many machines the push
has to reach, and by what the same work costs; the rest is the same shape of house.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

from wardkeep.foresight.engines.chance import normal
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
_BASE_HOURS, _USUAL_HOURS = 6.0, 3.0
"""Of work on a server, as a plan takes them by tier."""
_FIRST_OTHER = 80
"""From this server on all are of applications without a name of their own, and unlike."""
_UNLIKE = 1.2
"""Standard deviation of the logarithm of their hours, a guess: HSE had three quarters of its
servers after 40 days and all after 130, so the last are not like the first."""
_DOMAIN = "house"
ENTRY = "mail to offices"
IN_BEDS, VISITS, OPERATIONS = 100.0, 100.0, 20.0
"""Patients a day; only their proportions count: stays and visits alike, and a tenth as many
operations (70 to 120 a day beside 1,000 patients in Düsseldorf)."""


def coarse_house(sites: int) -> HospitalMap:
    """Return the map of a house with operating theatres at each site."""
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
        is_base = number < _BASE
        yield Server(
            id=f"s{number:03}",
            domain=_DOMAIN,
            segment="room" if number == 0 else "",
            tier=0 if is_base else 1,
            restored_after=() if is_base else base[:2],
            restore_hours=_BASE_HOURS if is_base else _hours(number),
        )
    yield BackupCopy(
        id="copies", of=tuple(f"s{each:03}" for each in range(SERVERS)), domain=_DOMAIN
    )


def _hours(server: int) -> float:
    """Return the hours of a server: those of the last in the house, by application, differ."""
    place, many = (server - _FIRST_OTHER) // _OTHERS, (SERVERS - _FIRST_OTHER) // _OTHERS
    if place < 0:
        return _USUAL_HOURS
    return _USUAL_HOURS * math.exp(_UNLIKE * normal((place + 0.5) / many))


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
        yield Service(id=f"theatre-{site}", site="site", a_day=OPERATIONS / sites)
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
