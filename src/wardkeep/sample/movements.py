"""Coming, moving and going: who is admitted, changes bed, leaves, or turns out to be known."""

from __future__ import annotations

from wardkeep.chart.model import Allergy, Location
from wardkeep.kernel.times import DAY, HOUR, MINUTE, SECOND
from wardkeep.sample import conditions
from wardkeep.sample.admissions import Admissions
from wardkeep.sample.days import Days
from wardkeep.sample.desk import Desk
from wardkeep.sample.group import ICU_NOT_FED, Care
from wardkeep.sample.house import House
from wardkeep.sample.merging import merge
from wardkeep.sample.people import NOBODY
from wardkeep.sample.rounds import Rounds
from wardkeep.sample.world import Person, Stay

_READMITTED = 0.15  # shares invented for the sample
_UNKNOWN = 0.03
_MISTAKEN = 0.02


_GENERAL = frozenset(
    {
        Care.INTENSIVE,
        Care.CARDIOLOGY,
        Care.SURGERY,
        Care.ORTHOPAEDICS,
        Care.MEDICINE,
        Care.PNEUMOLOGY,
        Care.NEUROLOGY,
        Care.GERIATRICS,
        Care.ONCOLOGY,
        Care.NEPHROLOGY,
        Care.REHABILITATION,
    }
)
"""Kinds of wards between which adults are moved; the others keep their own."""


def _fits(target: Care, now: Care) -> bool:
    return target is now or {target, now} <= _GENERAL


class Movements:
    """Lets people come and go; keeps beds, prescriptions and plans in step."""

    def __init__(self, desk: Desk, house: House, rounds: Rounds, days: Days) -> None:
        self._desk = desk
        self._house = house
        self._rounds = rounds
        self._days = days
        self.desk_of_admissions = Admissions(desk)

    def age(self, person: Person) -> int:
        """Return somebody's age in years."""
        return (self._desk.clock.local(self._desk.now).date() - person.born).days // 365

    def settle(self, person: Person, stay: Stay) -> None:
        """Admit somebody who was in the house before messages began."""
        self.desk_of_admissions.admit(person, stay, at=stay.admitted_at)
        self._rounds.begin(person, stay, stay.admitted_at + HOUR)
        self._days.arrive(person, stay, stay.admitted_at + 10 * MINUTE, self.age(person))
        self._days.look_back(person, stay)
        self._days.go_on(stay)
        self._desk.plan(stay.leaves_at, lambda: self._go(stay))

    def arrive(self) -> None:
        """Admit somebody now, if a bed is free."""
        chance, house = self._desk.chance, self._house
        wards = [ward for ward in house.wards if house.free[ward.code]]
        if not wards:
            return
        ward = chance.choices(wards, [len(house.free[one.code]) for one in wards])[0]
        if chance.random() < _UNKNOWN:
            self._arrive_unknown(ward.code, ward.care)
            return
        person = self._somebody(ward.care)
        self.admit(person, ward.code)

    def _somebody(self, care: Care) -> Person:
        if self._desk.chance.random() < _READMITTED:
            inside = {one.record for one, _ in self._house.current.values()}
            known = [
                one
                for one in self._house.persons.values()
                if one.stays
                and one.dead is None
                and one.record not in inside
                and one.merged_into is None
                and not any(stay.pinned for stay in one.stays.values())
            ]
            if known:
                return self._desk.chance.choice(known)
        return self._house.newcomer(care)

    def admit(self, person: Person, ward: str) -> Stay | None:
        """A01 now, then prescriptions, first blood and the plan of the stay."""
        house, now = self._house, self._desk.now
        bed = house.take_bed(ward)
        if bed is None:
            return None
        stay = house.stay(person, bed, now, now)
        stay.admitted_at = now // SECOND * SECOND
        self.desk_of_admissions.admit(person, stay, at=stay.admitted_at)
        age = self.age(person)
        soon = now + self._desk.chance.randint(20 * MINUTE, 70 * MINUTE)
        self._desk.plan(soon, lambda: self._begin(stay, age))
        if self._desk.chance.random() < _MISTAKEN:
            self._desk.plan(now + 12 * MINUTE, lambda: self._undo(stay))
        self._desk.plan(stay.leaves_at, lambda: self._go(stay))
        self._days.go_on(stay)
        return stay

    def _undo(self, stay: Stay) -> None:
        if stay.open and stay.owner is not None:
            self.desk_of_admissions.cancel_admission(stay.owner, stay)
            self._house.free[stay.bed.ward].append(stay.bed)
            self._house.current.pop(stay.visit, None)

    def find_allergy(self) -> None:
        """Let somebody tell of an allergy that nobody knew."""
        chance = self._desk.chance
        _, stay = chance.choice(list(self._house.current.values()))
        substance, kind, reaction = chance.choice(conditions.ALLERGENS)
        if stay.owner is None or stay.pinned or not stay.open:
            return
        known = {one.substance.code for one in stay.owner.true_allergies or ()}
        if substance.code not in known:
            severity = conditions.severity(chance, reaction)
            allergy = Allergy(
                substance=substance,
                kind=kind,
                severity=severity,
                reactions=(reaction,),
                source=NOBODY,
            )
            self.desk_of_admissions.learn(stay.owner, stay, allergy)

    def _begin(self, stay: Stay, age: int) -> None:
        if stay.open and stay.owner is not None:
            self._rounds.begin(stay.owner, stay, self._desk.now)
            self._days.arrive(stay.owner, stay, self._desk.now, age)

    def _arrive_unknown(self, ward: str, care: Care) -> None:
        """Admit somebody under a new number who turns out to have an old one: A40 follows."""
        known = self._house.newcomer(care)
        double = self._house.add(self._house.people.again(known))
        stay = self.admit(double, ward)
        if stay is None:
            return
        later = self._desk.now + self._desk.chance.randint(2 * HOUR, 9 * HOUR)
        self._desk.plan(later, lambda: self.join(double, known, stay))

    def join(self, double: Person, known: Person, stay: Stay) -> None:
        """Tell that two records are one person; what is sent from now on has the old number."""
        merge(self._desk, double, known)
        stay.owner = known
        self._rounds.hand_over(stay, known)
        if stay.visit in self._house.current:
            self._house.current[stay.visit] = (known, stay)
        if stay.open:
            self._desk.plan(
                self._desk.now + MINUTE, lambda: self.desk_of_admissions.update(known, stay)
            )

    def transfer(self) -> None:
        """Move somebody to another bed; one transfer in ten is taken back."""
        chance, house = self._desk.chance, self._house
        _, stay = chance.choice(list(house.current.values()))
        if stay.pinned:
            return
        near = [
            ward.code
            for ward in house.wards
            if house.free[ward.code] and _fits(ward.care, house.care[stay.bed.ward])
        ]
        same = [code for code in near if code == stay.bed.ward]
        if not near or stay.owner is None:
            return
        target = chance.choice(same if same and chance.random() < 1 / 2 else near)
        bed = house.take_bed(target)
        if bed is None:
            return
        before = stay.bed
        moved = self.desk_of_admissions.transfer(stay.owner, stay, bed)
        if chance.random() < 0.1 and target == before.ward:  # noqa: PLR2004
            back = self._desk.now + chance.randint(3 * MINUTE, 30 * MINUTE)
            self._desk.plan(back, lambda: self._take_back(stay, moved, before))
            return
        house.free[before.ward].append(before)
        self._change_care(stay, before.ward)

    def _take_back(self, stay: Stay, moved: int, before: Location) -> None:
        if not stay.open or stay.owner is None:
            self._house.free[before.ward].append(before)
            return
        self._house.free[stay.bed.ward].append(stay.bed)
        self.desk_of_admissions.cancel_transfer(stay.owner, stay, moved, before)

    def _change_care(self, stay: Stay, before: str) -> None:
        """End the ward's prescriptions for the unit that sends none, and the other way."""
        if stay.owner is None or ICU_NOT_FED not in (before, stay.bed.ward):
            return
        if before == stay.bed.ward:
            return
        self._rounds.stop_all(stay, told=before != ICU_NOT_FED)
        self._rounds.begin(stay.owner, stay, self._desk.now)

    def swap(self) -> None:
        """Let two patients of one ward change beds."""
        chance, house = self._desk.chance, self._house
        _, first = chance.choice(list(house.current.values()))
        others = [
            stay
            for _, stay in house.current.values()
            if stay.bed.ward == first.bed.ward and stay is not first and not stay.pinned
        ]
        if others and first.owner is not None and not first.pinned:
            second = chance.choice(others)
            if second.owner is not None:
                pair = ((first.owner, first), (second.owner, second))
                self.desk_of_admissions.swap(*pair)

    def _go(self, stay: Stay) -> None:
        """Discharge; one in thirty is taken back within the hour."""
        if not stay.open or stay.owner is None:
            return
        chance = self._desk.chance
        stay.away = False
        self._rounds.stop_all(stay, told=stay.bed.ward != ICU_NOT_FED)
        dead = chance.random() < (0.6 if stay.care == Care.PALLIATIVE.value else 0.02)
        self.desk_of_admissions.discharge(stay.owner, stay, dead=dead)
        if not dead and chance.random() < 1 / 30:
            back = self._desk.now + chance.randint(5 * MINUTE, 55 * MINUTE)
            self._desk.plan(back, lambda: self._come_back(stay))
            return
        self._house.free[stay.bed.ward].append(stay.bed)
        self._house.current.pop(stay.visit, None)

    def _come_back(self, stay: Stay) -> None:
        if stay.owner is None:
            return
        stay.leaves_at = self._desk.now + DAY
        self.desk_of_admissions.cancel_discharge(stay.owner, stay)
        self._rounds.begin(stay.owner, stay, self._desk.now)
        self._days.go_on(stay)
        self._desk.plan(stay.leaves_at, lambda: self._go(stay))

    def weekend(self) -> None:
        """Let somebody of a psychiatric ward or a home go on leave for some hours."""
        at_home = {Care.PSYCHIATRY.value, Care.HOME.value, Care.REHABILITATION.value}
        able = [stay for _, stay in self._house.current.values() if stay.care in at_home]
        able = [stay for stay in able if stay.open and not stay.away]
        if not able:
            return
        stay = self._desk.chance.choice(able)
        self._leave(stay, back=False)
        hours = self._desk.chance.randint(3 * HOUR, 9 * HOUR)
        self._desk.plan(self._desk.now + hours, lambda: self._leave(stay, back=True))

    def _leave(self, stay: Stay, *, back: bool) -> None:
        if stay.open and stay.owner is not None:
            stay.away = not back
            self.desk_of_admissions.leave(stay.owner, stay, back=back)
