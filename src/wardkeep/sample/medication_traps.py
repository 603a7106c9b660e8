"""Traps in medication: timings, doses, units and drugs that a reader must not get wrong."""

from __future__ import annotations

import msgspec

from wardkeep.chart.model import Allergy
from wardkeep.kernel.times import DAY, HOUR, MINUTE
from wardkeep.sample import conditions, formulary
from wardkeep.sample.group import Care
from wardkeep.sample.people import NOBODY
from wardkeep.sample.plot import Plot, Trap
from wardkeep.sample.treatment import ONCOLOGY

_WARNED_EVERY = 20 * MINUTE
"""The pharmacy says an allergy again: a system that told of one once would seem to be gone."""


class MedicationTraps(Plot):
    """Plants the traps that lie in prescriptions and doses."""

    def _weekly_methotrexate(self) -> None:
        person, stay = self._patient(Care.MEDICINE)
        order = self._rounds.start(
            person, stay, formulary.METHOTREXATE, since=self._desk.now - 8 * DAY
        )
        self._keep(
            Trap(
                name="weekly_methotrexate",
                records=(person.record,),
                ward=stay.bed.ward,
                orders=(order.key,),
                shows="Due on Mondays at 08:00 only; no box on any other day.",
            )
        )

    def _patch(self) -> None:
        person, stay = self._patient(Care.ONCOLOGY)
        began = self._desk.now - 40 * HOUR
        order = self._rounds.start(person, stay, formulary.FENTANYL, since=began)
        self._rounds.apply(order, began)
        self._keep(
            Trap(
                name="patch_72h",
                records=(person.record,),
                ward=stay.bed.ward,
                orders=(order.key,),
                at=began + 72 * HOUR,
                shows="The patch put on 40 h before the history is due for change 72 h after.",
            )
        )

    def _not_charted(self, start: int) -> None:
        person, stay = self._patient(Care.CARDIOLOGY)
        order = self._rounds.start(person, stay, formulary.MORPHINE_PRN)
        at = start - 25 * MINUTE
        self._desk.plan(at, lambda: self._rounds.apply(order, at, charted=False))
        self._keep(
            Trap(
                name="given_not_charted",
                records=(person.record,),
                ward=stay.bed.ward,
                orders=(order.key,),
                at=at,
                shows="A dose was given and nobody wrote it down: the sheet may only say up to "
                "when doses are charted.",
            )
        )

    def _two_feeds(self) -> None:
        person, stay = self._patient(Care.ONCOLOGY)
        self._rounds.drop(stay, formulary.APIXABAN.code)
        orders = [
            self._rounds.start(person, stay, formulary.APIXABAN),
            self._rounds.start(person, stay, formulary.APIXABAN, feed=ONCOLOGY),
        ]
        self._keep(
            Trap(
                name="one_drug_two_feeds",
                records=(person.record,),
                ward=stay.bed.ward,
                orders=tuple(order.key for order in orders),
                shows="Apixaban stands twice, each flagged POSSIBLE DUPLICATE, never merged.",
            )
        )

    def _allergies_disagree(self) -> None:
        ward = self._ward(Care.PNEUMOLOGY)
        person = self._house.add(self._house.people.person(self._house.care[ward]))
        person.true_allergies = ()
        stay = self._lay(person, ward)
        self._rounds.drop(stay, formulary.AMOXICLAV.code)
        order = self._rounds.start(person, stay, formulary.AMOXICLAV)
        substance, kind, reaction = conditions.ALLERGENS[0]
        allergy = Allergy(
            substance=substance,
            kind=kind,
            severity="SV",
            reactions=(reaction,),
            source=NOBODY,
        )

        def warn() -> None:
            if stay.open and order.running:
                self._rounds.prescribing.warn(order, allergy)
                self._desk.plan(self._desk.now + _WARNED_EVERY, warn)

        warn()
        self._keep(
            Trap(
                name="allergies_disagree",
                records=(person.record,),
                ward=ward,
                orders=(order.key,),
                shows="Admissions says none known, the pharmacy penicillin: CONFLICT with the "
                "penicillin shown, beside an order for amoxicillin.",
            )
        )

    def _lost_micro_sign(self) -> None:
        person, stay = self._patient(Care.MEDICINE)
        self._rounds.drop(stay, formulary.LEVOTHYROXINE.code)
        digoxin = msgspec.structs.replace(
            formulary.LEVOTHYROXINE, code="C01AA05", name="Digoxine", amount="125"
        )
        orders = [
            self._rounds.start(person, stay, formulary.LEVOTHYROXINE, unit="Âµg"),
            self._rounds.start(person, stay, digoxin, unit="\ufffdg"),
        ]
        self._keep(
            Trap(
                name="lost_micro_sign",
                records=(person.record,),
                ward=stay.bed.ward,
                orders=tuple(order.key for order in orders),
                shows="Both doses stand as sent with LOST CHARACTERS, never turned into g.",
            )
        )

    def _tapering(self) -> None:
        person, stay = self._patient(Care.PNEUMOLOGY)
        order = self._rounds.start(
            person, stay, formulary.PREDNISOLONE, since=self._desk.now - DAY
        )
        self._keep(
            Trap(
                name="tapering",
                records=(person.record,),
                ward=stay.bed.ward,
                orders=(order.key,),
                shows="32 mg for 3 days, 16 mg for 3, 8 mg for 4, then nothing.",
            )
        )

    def _hostile_text(self) -> None:
        person, stay = self._patient(Care.SURGERY)
        medicine = msgspec.structs.replace(
            formulary.MORPHINE_PRN,
            code="N02AX02",
            name="Tramadol",
            needed_for="=HYPERLINK(0) si douleur",
            instruction='<script>alert("dose")</script> \u202e50 gm\u202c #eval $x^2$',
        )
        self._rounds.drop(stay, medicine.code)
        order = self._rounds.start(person, stay, medicine)
        self._keep(
            Trap(
                name="hostile_text",
                records=(person.record,),
                ward=stay.bed.ward,
                orders=(order.key,),
                shows="Markup stands as text, the direction marks are visible marks.",
            )
        )
