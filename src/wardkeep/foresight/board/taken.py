"""What an attack would take: the first page's values, made of the forecasts of all ways in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from wardkeep.foresight.board.certainty import share_of
from wardkeep.foresight.board.paper import (
    BackOnDay,
    Curve,
    Euros,
    Reached,
    Taken,
    WayIn,
)
from wardkeep.foresight.errors import NothingEncryptsError
from wardkeep.foresight.kept import worst
from wardkeep.foresight.neighbours import NeighbourHit
from wardkeep.foresight.summary import Forecast, ServiceForecast
from wardkeep.hospital.map.care import Service
from wardkeep.hospital.map.outside import RemoteAccess
from wardkeep.hospital.map.whole import HospitalMap

Told = TypeVar("Told")
MAIL_TO = "mail to "
"""How the name of a way in begins that is a mail to workstations (attack_model.entries)."""

ROLES: tuple[str, ...] = (
    "laboratory",
    "imaging",
    "theatres",
    "emergency",
    "intensive care",
    "pharmacy",
    "dialysis",
    "oncology",
    "maternity",
    "wards",
    "outpatients",
)
"""In the order in which a paper tells of them: what other services wait for comes first."""


def taken(whole: HospitalMap, forecasts: Sequence[Forecast]) -> Taken:
    """Return what the worst of the ways in takes; raises NothingEncryptsError."""
    found = worst(forecasts)
    if not found.detonates:
        drawn = sum(each.replicas for each in forecasts)
        raise NothingEncryptsError(f"none of the {drawn} attacks drawn encrypts anything")
    return Taken(
        entry=found.entry,
        struck=round(found.replicas * found.detonates),
        ways=tuple(way_in(whole, each) for each in forecasts),
        late=found.late,
        patient_hours=found.patient_hours,
        elsewhere=found.elsewhere,
        servers=_told(found.servers),
        machines=_told(found.machines),
        days_until_all_back=_told(found.days_until_all_back),
        euros=tuple(Euros(part=part, euros=each) for part, each in _told(found.euros).items()),
        services=_services(whole, found),
        curve=tuple(
            Curve(day=day, back=back) for day, back in _told(found.back_by_day).items()
        ),
        neighbours=tuple(_reached(each, found.replicas) for each in found.neighbours),
        uncounted=_names(found, found.no_volume),
        unpriced=_names(found, found.no_revenue),
    )


def _told(found: Told | None) -> Told:
    """Return what a forecast tells of the attacks that encrypt, where one of them does."""
    assert found is not None  # noqa: S101  # refused above where none encrypts
    return found


def way_in(whole: HospitalMap, found: Forecast) -> WayIn:
    """Return a way in as papers and pages tell it."""
    mail = found.entry.startswith(MAIL_TO)
    item = whole.items.get(
        f"workstations:{found.entry[len(MAIL_TO) :]}" if mail else found.entry
    )
    if isinstance(item, RemoteAccess):
        supplier = whole.items.get(f"supplier:{item.supplier.removeprefix('supplier:')}")
        item = supplier if supplier is not None and supplier.name else item
    return WayIn(
        entry=found.entry,
        sort="mail" if mail else "access",
        place=_place(found.entry) if item is None else item.name or item.id,
        encrypts=share_of(found.detonates, found.replicas),
        late=found.late,
    )


def _place(entry: str) -> str:
    """Return what an entry is called that is on no map: without its kind."""
    return entry.removeprefix(MAIL_TO).removeprefix("access:")


def _services(whole: HospitalMap, found: Forecast) -> tuple[BackOnDay, ...]:
    """Return each role once, where it is back last, then the others by patients late."""
    struck = found.replicas * found.detonates
    latest = sorted(found.services, key=lambda each: (-_told(each.full_again).p50, each.name))
    first: dict[str, ServiceForecast] = {}
    for each in latest:
        if each.role in ROLES:
            first.setdefault(each.role, each)
    ordered = [first[role] for role in ROLES if role in first]
    rest = sorted(
        (each for each in latest if each not in ordered),
        key=lambda each: -each.late.p50 if each.late else 0.0,
    )
    return tuple(
        BackOnDay(
            service=each.service,
            name=each.name.removeprefix("service:"),
            role=each.role,
            clinical=each.clinical,
            patients=not _is_office(whole, each.service),
            hours=_told(each.full_again),
            late=each.late,
            stopped=share_of(_told(each.lost), struck),
        )
        for each in (*ordered, *rest)
    )


def _is_office(whole: HospitalMap, service: str) -> bool:
    item = whole.items.get(service)
    return isinstance(item, Service) and item.sort == "office"


def _reached(hit: NeighbourHit, replicas: int) -> Reached:
    return Reached(
        neighbour=hit.name or hit.neighbour.partition(":")[2] or hit.neighbour,
        channel=hit.channel,
        share=None if hit.share is None else share_of(hit.share, replicas),
        hours=hit.hours,
    )


def _names(found: Forecast, references: Sequence[str]) -> tuple[str, ...]:
    names = {each.service: each.name for each in found.services}
    return tuple(names.get(each, each).removeprefix("service:") for each in references)
