"""Making people: names, numbers, next of kin, allergies and illnesses, all drawn by chance."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

from wardkeep.chart.model import (
    Allergy,
    Identifier,
    NextOfKin,
    PersonName,
    Problem,
    Source,
    Telephone,
)
from wardkeep.kernel.times import DAY
from wardkeep.sample import conditions
from wardkeep.sample.group import AUTHORITY, Care
from wardkeep.sample.hl7 import LocalTime, escape, segment
from wardkeep.sample.names import PersonNames, Tongue, draw_names
from wardkeep.sample.numbers import landline, matricule, mobile, national_register
from wardkeep.sample.world import Person

NOBODY = Source("", "", 0, 0, 0)
"""The source of what has not been told yet."""

_AGES = {
    Care.PAEDIATRICS: (0, 15),
    Care.MATERNITY: (18, 43),
    Care.GERIATRICS: (74, 101),
    Care.HOME: (68, 103),
    Care.PSYCHIATRY: (18, 71),
    Care.PALLIATIVE: (50, 93),
    Care.ONCOLOGY: (30, 86),
}
_RELATIONS = (
    ("SPO", "Conjoint"),
    ("CHD", "Enfant"),
    ("SIB", "Frère ou sœur"),
    ("GRD", "Administrateur"),
    ("FND", "Voisine"),
)
_RELATION_CODES = {text: code for code, text in _RELATIONS}
_STREETS = (
    "Rue des Saules",
    "Chemin de l'Écluse",
    "Rue du Bief",
    "Allée des Noyers",
    "Am Bach",
)
_FIRST_RECORD = 410_000
_LUXEMBOURGERS = 0.12  # across the border for care: a share invented for the sample
_TWO_OF_KIN = 0.35


class People:
    """Draws persons whose record numbers and national numbers never repeat."""

    def __init__(self, chance: Random, clock: LocalTime, today: int) -> None:
        self._chance = chance
        self._clock = clock
        self._today = clock.local(today).date()
        self._now = today
        self._records = 0
        self._serials: set[tuple[date, int]] = set()

    def record(self) -> str:
        """Return the next record number of the group."""
        self._records += 7
        return str(_FIRST_RECORD + self._records)

    def person(
        self,
        care: Care,
        *,
        names: PersonNames | None = None,
        sex: str = "",
        born: date | None = None,
    ) -> Person:
        """Return somebody who could lie on a ward of that kind; what is given is kept."""
        chance = self._chance
        gender = sex or ("F" if care is Care.MATERNITY or chance.random() < 0.52 else "M")  # noqa: PLR2004
        called = names or draw_names(chance, gender)
        birthday = born or self._birthday(care)
        record = self.record()
        identifiers = self._identifiers(record, birthday, gender)
        telephones = self._telephones()
        kin = self._kin(called)
        age = (self._today - birthday).days // 365
        return Person(
            record=record,
            names=called,
            born=birthday,
            sex=gender,
            identifiers=tuple(sorted(identifiers)),
            telephones=telephones,
            kin=kin,
            pid=self._pid(called, birthday, gender, identifiers, telephones),
            nk1=tuple(_nk1(index, one) for index, one in enumerate(kin, start=1)),
            true_allergies=self._allergies(),
            true_problems=self._problems(care, age),
            true_weight=self._weight(age),
        )

    def again(self, known: Person) -> Person:
        """Return the same person under a second record number, nobody asked of allergies."""
        record = self.record()
        others = [one for one in known.identifiers if one.authority != AUTHORITY]
        identifiers = [Identifier(record, AUTHORITY, "MR"), *others]
        fields = known.pid.split("|")
        fields[3] = _cx(identifiers)
        return Person(
            record=record,
            names=known.names,
            born=known.born,
            sex=known.sex,
            identifiers=tuple(sorted(identifiers)),
            pid="|".join(fields),
            telephones=known.telephones,
            kin=known.kin,
            nk1=known.nk1,
            true_allergies=None,
            true_problems=known.true_problems,
            true_weight=known.true_weight,
        )

    def _birthday(self, care: Care) -> date:
        low, high = _AGES.get(care, (25, 92))
        days = self._chance.randint(low * 365, high * 365 + 364)
        return self._today - timedelta(days=days + 1)

    def _identifiers(self, record: str, born: date, sex: str) -> list[Identifier]:
        serial = self._serial(born, sex)
        numbers = [Identifier(record, AUTHORITY, "MR")]
        if self._chance.random() < _LUXEMBOURGERS:
            numbers.append(Identifier(matricule(born, serial), "IGSS", "NNLUX"))
        else:
            numbers.append(Identifier(national_register(born, serial), "RRN", "NNBEL"))
        return numbers

    def _serial(self, born: date, sex: str) -> int:
        while True:
            serial = self._chance.randrange(1, 499) * 2 + (0 if sex == "F" else 1)
            if (born, serial) not in self._serials:
                self._serials.add((born, serial))
                return serial

    def _telephones(self) -> tuple[Telephone, ...]:
        abroad = self._chance.random() < _LUXEMBOURGERS
        numbers = [Telephone(mobile(self._chance, luxembourg=abroad), "PRN")]
        if self._chance.random() < 1 / 2:
            numbers.insert(0, Telephone(landline(self._chance), "PRN"))
        return tuple(numbers)

    def _kin(self, patient: PersonNames) -> tuple[NextOfKin, ...]:
        chance = self._chance
        found: list[NextOfKin] = []
        for place in range(1 if chance.random() > _TWO_OF_KIN else 2):
            names = draw_names(chance, chance.choice("FM"), patient.tongue)
            related = place == 0 and chance.random() < 1 / 2
            family = patient.family if related else names.family
            _, relation = chance.choice(_RELATIONS)
            telephone = Telephone(mobile(chance), "PRN")
            if any(one.name == PersonName(family, names.given) for one in found):
                continue
            found.append(
                NextOfKin(
                    name=PersonName(family, names.given),
                    relation=relation,
                    telephones=(telephone,),
                    source=NOBODY,
                )
            )
        return tuple(found)

    def _pid(
        self,
        names: PersonNames,
        born: date,
        sex: str,
        identifiers: list[Identifier],
        telephones: tuple[Telephone, ...],
    ) -> str:
        tongue = "FR" if names.tongue is Tongue.PORTUGUESE else names.tongue.value.upper()
        street = f"{self._chance.choice(_STREETS)} {self._chance.randint(1, 240)}"
        fields = {
            1: "1",
            3: _cx(identifiers),
            5: f"{escape(names.family)}^{escape(names.given)}^^^^^L",
            7: f"{born:%Y%m%d}",
            8: sex,
            11: f"{escape(street)}^^Val-des-Aulnes^^6999^BEL^H",
            13: "~".join(f"{phone.number}^{phone.use}^PH" for phone in telephones),
            15: tongue,
        }
        return segment("PID", fields)

    def _allergies(self) -> tuple[Allergy, ...] | None:
        chance = self._chance
        drawn = chance.random()
        if drawn < 0.12:  # noqa: PLR2004  nobody has asked: a share invented for the sample
            return None
        if drawn < 0.62:  # noqa: PLR2004  half have none
            return ()
        chosen = chance.sample(conditions.ALLERGENS, chance.choice((1, 1, 1, 2, 3)))
        return tuple(
            Allergy(
                substance=substance,
                kind=kind,
                severity=conditions.severity(chance, reaction),
                reactions=(reaction,),
                source=NOBODY,
            )
            for substance, kind, reaction in chosen
        )

    def _problems(self, care: Care, age: int) -> tuple[Problem, ...]:
        chance = self._chance
        main = conditions.main_problem(chance, care)
        others = conditions.long_standing(chance, age)
        found = [Problem(coding=main, kind="A", source=NOBODY)]
        for coding in others:
            since = self._now - chance.randint(400, 6000) * DAY
            found.append(
                Problem(coding=coding, kind="W", since=self._clock.day(since), source=NOBODY)
            )
        return tuple(found)

    def _weight(self, age: int) -> float:
        chance = self._chance
        if age < 16:  # noqa: PLR2004  a child: growth of 3 kg a year is near enough
            return round(3.4 + age * 3.1 + chance.random() * (1 + age / 3), 1)
        return round(chance.gauss(72, 14) if chance.random() < 0.95 else 118.0, 1)  # noqa: PLR2004


def _cx(identifiers: list[Identifier]) -> str:
    return "~".join(f"{one.number}^^^{one.authority}^{one.type}" for one in identifiers)


def _nk1(index: int, kin: NextOfKin) -> str:
    return segment(
        "NK1",
        {
            1: str(index),
            2: f"{escape(kin.name.family)}^{escape(kin.name.given)}",
            3: f"{_RELATION_CODES[kin.relation]}^{escape(kin.relation)}^HL70063",
            5: "~".join(f"{phone.number}^{phone.use}^PH" for phone in kin.telephones),
        },
    )
