"""A past incident: what was known of it, and what came of it, each with its source."""

from __future__ import annotations

import math
from typing import Literal

import msgspec

Output = Literal[
    "share of servers lost",
    "day of the first theatre",
    "day the records are back",
    "day four in five applications are back",
    "day everything is back",
    "share of activity lost in week 1",
    "cost in euros",
]
OUTPUTS: tuple[Output, ...] = (
    "share of servers lost",
    "day of the first theatre",
    "day the records are back",
    "day four in five applications are back",
    "day everything is back",
    "share of activity lost in week 1",
    "cost in euros",
)
"""Days count from the detonation; the cost is that of bringing the house back, without lost
revenue."""
Copies = Literal["not known", "not needed"]
"""Whether servers come back as from a copy whatever was destroyed: copies stood, or the key was
given."""


class Known(msgspec.Struct, frozen=True, kw_only=True):
    """A number that went in: reported, or a prior where `spread` is above 0.

    `spread`: standard deviation of the logarithm around `value`. `source`: who says it, or why
    the prior is what it is.
    """

    value: float
    spread: float = 0.0
    source: str

    @property
    def is_prior(self) -> bool:
        """True where nobody reported the number."""
        return self.spread > 0


MACHINES_A_SERVER = Known(
    value=8.0,
    spread=0.55,
    source="prior: 4.3 (UVM), 5.3 (Cannes), 12 (Maersk) and 15 (HSE) machines a server",
)


A_BED = "prior: about a server for three beds, a guess"
HOUSE = Known(
    value=250.0, spread=0.6, source="prior: 300 (CHwapi) and 350 (Cannes) servers, often fewer"
)
GROUP = Known(
    value=400.0, spread=0.6, source="prior: several hospitals, 350 (Cannes) to 1,500 (UVM)"
)


NO_END = None


class Seen(msgspec.Struct, frozen=True, kw_only=True):
    """An outcome: exactly `low` where both are the same, else something from `low` to `high`.

    `high`: None where there is no upper end. `weak`: the source is second-hand, speaks of
    something near to what is scored, or was read out of other words; `source` tells.
    """

    output: Output
    low: float
    high: float | None
    source: str
    weak: bool = False

    @property
    def is_exact(self) -> bool:
        """True where one number was reported."""
        return self.low == self.high

    @property
    def point(self) -> float:
        """The number that a plain fit takes: the bound, or the middle on the log scale."""
        if self.high is None:
            return self.low
        return self.high if self.low <= 0 else math.sqrt(self.low * self.high)

    @property
    def most(self) -> float:
        """Upper end; infinite where there is none."""
        return math.inf if self.high is None else self.high


class Incident(msgspec.Struct, frozen=True, kw_only=True):
    """One incident.

    `sites`: those that were reported, else 1; `machines`: all, servers among them, None: drawn
    as MACHINES_A_SERVER says; `cut`: hours from the first encryption until everything is cut
    off, None: drawn as for any attack; `people` who restore at a time, None: as many a server
    as elsewhere, more or less; `day_and_night`: they do so 24 hours a day; `encrypted`: a
    report tells that machines were.
    """

    id: str
    name: str
    date: str
    hospital: bool
    sites: int
    servers: Known
    machines: Known | None
    cut: Known | None
    people: Known | None
    copies: Copies
    day_and_night: bool = False
    encrypted: bool = True
    seen: tuple[Seen, ...]

    @property
    def told(self) -> dict[str, Known | None]:
        """The numbers that go in, by what they are."""
        return {
            "servers": self.servers,
            "machines": self.machines,
            "hours until the cut": self.cut,
            "people who restore at a time": self.people,
        }

    @property
    def priors(self) -> tuple[str, ...]:
        """What goes in although nobody reported it."""
        unsaid = [name for name, each in self.told.items() if each is None or each.is_prior]
        if self.copies == "not known":
            unsaid.append("state of the copies")
        return (*unsaid, *(() if self.encrypted else ("whether anything was encrypted",)))


def exactly(output: Output, value: float, source: str, *, weak: bool = False) -> Seen:
    """Return an outcome that was told as one number."""
    return Seen(output=output, low=value, high=value, source=source, weak=weak)


def within(
    output: Output, low: float, high: float | None, source: str, *, weak: bool = False
) -> Seen:
    """Return an outcome that was told by its ends, or one of them: 0, NO_END."""
    return Seen(output=output, low=low, high=high, source=source, weak=weak)
