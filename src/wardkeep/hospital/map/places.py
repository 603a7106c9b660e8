"""Where things stand and what carries them: sites, network segments, building services."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, Literal

from wardkeep.hospital.map.item import Item

Ports = Literal["any", "management", "file", "web", "database", "clinical"]
"""Classes of ports between segments: remote desktop and shells, shares, pages, databases, and
HL7, DICOM, FHIR."""
TAKEN_BY: frozenset[Ports] = frozenset({"any", "management", "file"})
"""Over these, who holds one machine takes others: shares, remote desktop and shells."""
Zone = Literal[
    "servers", "office", "clinical", "medical", "building", "administration", "guest", "outside"
]


class Place(Item, frozen=True, tag="site"):
    """A building or campus; `beds` inpatient beds."""

    beds: int | None = None


class Segment(Item, frozen=True, tag="segment"):
    """A part of the network within which machines reach each other; `networks` as CIDR."""

    REFERS: ClassVar[Mapping[str, tuple[str, ...]]] = {"site": ("site",)}

    site: str = ""
    zone: Zone | None = None
    networks: tuple[str, ...] = ()


class Reach(Item, frozen=True, tag="reach"):
    """Machines of one segment reach those of another by a class of ports."""

    REFERS: ClassVar[Mapping[str, tuple[str, ...]]] = {
        "source": ("segment",),
        "target": ("segment",),
    }

    source: str
    target: str
    ports: Ports = "any"


class BuildingService(Item, frozen=True, tag="building"):
    """Electricity, generator, lift, doors, medical gas, ventilation, fridges, nurse call.

    `by_hand`: it works on when its controllers are lost.
    """

    REFERS: ClassVar[Mapping[str, tuple[str, ...]]] = {
        "site": ("site",),
        "controllers": ("device", "server"),
    }

    site: str = ""
    controllers: tuple[str, ...] = ()
    by_hand: bool | None = None
