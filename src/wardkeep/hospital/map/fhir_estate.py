"""FHIR bundles (R4 and R5) of an estate: places, wards, devices with their wards, services.

The only source of those read here that links a device to a ward. What refers to a patient is
never decoded.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TypeVar

import msgspec

from wardkeep.hospital.map.care import Service
from wardkeep.hospital.map.found import Found, as_mapped, place
from wardkeep.hospital.map.item import as_id
from wardkeep.hospital.map.json_source import decoded
from wardkeep.hospital.map.known import Known
from wardkeep.hospital.map.outside import Exchange
from wardkeep.hospital.map.places import Place
from wardkeep.hospital.map.reading import Leftovers, Reading, UnreadableSourceError
from wardkeep.hospital.map.table import TableMapping
from wardkeep.hospital.map.whole import AnyItem

MOST_RESOURCES = 1_000_000
_DEEPEST = 20
"""Of places within places: site, building, wing, level, corridor, ward, room, bed."""
_SITES, _WARD = frozenset({"si", "bu"}), "wa"
"""Codes of location-physical-type: site, building; ward."""
_GONE = frozenset({"inactive", "entered-in-error", "off", "suspended", "error"})


class _Coding(msgspec.Struct, frozen=True):
    code: str | None = None


class _Concept(msgspec.Struct, frozen=True):
    coding: tuple[_Coding, ...] | None = None

    def codes(self) -> Iterator[str]:
        return (each.code for each in self.coding or () if each.code)


class _Identifier(msgspec.Struct, frozen=True):
    value: str | None = None


class _Reference(msgspec.Struct, frozen=True):
    reference: str | None = None
    display: str | None = None


class _Name(msgspec.Struct, frozen=True):
    name: str | None = None  # R4, Device.deviceName
    value: str | None = None  # R5, Device.name


class _Base(msgspec.Struct, frozen=True, rename="camel"):
    id: str | None = None
    identifier: tuple[_Identifier, ...] | None = None
    status: str | None = None

    def own_id(self) -> str:
        """Return the first identifier, which is the hospital's, else the server's id."""
        told = (each.value for each in self.identifier or () if each.value)
        return as_id(next(told, None) or self.id or "")


class _Location(_Base, frozen=True, rename="camel"):
    name: str | None = None
    physical_type: _Concept | None = None
    form: _Concept | None = None  # R5
    part_of: _Reference | None = None


class _Device(_Base, frozen=True, rename="camel"):
    manufacturer: str | None = None
    model_number: str | None = None
    device_name: tuple[_Name, ...] | None = None
    name: tuple[_Name, ...] | None = None
    location: _Reference | None = None


class _Service(_Base, frozen=True, rename="camel"):
    name: str | None = None
    active: bool | None = None
    location: tuple[_Reference, ...] | None = None


class _Endpoint(_Base, frozen=True, rename="camel"):
    name: str | None = None
    managing_organization: _Reference | None = None


Some = TypeVar("Some", bound=_Base)


class _Which(msgspec.Struct, frozen=True, rename="camel"):
    resource_type: str


class _Entry(msgspec.Struct, frozen=True, rename="camel"):
    full_url: str | None = None
    resource: msgspec.Raw = msgspec.Raw(b"{}")


class _Link(msgspec.Struct, frozen=True):
    relation: str


class _Bundle(msgspec.Struct, frozen=True, rename="camel"):
    resource_type: str
    entry: tuple[_Entry, ...] | None = None
    link: tuple[_Link, ...] | None = None


_READ: Mapping[str, type[_Base]] = {
    "Location": _Location,
    "Device": _Device,
    "HealthcareService": _Service,
    "Endpoint": _Endpoint,
}


def read_estate(
    files: Iterable[tuple[str, bytes]], known: Known, mapping: TableMapping
) -> Reading:
    """Return what bundles tell; raises UnreadableSourceError, MapItemError.

    A device lies on the ward and site among the places above its own; a service likewise.
    """
    left = Leftovers()
    resources = _Resources(files, left)
    places = _Places(resources.of(_Location))
    devices = [
        found for told in resources.of(_Device) if (found := _device(told, places, left))
    ]
    placed = place(devices, known, mapping, left)
    items: list[AnyItem] = [*places.sites(), *placed.items]
    services = (_service(told, places, left) for told in resources.of(_Service))
    exchanges = (_exchange(told, left) for told in resources.of(_Endpoint))
    items += [each for each in (*services, *exchanges) if each]
    unique = {(type(each), each.id): each for each in reversed(items)}
    return Reading(
        items=as_mapped(reversed(unique.values()), mapping),
        rows=resources.rows,
        left=left.told(),
    )


class _Resources:
    """The resources of bundles, each with the names by which others may refer to it."""

    def __init__(self, files: Iterable[tuple[str, bytes]], left: Leftovers) -> None:
        self.rows = 0
        self._told: list[tuple[tuple[str, ...], _Base]] = []
        for name, content in files:
            bundle = decoded(content, _Bundle, name)
            if bundle.resource_type != "Bundle":
                raise UnreadableSourceError(
                    f"{name} is a {bundle.resource_type[:40]}, no Bundle"
                )
            if any(each.relation == "next" for each in bundle.link or ()):
                raise UnreadableSourceError(
                    f"{name} is one page of several",
                    "Ask with a larger _count, so that it comes as one.",
                )
            for entry in bundle.entry or ():
                self._take(name, entry, left)

    def _take(self, name: str, entry: _Entry, left: Leftovers) -> None:
        self.rows += 1
        if self.rows > MOST_RESOURCES:
            raise UnreadableSourceError(f"there are more than {MOST_RESOURCES} resources")
        content = bytes(entry.resource)
        sort = decoded(content, _Which, f"{name}, entry {self.rows}").resource_type
        if sort not in _READ:
            left.add("resources of types that are not read", sort)
            return
        told = decoded(content, _READ[sort], f"{name}, entry {self.rows}")
        names = (f"{sort}/{told.id or ''}", entry.full_url or "")
        if not told.own_id():
            left.add(f"{sort} without an id")
        elif told.status in _GONE:
            left.add(f"{sort} that is {told.status}", told.own_id())
        else:
            self._told.append((names, told))

    def of(self, sort: type[Some]) -> list[tuple[tuple[str, ...], Some]]:
        """Return the resources of a type with their names."""
        return [(names, each) for names, each in self._told if isinstance(each, sort)]


class _Places:
    """Locations by their names: which ward and which site lie above one."""

    def __init__(self, told: Sequence[tuple[tuple[str, ...], _Location]]) -> None:
        self._told = [each for _, each in told]
        self._by_name = {name: each for names, each in told for name in names if name}

    def sites(self) -> list[Place]:
        """Return sites, and buildings that lie in none."""
        found = (each for each in self._told if self._site(each) is each)
        return [
            Place(id=each.own_id(), name=_other(each.name, each.own_id())) for each in found
        ]

    def of(self, reference: _Reference | None) -> tuple[str, str]:
        """Return the id of the site and the name of the ward of a place; "" for none."""
        at = self._by_name.get((reference and reference.reference) or "")
        if at is None:
            return "", ""
        site = self._site(at)
        ward = next((each for each in self._above(at) if _WARD in _codes(each)), None)
        return (
            site.own_id() if site else "",
            (ward.name or ward.own_id()) if ward else "",
        )

    def _site(self, at: _Location) -> _Location | None:
        """Return the outermost site or building above a place, itself included."""
        sites = [each for each in self._above(at) if _SITES & _codes(each)]
        return sites[-1] if sites else None

    def _above(self, at: _Location) -> Iterator[_Location]:
        here: _Location | None = at
        for _ in range(_DEEPEST):  # places may lie in a circle
            if here is None:
                return
            yield here
            within = here.part_of
            here = self._by_name.get((within and within.reference) or "")


def _codes(place_told: _Location) -> frozenset[str]:
    concepts = (place_told.physical_type, place_told.form)
    return frozenset(code for each in concepts if each for code in each.codes())


def _other(name: str | None, own: str) -> str:
    return name if name and name != own else ""


def _device(
    told: tuple[tuple[str, ...], _Device], places: _Places, left: Leftovers
) -> Found | None:
    _, device = told
    site, ward = places.of(device.location)
    if not ward:
        left.add("wards, which are not told of devices that were taken", device.own_id())
    names = (*(device.device_name or ()), *(device.name or ()))
    called = next((text for each in names if (text := each.name or each.value)), "")
    return Found(
        names=(device.own_id(),),
        named_whole=True,
        kind="device",
        fields={
            "name": called,
            "maker": device.manufacturer or "",
            "model": device.model_number or "",
            "site": site,
            "ward": ward,
        },
    )


def _service(
    told: tuple[tuple[str, ...], _Service], places: _Places, left: Leftovers
) -> Service | None:
    _, service = told
    if service.active is False:
        left.add("HealthcareService that is inactive", service.own_id())
        return None
    at = [places.of(each) for each in service.location or ()]
    return Service(
        id=service.own_id(),
        name=_other(service.name, service.own_id()),
        site=next((site for site, _ in at if site), ""),
        wards=tuple(dict.fromkeys(ward for _, ward in at if ward)),
    )


def _exchange(told: tuple[tuple[str, ...], _Endpoint], left: Leftovers) -> Exchange | None:
    _, endpoint = told
    by = endpoint.managing_organization
    neighbour = by and (by.display or (by.reference or "").rpartition("/")[2])
    if not neighbour:
        left.add("Endpoint without a managing organization", endpoint.own_id())
        return None
    return Exchange(
        id=endpoint.own_id(),
        name=_other(endpoint.name, endpoint.own_id()),
        neighbour=as_id(neighbour),
    )
