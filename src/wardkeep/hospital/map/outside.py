"""Who is connected from outside: suppliers, their accesses, other hospitals, exchanges."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, Literal

from wardkeep.hospital.map.item import Item

Channel = Literal["infection", "credentials", "dependency", "disconnection"]
"""How harm crosses: a machine is taken over, a password is used, a service is missing, a link
is cut in defence."""


class Supplier(Item, frozen=True, tag="supplier"):
    """A firm, and what its contract says.

    `notifies_within_hours`: its duty to tell of an incident (NIS2, article 21(2)(d)).
    `reviewed`: when the contract was last looked at (ISO 8601).
    """

    notifies_within_hours: float | None = None
    exit_plan: bool | None = None
    reviewed: str = ""


class RemoteAccess(Item, frozen=True, tag="access"):
    """A way in from outside. `standing`: open without being asked for."""

    REFERS: ClassVar[Mapping[str, tuple[str, ...]]] = {
        "supplier": ("supplier", "neighbour"),
        "targets": ("server", "segment", "device"),
    }

    supplier: str
    targets: tuple[str, ...] = ()
    standing: bool | None = None
    second_factor: bool | None = None
    recorded: bool | None = None


class Neighbour(Item, frozen=True, tag="neighbour"):
    """Another hospital, a practice, a laboratory, a national service."""

    sort: Literal["hospital", "practice", "laboratory", "national"] = "hospital"
    country: str = ""
    beds: int | None = None


class Exchange(Item, frozen=True, tag="exchange"):
    """What is exchanged with a neighbour, over what, and how harm could cross it.

    `can_be_cut` by the hospital itself; `when_cut`: what care does then.
    """

    REFERS: ClassVar[Mapping[str, tuple[str, ...]]] = {
        "neighbour": ("neighbour",),
        "ends_at": ("server", "segment", "application"),
    }

    neighbour: str
    carries: str = ""
    channels: tuple[Channel, ...] = ()
    ends_at: tuple[str, ...] = ()
    can_be_cut: bool | None = None
    when_cut: str = ""
