"""Who answers for things, who may enter where, and what was written down about it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, Literal

from wardkeep.hospital.map.item import Item


class Responsible(Item, frozen=True, tag="person"):
    """Somebody who answers for something: by role, not by private particulars."""

    role: str = ""
    deputy: str = ""


class Account(Item, frozen=True, tag="account"):
    """An account, or `people` alike.

    `sessions`: where its password or ticket lies in memory. `administers`: what it controls.
    `also_in`: hospitals where the same people work with the same password.
    """

    REFERS: ClassVar[Mapping[str, tuple[str, ...]]] = {
        "sessions": ("server", "workstations"),
        "administers": ("server", "workstations", "segment"),
        "supplier": ("supplier",),
        "also_in": ("neighbour",),
    }

    domain: str = ""
    sort: Literal["person", "service", "supplier"] = "person"
    tier: int | None = None
    people: int = 1
    sessions: tuple[str, ...] = ()
    administers: tuple[str, ...] = ()
    supplier: str = ""
    also_in: tuple[str, ...] = ()
    second_factor: bool | None = None


class Policy(Item, frozen=True, tag="policy"):
    """A rule of the house: approved and to be reviewed on which days, proved where."""

    approved: str = ""
    review: str = ""
    proof: str = ""
