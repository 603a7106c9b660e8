"""Twelve questions a ward, with answers from the simulator's truth, for readers of the paper.

    PYTHONPATH=src:. .venv/bin/python -m tests.reading.questions WARD --language fr --out FOLDER

Writes the ward's pages as pictures, `questions.md` for the reader, who has nothing else, and
`answers.json`. `--grade FILE` holds a reader's answers (JSON, number to text) against them: an
answer is right when it has every word that is wanted and none of another patient's.
Rates of errors and what was mended for them: docs/reading-test.md.
"""

from __future__ import annotations

import argparse
import json
import random
import subprocess
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import msgspec
from tests.stories.truth_on_paper import Facts, SampleHouse, true_order

from wardkeep.adapters.typst_press import typeset
from wardkeep.adapters.typst_words import translator
from wardkeep.chart.model import (
    AllergyState,
    DoseOutcome,
    MedicationOrder,
    OrderKind,
    OrderState,
    PatientChart,
)
from wardkeep.kernel.times import DAY
from wardkeep.pack.contents import ward_pack
from wardkeep.pack.high_risk import risk_of
from wardkeep.sample.house import DEMO

HOURS = 3


class Question(msgspec.Struct, frozen=True, kw_only=True):
    """One question; `wanted` are all of the texts that a right answer holds."""

    ask: str
    wanted: tuple[str, ...]
    forbidden: tuple[str, ...] = ()


class Ward:
    """The true charts of a ward, and questions about patients drawn by chance."""

    def __init__(
        self, house: SampleHouse, code: str, language: str, chance: random.Random
    ) -> None:
        self.house, self.chance = house, chance
        self.facts = Facts(house, language)
        self.charts = true_order(house.ward(code).charts, house)

    def bed(self, chart: PatientChart) -> str:
        at = chart.current.location.value  # type: ignore[union-attr]  # in-patients have one
        return f"{at.room}-{at.bed}"

    def some(self, fits: list[PatientChart]) -> PatientChart | None:
        return self.chance.choice(fits) if fits else None

    def running(self, chart: PatientChart) -> list[MedicationOrder]:
        return [each for each in chart.orders if each.state.value is OrderState.ACTIVE]

    def surname(self, chart: PatientChart) -> str:
        return chart.name.value.family if chart.name else ""

    def all(self) -> Iterator[Question | None]:
        yield from (self.who(), self.born(), self.allergy(listed=True), self.no_allergy())
        yield from (self.last_dose(), self.refused(), self.as_needed(), self.infusion())
        yield from (self.risky(), self.laboratory(), self.code_status(), self.weight())
        yield from (self.allergic_to(), self.kin(), self.allergy(listed=True))
        yield from (self.last_dose(), self.laboratory(), self.born(), self.who())

    def who(self) -> Question:
        chart = self.chance.choice(self.charts)
        return Question(
            ask=f"Who lies in bed {self.bed(chart)}? Surname and record number.",
            wanted=(self.surname(chart), chart.record),
        )

    def born(self) -> Question:
        chart = self.chance.choice(self.charts)
        return Question(
            ask=f"When was the patient in bed {self.bed(chart)} born?",
            wanted=(self.facts.born(chart),),
        )

    def allergy(self, *, listed: bool) -> Question | None:
        kinds = (AllergyState.LISTED,) if listed else (AllergyState.NONE_KNOWN,)
        chart = self.some([each for each in self.charts if each.allergies.state in kinds])
        if chart is None:
            return None
        return Question(
            ask=f"What is the patient in bed {self.bed(chart)} allergic to? All of it.",
            wanted=tuple({item.substance.text for item in chart.allergies.items}),
        )

    def no_allergy(self) -> Question | None:
        unknown = [
            each for each in self.charts if each.allergies.state is AllergyState.NOT_RECORDED
        ]
        chart = self.some(unknown)
        if chart is None:
            return None
        return Question(
            ask=f"May you give penicillin in bed {self.bed(chart)} without asking about"
            " allergies? Answer yes or no.",
            wanted=("no",),
        )

    def last_dose(self) -> Question | None:
        fits = [
            (chart, order, dose)
            for chart in self.charts
            for order in self.running(chart)
            for dose in chart.doses
            if dose.order == order.order
            and dose.outcome is DoseOutcome.GIVEN
            and dose.at.at > self.house.now - DAY
            and dose == next(d for d in chart.doses if d.order == order.order)
            and sum(o.drug.value.text == order.drug.value.text for o in chart.orders) == 1
        ]
        if not fits:
            return None
        chart, order, dose = self.chance.choice(fits)
        return Question(
            ask=f"Bed {self.bed(chart)}: when was {order.drug.value.text} last given, by the"
            " record?",
            wanted=(self.facts.time(dose.at.at).rpartition(" ")[2],),
        )

    def refused(self) -> Question | None:
        fits = [
            (chart, dose)
            for chart in self.charts
            for dose in chart.doses
            if dose.outcome in {DoseOutcome.REFUSED, DoseOutcome.HELD}
            and dose.at.at > self.house.now - DAY
            and dose.order in {each.order for each in self.running(chart)}
        ]
        if not fits:
            return None
        chart, dose = self.chance.choice(fits)
        when = self.facts.time(dose.at.at)
        return Question(
            ask=f"Bed {self.bed(chart)}: was the dose of {dose.drug.text} of {when} given?"
            " Answer yes or no.",
            wanted=("no",),
        )

    def as_needed(self) -> Question | None:
        fits = [
            (chart, order)
            for chart in self.charts
            for order in self.running(chart)
            if order.kind is OrderKind.AS_NEEDED and order.dose and order.as_needed_reason
        ]
        if not fits:
            return None
        chart, order = self.chance.choice(fits)
        return Question(
            ask=f"Bed {self.bed(chart)}: what dose of {order.drug.value.text} may be given as"
            " needed, at a time?",
            wanted=(order.dose.value.split(" ")[0],),  # type: ignore[union-attr]  # looked at
        )

    def infusion(self) -> Question | None:
        fits = [
            (chart, order)
            for chart in self.charts
            for order in self.running(chart)
            if order.kind is OrderKind.INFUSION and order.rate
        ]
        if not fits:
            return None
        chart, order = self.chance.choice(fits)
        return Question(
            ask=f"Bed {self.bed(chart)}: {order.drug.value.text} is running. At which rate does"
            " it run now, and how do you know?",
            wanted=("pump",),
        )

    def risky(self) -> Question | None:
        fits = [each for each in self.charts if any(risk_of(o) for o in self.running(each))]
        chart = self.some(fits)
        if chart is None:
            return None
        found = {o.drug.value.text for o in self.running(chart) if risk_of(o)}
        return Question(
            ask=f"Bed {self.bed(chart)}: which of the medicines are high-risk drugs? All.",
            wanted=tuple(sorted(found)),
        )

    def laboratory(self) -> Question | None:
        fits = [
            (chart, series)
            for chart in self.charts
            for series in chart.results
            if series.results[0].value.replace(".", "").isdigit() and not series.specimen
        ]
        if not fits:
            return None
        chart, series = self.chance.choice(fits)
        return Question(
            ask=f"Bed {self.bed(chart)}: what is the last value of {series.coding.text}?",
            wanted=(series.results[0].value,),
        )

    def code_status(self) -> Question | None:
        chart = self.some([each for each in self.charts if each.code_status])
        if chart is None:
            return None
        return Question(
            ask=f"Bed {self.bed(chart)}: what is the code status?",
            wanted=(chart.code_status[0].text,),
        )

    def weight(self) -> Question | None:
        chart = self.some([each for each in self.charts if each.weight])
        if chart is None or chart.weight is None:
            return None
        return Question(
            ask=f"Bed {self.bed(chart)}: what weight would you reckon a dose by?",
            wanted=(chart.weight.value.amount,),
        )

    def allergic_to(self) -> Question | None:
        told = [item.substance.text for c in self.charts for item in c.allergies.items]
        rare = [each for each in told if told.count(each) <= 3]
        if not rare:
            return None
        substance = self.chance.choice(sorted(set(rare)))
        fits = [
            c for c in self.charts if substance in {i.substance.text for i in c.allergies.items}
        ]
        return Question(
            ask=f"Which patients of the ward are recorded as allergic to {substance}? Beds.",
            wanted=tuple(self.bed(each) for each in fits),
        )

    def kin(self) -> Question | None:
        chart = self.some(
            [c for c in self.charts if c.next_of_kin and c.next_of_kin[0].telephones]
        )
        if chart is None:
            return None
        return Question(
            ask=f"Bed {self.bed(chart)}: whom do you ring, and at which number?",
            wanted=(chart.next_of_kin[0].telephones[0].number,),
        )


def plain(text: str) -> str:
    """Return text without accents, case and spaces: a reader writes as a reader writes."""
    bare = unicodedata.normalize("NFKD", text).casefold().replace("ß", "ss")
    return "".join(each for each in bare if each.isalnum() or each in ".-+")


def grade(questions: list[Question], answers: dict[str, str]) -> list[tuple[int, str, str]]:
    """Return number, question and answer of each wrong answer."""
    wrong = []
    for number, question in enumerate(questions, start=1):
        said = plain(answers.get(str(number), ""))
        right = said and all(plain(each) in said for each in question.wanted)
        if not right or any(plain(each) in said for each in question.forbidden):
            wrong.append((number, question.ask, answers.get(str(number), "")))
    return wrong


def questions_of(house: SampleHouse, ward: str, language: str, seed: int) -> list[Question]:
    """Return twelve questions about a ward, of as many kinds as it has facts for."""
    drawn = Ward(house, ward, language, random.Random(seed))
    found: dict[str, Question] = {}
    for question in [each for _ in range(4) for each in drawn.all()]:
        if question is not None and len(found) < 12:
            found.setdefault(question.ask, question)
    return list(found.values())


def main() -> None:
    """Write pages, questions and answers of a ward, or grade a reader's."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("ward")
    parser.add_argument("--language", default="fr")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--grade", type=Path)
    asked = parser.parse_args()
    if asked.grade:
        known = msgspec.json.decode(
            (asked.out / "answers.json").read_bytes(), type=list[Question]
        )
        wrong = grade(known, json.loads(asked.grade.read_text()))
        print(f"{len(known) - len(wrong)} of {len(known)} right")
        for number, ask, said in wrong:
            print(f"{number}: {ask}\n   said: {said}\n   wanted: {known[number - 1].wanted}")
        return
    house = SampleHouse(DEMO, HOURS)
    asked.out.mkdir(parents=True, exist_ok=True)
    found = questions_of(house, asked.ward, asked.language, asked.seed)
    (asked.out / "answers.json").write_bytes(msgspec.json.encode(found))
    top = "Answer from the pages alone, in the words that stand there.\n\n"
    lines = [f"{number}. {each.ask}" for number, each in enumerate(found, start=1)]
    (asked.out / "questions.md").write_text(top + "\n".join(lines) + "\n")
    data = house.ward(asked.ward)
    pdf = asked.out / "pack.pdf"
    pdf.write_bytes(typeset(ward_pack(data, asked.language, translator(asked.language))).pdf)
    subprocess.run(
        ["pdftoppm", "-r", "90", "-gray", "-png", pdf, asked.out / "page"], check=True
    )
    pdf.unlink()


if __name__ == "__main__":
    main()
