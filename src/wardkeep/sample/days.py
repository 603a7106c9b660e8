"""A patient's days: blood in the morning, vital signs, pictures, cultures."""

from __future__ import annotations

from wardkeep.kernel.times import DAY, HOUR, MINUTE
from wardkeep.sample import conditions
from wardkeep.sample.analyses import CULTURES, DAILY, OCCASIONAL, Panel
from wardkeep.sample.desk import Desk
from wardkeep.sample.group import Care
from wardkeep.sample.imaging import Imaging
from wardkeep.sample.imaging_words import EXAMINATIONS
from wardkeep.sample.laboratory import Laboratory, Request
from wardkeep.sample.nursing import Nursing
from wardkeep.sample.world import Person, Stay

_CORRECTED = 0.02
_OLD = 75


class Days:
    """Plans what is measured and looked at while somebody is in the house."""

    def __init__(self, desk: Desk, look_back_days: int) -> None:
        self._desk = desk
        self._look_back_days = look_back_days
        self.laboratory = Laboratory(desk)
        self.imaging = Imaging(desk)
        self.nursing = Nursing(desk)

    def arrive(self, person: Person, stay: Stay, at: int, age: int) -> None:
        """Weigh, ask about diet and isolation, talk about resuscitation."""
        chance = self._desk.chance
        self.nursing.weigh(person, stay, at)
        if chance.random() < 0.4:  # noqa: PLR2004  shares here are invented for the sample
            self.nursing.diet(person, stay, chance.choice(conditions.DIETS), at)
        if chance.random() < 0.08:  # noqa: PLR2004
            self.nursing.isolate(person, stay, chance.choice(conditions.ISOLATIONS), at)
        dying = stay.care == Care.PALLIATIVE.value
        if dying or (age >= _OLD and chance.random() < 0.45):  # noqa: PLR2004
            text = conditions.CODE_STATUSES[2 if dying else chance.randint(0, 3)]
            self.nursing.decide(person, stay, text, at, stay.attending)

    def look_back(self, person: Person, stay: Stay) -> None:
        """Tell in the first fill what the laboratory and imaging know of the last days."""
        chance, now = self._desk.chance, self._desk.now
        days = 1 if stay.care == Care.HOME.value else self._look_back_days
        for day in range(days, 0, -1):
            at = now - day * DAY + chance.randint(0, 3 * HOUR)
            for panel in DAILY:
                if at > stay.admitted_at:
                    self.laboratory.result(
                        self.laboratory.collect(person, stay, panel, at=at, told=False), "F"
                    )
        if chance.random() < 1 / 3:
            seen = self.imaging.ask(person, stay, chance.choice(EXAMINATIONS), told=False)
            self.imaging.report(seen, now - chance.randint(HOUR, DAY))
        if chance.random() < 0.06:  # noqa: PLR2004
            at = now - chance.randint(HOUR, DAY)
            request = self.laboratory.collect(person, stay, chance.choice(CULTURES), at=at)
            self._grow(request)

    def go_on(self, stay: Stay) -> None:
        """Plan the mornings and the vital signs from now on."""
        self._desk.plan(self._next_morning(), lambda: self._morning(stay))
        every = HOUR if stay.care == Care.INTENSIVE.value else 8 * HOUR
        first = self._desk.now + self._desk.chance.randint(MINUTE, every)
        self._desk.plan(first, lambda: self._watch(stay, every))

    def _next_morning(self) -> int:
        day = self._desk.now // DAY * DAY
        at = day + 5 * HOUR + self._desk.chance.randint(0, 2 * HOUR)
        return at if at > self._desk.now else at + DAY

    def _watch(self, stay: Stay, every: int) -> None:
        if stay.open and stay.owner is not None:
            self.nursing.watch(stay.owner, stay)
            spread = self._desk.chance.randint(-every // 8, every // 8)
            self._desk.plan(self._desk.now + every + spread, lambda: self._watch(stay, every))

    def _morning(self, stay: Stay) -> None:
        if not stay.open or stay.owner is None:
            return
        chance = self._desk.chance
        home = stay.care == Care.HOME.value
        if chance.random() < (0.1 if home else 0.6):
            for panel in DAILY:
                self.draw(stay.owner, stay, panel)
        if chance.random() < 0.12:  # noqa: PLR2004
            self.draw(stay.owner, stay, chance.choice(OCCASIONAL))
        if chance.random() < 0.03:  # noqa: PLR2004
            self._grow(self.laboratory.collect(stay.owner, stay, chance.choice(CULTURES)))
        if chance.random() < (0.01 if home else 0.1):
            self.picture(stay.owner, stay)
        self._desk.plan(self._next_morning(), lambda: self._morning(stay))

    def draw(self, person: Person, stay: Stay, panel: Panel) -> None:
        """Take blood now; results follow, some first preliminary, some corrected later."""
        request = self.laboratory.collect(person, stay, panel)
        chance, now = self._desk.chance, self._desk.now
        ready = now + self.laboratory.turnaround()
        if chance.random() < 0.15:  # noqa: PLR2004
            early = now + (ready - now) // 2
            self._desk.plan(early, lambda: self.laboratory.result(request, "P"))
        self._desk.plan(ready, lambda: self.laboratory.result(request, "F"))
        if chance.random() < _CORRECTED:
            wrong = chance.choice(panel.analyses).code
            later = ready + chance.randint(20 * MINUTE, 3 * HOUR)
            how = "C" if chance.random() < 3 / 4 else "W"
            self._desk.plan(later, lambda: self.laboratory.result(request, how, wrong))

    def _grow(self, request: Request) -> None:
        ready = request.collected + 2 * DAY + self._desk.chance.randint(0, 6 * HOUR)
        self._desk.plan(ready, lambda: self.laboratory.culture(request))

    def picture(self, person: Person, stay: Stay) -> None:
        """Ask for an examination now; the report follows within hours."""
        request = self.imaging.ask(person, stay, self._desk.chance.choice(EXAMINATIONS))
        taken = self._desk.now + self._desk.chance.randint(HOUR, 6 * HOUR)
        ready = taken + self._desk.chance.randint(10 * MINUTE, 2 * HOUR)
        self._desk.plan(ready, lambda: self.imaging.report(request, taken))
