"""The simulated hospital as others use it: messages to send, and the true chart.

The same seed, start and size give the same messages, byte for byte.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from random import Random

from wardkeep.chart.model import PatientChart
from wardkeep.chart.plain import plain
from wardkeep.kernel.times import DAY, HOUR, MINUTE, SECOND
from wardkeep.sample.agenda import CLINICS, Agenda
from wardkeep.sample.analyses import DAILY, OCCASIONAL
from wardkeep.sample.days import Days
from wardkeep.sample.desk import Desk, Sent
from wardkeep.sample.group import Care
from wardkeep.sample.hl7 import LocalTime
from wardkeep.sample.house import House, Size
from wardkeep.sample.movements import Movements
from wardkeep.sample.people import People
from wardkeep.sample.rounds import Rounds
from wardkeep.sample.traps import Planting, Trap
from wardkeep.sample.treatment import ONCOLOGY
from wardkeep.sample.truth import chart_of

# How often things happen, per thousand patients and day; invented, in the order of what a
# group of that size tells of itself.
_ADMISSIONS, _TRANSFERS, _SWAPS, _LEAVES, _REVISIONS, _FOUND = 110, 70, 8, 30, 900, 25
_BLOODS, _PICTURES, _CYTOTOXICS = 400, 200, 120
"""Asked for beside the mornings, day and night: departments of that size are never silent."""
_USUAL = 45
"""Messages a patient and day that the above and the rounds cause; the rest are repetitions."""


class Hospital:
    """A group of hospitals on a given day.

    `start` (UTC microseconds) is when live time begins; what `first_fill` sends lies before it.
    """

    def __init__(
        self,
        seed: int,
        start: int,
        size: Size | None = None,
        fhir: frozenset[str] = frozenset(),
    ) -> None:
        """`fhir` are the feeds whose systems speak FHIR R4; life in the house is the same."""
        self.start = start // SECOND * SECOND
        self.size = size or Size()
        chance = Random(f"wardkeep sample {seed}")
        clock = LocalTime()
        self._chance = chance
        self._began = self.start - self.size.history_hours * HOUR
        self._desk = Desk(chance, clock, self._began, fhir)
        self._house = House(chance, People(chance, clock, self._began), self.size)
        self._rounds = Rounds(self._desk, self.size.charted_hours * HOUR)
        self._days = Days(self._desk, self.size.look_back_days)
        self._movements = Movements(self._desk, self._house, self._rounds, self._days)
        self._agenda = Agenda(self._desk)
        self._planting = Planting(
            self._desk, self._house, self._movements, self._rounds, self._days, self._agenda
        )
        self._desk.plan(self._began, self._open)
        self._desk.plan(self.start, self._wake)

    def first_fill(self) -> Iterator[Sent]:
        """Yield every message that builds the state at `start`, in the order of sending."""
        yield from self._desk.run(self.start)

    def live(self, until: int) -> Iterator[Sent]:
        """Yield what is sent after `start` or the last call, up to `until`, in that order."""
        yield from self._desk.run(until)

    def records(self) -> list[str]:
        """Return the record numbers that a reader may know now, merged ones left out."""
        return [
            person.record
            for person in self._house.persons.values()
            if person.said is not None and person.merged_into is None
        ]

    @property
    def traps(self) -> dict[str, Trap]:
        """The planted traps by name; empty before `first_fill` has begun."""
        return self._planting.traps

    def true_chart(self, record: str) -> dict[str, object]:
        """Return `true_patient` as plain values, as `chart.plain.plain` gives them."""
        return plain(self.true_patient(record))

    def true_patient(self, record: str) -> PatientChart:
        """Return what a reader of all messages sent so far must know; KeyError if unknown.

        Sources name feed, message, event and MSH-7; their `sequence` is 0.
        """
        return chart_of(self._house.persons[record].one())

    def _open(self) -> None:
        """Tell of those who lie in the house and of the visits booked for the next week."""
        house = self._house
        self._planting.plant(self.start)
        total = sum(ward.beds for ward in house.wards)
        wanted = min(self.size.patients, total)
        filled = beds = 0
        planted = Counter(stay.bed.ward for _, stay in house.current.values())
        for ward in house.wards:
            beds += ward.beds
            until = round(wanted * beds / total)
            for _ in range(until - filled - planted.get(ward.code, 0)):
                self._settle(ward.code, ward.care)
            filled = until
        self._book()
        self._desk.flawless = False
        self._repeat(_ADMISSIONS, self._movements.arrive)
        self._repeat(_TRANSFERS, self._movements.transfer)
        self._repeat(_SWAPS, self._movements.swap)
        self._repeat(_LEAVES, self._movements.weekend)
        self._repeat(_REVISIONS, self._revise)
        self._repeat(_FOUND, self._movements.find_allergy)
        self._repeat(_BLOODS, self._draw)
        self._repeat(_PICTURES, self._picture)
        self._repeat(_CYTOTOXICS, self._say_cytotoxic)

    def _settle(self, ward: str, care: Care) -> None:
        house = self._house
        bed = house.take_bed(ward)
        if bed is not None:
            person = house.newcomer(care)
            admitted = house.admitted_before(self._began, care)
            self._movements.settle(person, house.stay(person, bed, admitted, self._began))

    def _book(self) -> None:
        chance, house = self._chance, self._house
        patients = list(house.persons.values())
        for index in range(self.size.appointments):
            if index % 6 == 5:  # noqa: PLR2004  some come twice or lie in the house
                person = chance.choice(patients)
            else:
                person = house.newcomer(Care.MEDICINE)
                patients.append(person)
            day = self._desk.clock.days_later(self.start // DAY * DAY, chance.randint(0, 6))
            start = day + chance.randint(7 * 12, 15 * 12) * 5 * MINUTE
            self._agenda.book(
                person, chance.choice(CLINICS), chance.choice(house.doctors), start
            )

    def _repeat(self, per_day: float, action: Callable[[], None]) -> None:
        """Let something happen again and again; rates are per day and 1,000 patients."""
        rate = per_day * self.size.patients / 1000
        self._every(rate, action)

    def _every(self, per_day: float, action: Callable[[], None]) -> None:
        gap = max(int(self._chance.expovariate(per_day / DAY)), 1)

        def happen() -> None:
            action()
            self._every(per_day, action)

        self._desk.plan(self._desk.now + gap, happen)

    def _wake(self) -> None:
        """From the start of live time on systems repeat themselves as real ones do."""
        rate = self.size.messages_a_day - _USUAL * self.size.patients
        if rate > 0:
            self._every(rate, self._chatter)

    def _draw(self) -> None:
        _, stay = self._chance.choice(list(self._house.current.values()))
        if stay.owner is not None and stay.open and not stay.pinned:
            self._days.draw(stay.owner, stay, self._chance.choice((*DAILY, *OCCASIONAL)))

    def _picture(self) -> None:
        _, stay = self._chance.choice(list(self._house.current.values()))
        if stay.owner is not None and stay.open and not stay.pinned:
            self._days.picture(stay.owner, stay)

    def _say_cytotoxic(self) -> None:
        stays = [stay for _, stay in self._house.current.values() if stay.open]
        self._rounds.say_again(stays, ONCOLOGY)

    def _revise(self) -> None:
        _, stay = self._chance.choice(list(self._house.current.values()))
        if stay.owner is not None and stay.open and not stay.pinned:
            self._rounds.revise(stay.owner, stay)

    def _chatter(self) -> None:
        """Repeat what is known of somebody: most of the traffic of a real interface."""
        drawn = self._chance.random()
        if drawn > 0.93 and self._agenda.visits:  # noqa: PLR2004
            visit = self._chance.choice(self._agenda.visits)
            event = "S14" if visit.done else self._change_of_plan()
            if event == "S13":
                visit.start = self._desk.clock.days_later(visit.start, 7)
            self._agenda.send(visit, event)
            return
        _, stay = self._chance.choice(list(self._house.current.values()))
        if stay.owner is None or not stay.open:
            return
        if drawn < 0.7:  # noqa: PLR2004
            self._movements.desk_of_admissions.update(stay.owner, stay)
        elif drawn < 0.88:  # noqa: PLR2004
            self._rounds.repeat(stay)
        else:
            self._days.nursing.watch(stay.owner, stay)

    def _change_of_plan(self) -> str:
        return self._chance.choices(("S14", "S13", "S15", "S26"), (90, 5, 4, 1))[0]
