"""One prescription as the simulated house knows it, and what a nurse writes of its doses."""

from __future__ import annotations

import msgspec

from wardkeep.sample.formulary import Medicine
from wardkeep.sample.world import Person, Stay

PHARMACY, ONCOLOGY = "pharmacy", "oncology"
NAMESPACES = {PHARMACY: "PHARMA", ONCOLOGY: "CYTO"}


class Treatment(msgspec.Struct, kw_only=True):
    """One prescription as the house knows it, told or not."""

    number: str
    feed: str
    person: Person
    stay: Stay
    medicine: Medicine
    amount: str
    rate: str
    prescriber: str
    verified: str
    start: int
    entered: int
    running: bool = True
    held: bool = False
    given: int = 0
    unit: str = ""
    """The unit as this system writes it, where it is not the medicine's."""
    uncharted: list[int] = []
    """When doses were given that nobody wrote down (UTC microseconds)."""

    @property
    def key(self) -> str:
        """The placer number with its namespace."""
        return self.placer

    @property
    def placer(self) -> str:
        """ORC-2."""
        return f"{self.number}^{NAMESPACES[self.feed]}"


class Charting(msgspec.Struct, frozen=True):
    """What a nurse writes of a dose: RXA-20, why not, how much where there is a range."""

    outcome: str = "CP"
    reason: str = ""
    amount: str = ""
