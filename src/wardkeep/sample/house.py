"""The house as it stands: who lies where, which beds are free, who may come next."""

from __future__ import annotations

from random import Random

import msgspec

from wardkeep.chart.model import Location
from wardkeep.kernel.times import DAY, HOUR, MINUTE
from wardkeep.sample.group import WARDS, Care, SampleWard
from wardkeep.sample.names import draw_names
from wardkeep.sample.people import People
from wardkeep.sample.world import Person, Stay

_ROOMS_FROM = 101
_STAY_DAYS = {
    Care.MATERNITY: 4,
    Care.PAEDIATRICS: 3,
    Care.SURGERY: 5,
    Care.CARDIOLOGY: 6,
    Care.ORTHOPAEDICS: 8,
    Care.GERIATRICS: 16,
    Care.REHABILITATION: 28,
    Care.PSYCHIATRY: 32,
    Care.HOME: 900,
}
_USUAL_DAYS = 7
DOCTORS = 90


class Size(msgspec.Struct, frozen=True):
    """How much is simulated. The defaults are the whole group."""

    wards: int = 40
    patients: int = 1000
    appointments: int = 6349
    """Visits booked for the next week: the number that the group struck in May 2022 lost."""
    messages_a_day: int = 300_000
    history_hours: int = 24
    look_back_days: int = 3
    """Days of laboratory results before the history, which the first fill tells as well."""
    charted_hours: int = 0
    """Hours of doses before the history, likewise: else a short one seems to be full of doses
    that nobody charted."""


TINY = Size(wards=2, patients=20, appointments=30, messages_a_day=6_000, history_hours=12)
"""Enough for a test: the intensive care unit that is not fed and the oncology ward."""

DEMO = Size(history_hours=8, look_back_days=1, charted_hours=24)
"""The whole group with a first fill of about 43,000 messages, for a demonstration."""


class House:
    """Keeps the beds, and every person that has a record number."""

    def __init__(self, chance: Random, people: People, size: Size) -> None:
        self._chance = chance
        self.people = people
        self.wards: tuple[SampleWard, ...] = WARDS[: size.wards]
        self.care = {ward.code: ward.care for ward in self.wards}
        self.persons: dict[str, Person] = {}
        self.current: dict[str, tuple[Person, Stay]] = {}
        """By visit: who lies in a bed now, in the order of coming."""
        self.free: dict[str, list[Location]] = {
            ward.code: [_bed(ward, index) for index in range(ward.beds)] for ward in self.wards
        }
        self.doctors = tuple(self._doctor(index) for index in range(DOCTORS))
        self._visits = 0

    def _doctor(self, index: int) -> str:
        names = draw_names(self._chance, self._chance.choice("FM"))
        return f"{10_000_000 + index * 7919}^{names.family}^{names.given}"

    def visit(self) -> str:
        """Return the next visit number."""
        self._visits += 1
        return f"V{2_200_000 + self._visits}"

    def add(self, person: Person) -> Person:
        """Give somebody a place among the persons known."""
        self.persons[person.record] = person
        return person

    def newcomer(self, care: Care) -> Person:
        """Return a new person."""
        return self.add(self.people.person(care))

    def take_bed(self, ward: str) -> Location | None:
        """Return a free bed of a ward and count it as taken, None when the ward is full."""
        beds = self.free[ward]
        return beds.pop(self._chance.randrange(len(beds))) if beds else None

    def stay(self, person: Person, bed: Location, admitted_at: int, now: int) -> Stay:
        """Return a stay of somebody in a bed, and count them in."""
        care = self.care[bed.ward]
        days = _STAY_DAYS.get(care, _USUAL_DAYS)
        length = int(days * DAY * (0.5 + self._chance.random()))
        stay = Stay(
            visit=self.visit(),
            bed=bed,
            care=care.value,
            attending=self._chance.choice(self.doctors),
            reason=person.true_problems[0].coding.text,
            admitted_at=admitted_at // MINUTE * MINUTE,
            leaves_at=max(admitted_at + length, now + 3 * HOUR),
            owner=person,
        )
        self.current[stay.visit] = (person, stay)
        return stay

    def admitted_before(self, now: int, care: Care) -> int:
        """Return when somebody who lies on such a ward now may have come."""
        days = _STAY_DAYS.get(care, _USUAL_DAYS)
        return now - int(self._chance.random() * days * DAY * 0.6) - 20 * MINUTE


def _bed(ward: SampleWard, index: int) -> Location:
    """Return bed number `index`: the first two rooms of a ward have one bed, the others two."""
    if index < 2:  # noqa: PLR2004  single rooms for isolation
        return Location(ward.code, str(_ROOMS_FROM + index), "A", ward.house)
    room, side = divmod(index - 2, 2)
    return Location(ward.code, str(_ROOMS_FROM + 2 + room), "AB"[side], ward.house)


def bed_names(ward: SampleWard) -> tuple[str, ...]:
    """Return the beds of a ward as `room-bed`."""
    beds = (_bed(ward, index) for index in range(ward.beds))
    return tuple(f"{bed.room}-{bed.bed}" for bed in beds)
