"""The nurses' rounds: every prescription is given when it falls due, or not, and charted."""

from __future__ import annotations

from collections.abc import Sequence

from wardkeep.kernel.times import DAY, HOUR, MINUTE
from wardkeep.sample.desk import Desk
from wardkeep.sample.formulary import (
    AS_NEEDED,
    BASIC,
    BY_CARE,
    CHEMOTHERAPY,
    CRITICAL,
    INFUSIONS,
    Medicine,
)
from wardkeep.sample.group import ICU_NOT_FED, Care
from wardkeep.sample.hl7 import LocalTime
from wardkeep.sample.names import draw_names
from wardkeep.sample.prescribing import Prescribing
from wardkeep.sample.schedule import next_due
from wardkeep.sample.treatment import ONCOLOGY, PHARMACY, Charting, Treatment
from wardkeep.sample.world import Person, Stay

_REFUSALS = ("Refus du patient", "Nausées", "Patient endormi", "Patient à jeun")
_NOT_GIVEN = ("TA 88/50", "Patient en examen", "Glycémie 3,2 mmol/L", "Voie perdue")
_NURSES = 60
_IN_ERROR = 0.008
_GIVEN_OTHERWISE = {"C", "ONCE", "Q72H"}
_GIVEN, _REFUSED = 0.94, 0.97  # the rest is not given: shares invented for the sample


class Rounds:
    """Prescribes for those who come, gives what is due, changes and stops."""

    def __init__(self, desk: Desk, charted_before: int = 0) -> None:
        """Tell with each order the doses of `charted_before` (microseconds) before now."""
        self._desk, self._charted_before = desk, charted_before
        self._clock: LocalTime = desk.clock
        self.prescribing = Prescribing(desk)
        self.treatments: dict[str, list[Treatment]] = {}
        """By visit."""
        self._nurses = [self._nurse(number) for number in range(_NURSES)]

    def _nurse(self, number: int) -> str:
        names = draw_names(self._desk.chance, self._desk.chance.choice("FFFM"))
        return f"INF{number:03d}^{names.family}^{names.given}"

    def begin(self, person: Person, stay: Stay, since: int) -> None:
        """Prescribe what somebody on such a ward gets, as from `since`."""
        for medicine in self._choice(stay):
            feed = ONCOLOGY if medicine in CHEMOTHERAPY else PHARMACY
            self.start(person, stay, medicine, feed=feed, since=since)

    def start(
        self,
        person: Person,
        stay: Stay,
        medicine: Medicine,
        *,
        feed: str = PHARMACY,
        since: int | None = None,
        unit: str = "",
    ) -> Treatment:
        """Prescribe one medicine and plan its doses."""
        treatment = self.prescribing.prescribe(
            person,
            stay,
            medicine,
            feed=feed,
            start=since,
            unit=unit,
            told=stay.bed.ward != ICU_NOT_FED,
        )
        self.treatments.setdefault(stay.visit, []).append(treatment)
        if since is not None and self._charted_before and stay.bed.ward != ICU_NOT_FED:
            self._chart_back(treatment)
        self._plan(treatment)
        return treatment

    def _chart_back(self, treatment: Treatment) -> None:
        """Tell the doses that fell due before now, as an export of the record does."""
        medicine, now, chance = treatment.medicine, self._desk.now, self._desk.chance
        if medicine.needed_for or medicine.pattern in _GIVEN_OTHERWISE:
            return
        weekly = medicine.pattern.startswith("QJ")
        after = max(now - (8 * DAY if weekly else self._charted_before), treatment.start)
        while (due := next_due(medicine, treatment.start, after, self._clock)) <= now:
            at = min(due + chance.randint(0, 40 * MINUTE), now)
            self.apply(treatment, at)
            after = due

    def _choice(self, stay: Stay) -> list[Medicine]:
        chance, care = self._desk.chance, Care(stay.care)
        special = BY_CARE.get(care, ())
        chosen = chance.sample(special, chance.randint(len(special) // 2, len(special)))
        if care is Care.PAEDIATRICS:
            return chosen
        chosen += chance.sample(BASIC, chance.randint(2, 7))
        chosen += chance.sample(AS_NEEDED, chance.randint(1, 3))
        if care is Care.INTENSIVE:
            chosen += chance.sample(CRITICAL, 2)
        elif chance.random() < 0.18:  # noqa: PLR2004  about one bed in six has a drip
            chosen.append(chance.choice(INFUSIONS))
        if care is Care.ONCOLOGY and chance.random() < 1 / 3:
            chosen.append(chance.choice(CHEMOTHERAPY))
        seen: dict[str, Medicine] = {}
        for medicine in chosen:
            key = medicine.code + medicine.needed_for
            seen.setdefault(key, medicine)
        return list(seen.values())

    def _plan(self, treatment: Treatment) -> None:
        medicine, now, chance = treatment.medicine, self._desk.now, self._desk.chance
        if medicine.pattern == "ONCE":
            if treatment.given == 0:
                self._desk.plan(
                    now + chance.randint(HOUR, 9 * HOUR), lambda: self._round(treatment)
                )
            return
        if medicine.needed_for:
            at = now + int(chance.expovariate(1 / (14 * HOUR))) + 10 * MINUTE
        elif medicine.pattern == "C":
            at = now + chance.randint(50 * MINUTE, 70 * MINUTE)
        else:
            due = next_due(medicine, treatment.start, now, self._clock)
            at = due + chance.randint(0, 40 * MINUTE)
        self._desk.plan(at, lambda: self._round(treatment))

    def _round(self, treatment: Treatment) -> None:
        if not treatment.running or not treatment.stay.open:
            return
        if not treatment.held:
            self._give(treatment)
        self._plan(treatment)

    def _give(self, treatment: Treatment) -> None:
        chance, ward = self._desk.chance, treatment.stay.bed.ward
        nurse = chance.choice(self._nurses)
        charted = ward != ICU_NOT_FED
        drawn = 0.0 if treatment.medicine.pattern == "C" else chance.random()
        give = self.prescribing.give
        if drawn < _GIVEN:
            upper = treatment.medicine.upper
            amount = chance.choice((treatment.amount, upper)) if upper else ""
            dose = give(treatment, nurse, Charting(amount=amount), charted=charted)
            if dose is not None and chance.random() < _IN_ERROR:
                later = self._desk.now + chance.randint(2 * MINUTE, 40 * MINUTE)
                self._desk.plan(later, lambda: self.prescribing.take_back(treatment, dose))
        elif drawn < _REFUSED:
            entry = Charting("RE", chance.choice(_REFUSALS))
            give(treatment, nurse, entry, charted=charted)
        else:
            entry = Charting("NA", chance.choice(_NOT_GIVEN))
            give(treatment, nurse, entry, charted=charted)

    def revise(self, person: Person, stay: Stay) -> None:
        """Let a doctor change something: dose or rate, hold, release, stop, begin."""
        chance = self._desk.chance
        running = [one for one in self.treatments.get(stay.visit, ()) if one.running]
        if not running or stay.bed.ward == ICU_NOT_FED:
            return
        treatment = chance.choice(running)
        drawn = chance.random()
        if treatment.held:
            self._hold(treatment, held=False)
        elif drawn < 1 / 4:
            self._hold(treatment, held=True)
        elif drawn < 1 / 2 and not treatment.medicine.upper:
            self._change(treatment)
        elif drawn < 5 / 8:
            self.stop(treatment)
        elif drawn < 3 / 4 and not treatment.rate and not treatment.medicine.steps:
            self._replace(treatment)
        else:
            known = {one.medicine.code for one in running}
            fresh = [one for one in BASIC if one.code not in known]
            if fresh:
                self.start(person, stay, chance.choice(fresh))

    def _hold(self, treatment: Treatment, *, held: bool) -> None:
        treatment.held = held
        self.prescribing.send(treatment, "HD" if held else "RL")

    def _change(self, treatment: Treatment) -> None:
        if treatment.rate:
            treatment.rate = (
                f"{float(treatment.rate) * self._desk.chance.choice((0.8, 1.25)):g}"
            )
        elif not treatment.medicine.steps:
            treatment.amount = (
                f"{float(treatment.amount) * self._desk.chance.choice((0.5, 2)):g}"
            )
        self.prescribing.send(treatment, "XO")

    def _replace(self, old: Treatment) -> None:
        new = self.prescribing.prescribe(
            old.person, old.stay, old.medicine, feed=old.feed, told=False
        )
        new.amount = f"{float(old.amount) * 1.5:g}"
        old.running = False
        self.treatments[old.stay.visit].append(new)
        self.prescribing.replace(old, new)
        self._plan(new)

    def apply(self, treatment: Treatment, at: int, *, charted: bool = True) -> None:
        """Give a dose at a moment of its own, charted or forgotten."""
        nurse = self._desk.chance.choice(self._nurses)
        self.prescribing.give(treatment, nurse, at=at, charted=charted)

    def drop(self, stay: Stay, code: str) -> None:
        """Stop what somebody already has of a drug that is about to be prescribed anew."""
        for treatment in self.treatments.get(stay.visit, ()):
            if treatment.medicine.code == code and treatment.running:
                self.stop(treatment)

    def stop(self, treatment: Treatment, *, told: bool = True) -> None:
        """DC: stop one."""
        treatment.running = False
        if told:
            self.prescribing.send(treatment, "DC")

    def stop_all(self, stay: Stay, *, told: bool = True) -> None:
        """Stop everything of a stay, as at discharge."""
        for treatment in self.treatments.get(stay.visit, ()):
            if treatment.running:
                self.stop(treatment, told=told)

    def repeat(self, stay: Stay) -> None:
        """SC: the pharmacy says again where one of the prescriptions stands."""
        running = [one for one in self.treatments.get(stay.visit, ()) if one.running]
        if running and stay.bed.ward != ICU_NOT_FED:
            self.prescribing.send(self._desk.chance.choice(running), "SC")

    def say_again(self, stays: Sequence[Stay], feed: str) -> None:
        """SC: a system says again where one of its own prescriptions stands."""
        running = [
            one
            for stay in stays
            for one in self.treatments.get(stay.visit, ())
            if one.running and one.feed == feed
        ]
        if running:
            self.prescribing.send(self._desk.chance.choice(running), "SC")

    def hand_over(self, stay: Stay, person: Person) -> None:
        """Let the prescriptions of a stay be those of another record (a merge)."""
        for treatment in self.treatments.get(stay.visit, ()):
            treatment.person = person
