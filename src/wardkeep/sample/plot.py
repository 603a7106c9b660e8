"""A plot for traps: the people who make them, and how a patient comes to lie where wanted."""

from __future__ import annotations

import msgspec

from wardkeep.kernel.times import DAY, HOUR
from wardkeep.sample.agenda import Agenda
from wardkeep.sample.days import Days
from wardkeep.sample.desk import Desk
from wardkeep.sample.group import Care
from wardkeep.sample.house import House
from wardkeep.sample.movements import Movements
from wardkeep.sample.rounds import Rounds
from wardkeep.sample.world import Person, Stay


class Trap(msgspec.Struct, frozen=True, kw_only=True):
    """One trap; `orders` are the prescriptions it is about, `at` UTC microseconds."""

    name: str
    records: tuple[str, ...]
    ward: str
    shows: str
    orders: tuple[str, ...] = ()
    at: int | None = None


class Plot:
    """Lays patients of the sample into beds that they keep, and remembers the traps."""

    def __init__(
        self,
        desk: Desk,
        house: House,
        movements: Movements,
        rounds: Rounds,
        days: Days,
        agenda: Agenda,
    ) -> None:
        self._desk = desk
        self._house = house
        self._movements = movements
        self._rounds = rounds
        self._days = days
        self._agenda = agenda
        self.traps: dict[str, Trap] = {}

    def _ward(self, care: Care) -> str:
        wards = [ward.code for ward in self._house.wards if ward.care is care]
        return wards[0] if wards else self._house.wards[-1].code

    def _keep(self, trap: Trap) -> None:
        self.traps[trap.name] = trap

    def _lay(self, person: Person, ward: str) -> Stay:
        """Give somebody a bed that they keep for the days of the sample."""
        house, now = self._house, self._desk.now
        bed = house.take_bed(ward)
        if bed is None:
            raise LookupError(ward)
        stay = house.stay(person, bed, now - 2 * DAY - 3 * HOUR, now)
        stay.pinned = True
        stay.leaves_at = now + 12 * DAY
        self._movements.settle(person, stay)
        return stay

    def _patient(self, care: Care, sex: str = "") -> tuple[Person, Stay]:
        ward = self._ward(care)
        person = self._house.add(self._house.people.person(self._house.care[ward], sex=sex))
        return person, self._lay(person, ward)
