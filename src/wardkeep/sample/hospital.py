"""The simulated hospital as others use it: messages to send, and the true chart.

The same seed, start and size give the same messages, byte for byte.
"""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

from wardkeep.chart.model import PatientChart
from wardkeep.kernel.times import HOUR, SECOND
from wardkeep.sample.admissions import Admissions
from wardkeep.sample.desk import Desk, Sent
from wardkeep.sample.hl7 import LocalTime
from wardkeep.sample.house import House, Size
from wardkeep.sample.people import People
from wardkeep.sample.truth import chart_of


class Hospital:
    """A group of hospitals on a given day.

    `start` (UTC microseconds) is when live time begins; what `first_fill` sends lies before it.
    """

    def __init__(self, seed: int, start: int, size: Size | None = None) -> None:
        self.start = start // SECOND * SECOND
        self.size = size or Size()
        chance = Random(f"wardkeep sample {seed}")
        clock = LocalTime()
        self._began = self.start - self.size.history_hours * HOUR
        self._desk = Desk(chance, clock, self._began)
        self._house = House(chance, People(chance, clock, self._began), self.size)
        self._admissions = Admissions(self._desk)
        self._desk.plan(self._began, self._open)

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
            if person.said is not None and not person.merged_into
        ]

    def true_patient(self, record: str) -> PatientChart:
        """Return what a reader of all messages sent so far must know; KeyError if unknown.

        Sources name feed, message, event and MSH-7; their `sequence` is 0.
        """
        person = self._house.persons[record]
        while person.merged_into:
            person = self._house.persons[person.merged_into]
        return chart_of(person)

    def _open(self) -> None:
        """Let the first patients lie in their beds, told in an export of the census."""
        for person, stay in self._census():
            self._admissions.admit(person, stay, at=stay.admitted_at)

    def _census(self) -> Iterator[tuple]:  # type: ignore[type-arg]
        house, total = self._house, sum(ward.beds for ward in self._house.wards)
        wanted = min(self.size.patients, total)
        filled = 0
        for index, ward in enumerate(house.wards):
            beds = sum(each.beds for each in house.wards[: index + 1])
            until = round(wanted * beds / total)
            for _ in range(until - filled):
                bed = house.take_bed(ward.code)
                if bed is not None:
                    admitted = house.admitted_before(self._began, ward.care)
                    person = house.newcomer(ward.care)
                    yield person, house.stay(person, bed, admitted, self._began)
            filled = until
