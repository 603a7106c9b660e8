"""What the hospital is for: its services, what each needs, and what it falls back on."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import ClassVar, Literal

from typing_extensions import override

from wardkeep.hospital.map.errors import MapItemError
from wardkeep.hospital.map.item import Item

HOURS_OF_A_WEEK = 168


class Mode(StrEnum):
    """How a service works, the best first."""

    FULL = "full"
    DEGRADED = "degraded"
    PAPER = "paper"
    DIVERTED = "diverted"
    CLOSED = "closed"

    @property
    def depth(self) -> int:
        """0 for full to 4 for closed: how much worse it is."""
        return tuple(Mode).index(self)


LOST = frozenset({Mode.DIVERTED, Mode.CLOSED})
"""In these a service treats nobody here: what needs it goes without."""


Role = Literal[
    "",
    "emergency",
    "intensive care",
    "theatres",
    "wards",
    "outpatients",
    "maternity",
    "dialysis",
    "oncology",
    "laboratory",
    "imaging",
    "pharmacy",
]


class Service(Item, frozen=True, tag="service"):
    """A service to patients, or one without which the house does not go on.

    `week`: patients an hour; one number for every hour, or 168 from Monday 00:00 local time.
    `a_day`: patients a day, where no more is known. `euros`: revenue of one patient. `role`:
    what it is in every hospital, for papers that ask for the day the laboratory is back.
    """

    REFERS: ClassVar[Mapping[str, tuple[str, ...]]] = {"site": ("site",)}

    site: str = ""
    wards: tuple[str, ...] = ()
    sort: Literal["clinical", "support", "office", "home"] = "clinical"
    role: Role = ""
    a_day: float | None = None
    week: tuple[float, ...] = ()
    euros: float | None = None

    @override
    def __post_init__(self) -> None:
        """Refuse a week that is none; raises MapItemError."""
        super().__post_init__()
        if len(self.week) not in {0, 1, HOURS_OF_A_WEEK} or min(self.week, default=0) < 0:
            raise MapItemError(
                f"week of service {self.id!r}: 1 or {HOURS_OF_A_WEEK} numbers, none below 0"
            )

    @property
    def patients_a_day(self) -> float | None:
        """Patients of an average day; None where nobody said, and for offices."""
        if self.sort == "office":
            return None
        if not self.week:
            return self.a_day
        return sum(self.week) * 24 / len(self.week)


class Need(Item, frozen=True, tag="need"):
    """A service needs `at_least` of some things, all if not said; else it works `without`."""

    REFERS: ClassVar[Mapping[str, tuple[str, ...]]] = {
        "service": ("service",),
        "of": (
            "application",
            "server",
            "workstations",
            "device",
            "building",
            "service",
            "segment",
            "exchange",
            "supplier",
        ),
    }

    service: str
    of: tuple[str, ...]
    at_least: int | None = None
    without: Mode = Mode.CLOSED


class Fallback(Item, frozen=True, tag="fallback"):
    """What a service does when it cannot work in full: at best in `mode`.

    It starts after so many minutes, treats `share` of the usual patients, and holds for
    `holds_hours`, after which `share_after` is left: staff trained for three to five days of
    paper met thirty (Corbeil-Essonnes 2022, University of Vermont 2020).
    """

    REFERS: ClassVar[Mapping[str, tuple[str, ...]]] = {
        "service": ("service",),
        "needs": (
            "application",
            "server",
            "workstations",
            "device",
            "building",
            "service",
            "exchange",
        ),
    }

    service: str
    mode: Mode = Mode.PAPER
    needs: tuple[str, ...] = ()
    starts_after_minutes: float = 0.0
    share: float | None = None
    holds_hours: float | None = None
    share_after: float | None = None


class HomePatients(Item, frozen=True, tag="home"):
    """Patients at home who are watched from afar."""

    REFERS: ClassVar[Mapping[str, tuple[str, ...]]] = {
        "needs": ("application", "supplier", "exchange"),
    }

    patients: int | None = None
    needs: tuple[str, ...] = ()
    when_it_fails: str = ""
