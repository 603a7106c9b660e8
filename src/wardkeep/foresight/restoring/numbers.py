"""The numbers of a restore plan that no map holds: guesses, for a site to replace."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from wardkeep.foresight.restoring.errors import PlanNumbersError
from wardkeep.hospital.map.care import Mode

_MOST = 1_000_000


class Range(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A number with what it may be at least and at most."""

    low: float
    usual: float
    high: float

    def __post_init__(self) -> None:
        """Refuse an order that is none; raises PlanNumbersError."""
        if not 0 <= self.low <= self.usual <= self.high <= 1:
            raise PlanNumbersError(
                f"low {self.low}, usual {self.usual}, high {self.high}: not in order in 0 to 1"
            )


class PlanNumbers(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a plan takes where the map says nothing (an expert's guess each).

    `degraded`, `paper`, `diverted`, `closed`: the share of its patients that a service in the
    mode does not treat, where no fallback says its own. `clinical`, `home`, `support`,
    `office`: as how many patients one item of such a service counts: of a patient, a patient
    watched at home, an analysis or a call, an invoice. `tier0_hours` and so on: work on a
    server without `restore_hours`. `a_day`: patients of a service without a volume.
    `importance`: by id of a service, as how many of the usual patients one of its own counts.
    """

    degraded: Range = Range(low=0.1, usual=0.3, high=0.5)
    paper: Range = Range(low=0.3, usual=0.5, high=0.7)
    diverted: Range = Range(low=1.0, usual=1.0, high=1.0)
    closed: Range = Range(low=1.0, usual=1.0, high=1.0)
    clinical: float = 1.0
    home: float = 1.0
    support: float = 0.2
    office: float = 0.01
    a_day: float = 10.0
    tier0_hours: float = 6.0
    tier1_hours: float = 3.0
    tier2_hours: float = 1.0
    no_tier_hours: float = 4.0
    importance: dict[str, float] = {}

    def __post_init__(self) -> None:
        """Refuse what is below nothing; raises PlanNumbersError."""
        said = {each: getattr(self, each) for each in type(self).__struct_fields__}
        for name, value in (said | self.importance).items():
            if isinstance(value, float) and not 0 <= value <= _MOST:
                raise PlanNumbersError(f"{name} is {value}: not from 0 to {_MOST}")

    def not_treated(self, mode: Mode) -> Range:
        """Return the share of its patients that a service in a mode does not treat."""
        shares: Mapping[Mode, Range] = {
            Mode.FULL: Range(low=0.0, usual=0.0, high=0.0),
            Mode.DEGRADED: self.degraded,
            Mode.PAPER: self.paper,
            Mode.DIVERTED: self.diverted,
            Mode.CLOSED: self.closed,
        }
        return shares[mode]

    def hours(self, tier: int | None) -> float:
        """Return the hours of work on a server of a tier."""
        of_tier = {0: self.tier0_hours, 1: self.tier1_hours, 2: self.tier2_hours}
        return self.no_tier_hours if tier is None else of_tier.get(tier, self.no_tier_hours)
