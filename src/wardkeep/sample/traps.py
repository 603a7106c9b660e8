"""Planted traps: patients whose sheets show whether a reader of messages can be trusted.

Each trap says which records it is about and what chart and pack must show. It lies in the ward
where it belongs, or, in a small hospital, in the last ward.
"""

from __future__ import annotations

import msgspec

from wardkeep.chart.model import Allergy
from wardkeep.kernel.times import DAY, HOUR, MINUTE
from wardkeep.sample import conditions, formulary
from wardkeep.sample.agenda import CLINICS, Agenda
from wardkeep.sample.days import Days
from wardkeep.sample.desk import Desk
from wardkeep.sample.group import ICU_NOT_FED, Care
from wardkeep.sample.house import House
from wardkeep.sample.movements import Movements
from wardkeep.sample.names import PersonNames, Tongue
from wardkeep.sample.people import NOBODY
from wardkeep.sample.prescribing import ONCOLOGY
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


class Planting:
    """Plants the traps while the house is filled, before other patients take the beds."""

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

    def plant(self, start: int) -> None:
        """Plant every trap; `start` is when live time begins."""
        self._same_name()
        self._twins()
        self._weekly_methotrexate()
        self._patch()
        self._not_charted(start)
        self._two_feeds()
        self._allergies_disagree()
        self._code_status_across_merge()
        self._lost_micro_sign()
        self._tapering()
        self._unit_not_fed()
        self._radiotherapy(start)
        self._gone_and_anticoagulated()
        self._two_countries()

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

    def _same_name(self) -> None:
        ward = self._ward(Care.SURGERY)
        names = PersonNames("Lacroix-Demoulin", "Thérèse", Tongue.FRENCH)
        people = self._house.people
        pair = [
            self._house.add(people.person(self._house.care[ward], names=names, sex="F"))
            for _ in range(2)
        ]
        for person in pair:
            self._lay(person, ward)
        self._keep(
            Trap(
                name="same_name",
                records=tuple(person.record for person in pair),
                ward=ward,
                shows="Both carry SAME NAME ON WARD; birth date and record on each page.",
            )
        )

    def _twins(self) -> None:
        ward = self._ward(Care.PAEDIATRICS)
        people, care = self._house.people, self._house.care[ward]
        names = PersonNames("Weiß-Almeida", "Léa", Tongue.GERMAN)
        first = self._house.add(people.person(care, names=names, sex="F"))
        names = PersonNames("Weiß-Almeida", "Lea-Sofia", Tongue.GERMAN)
        second = people.person(care, names=names, sex="F", born=first.born)
        self._house.add(second)
        for person in (first, second):
            self._lay(person, ward)
        self._keep(
            Trap(
                name="twins",
                records=(first.record, second.record),
                ward=ward,
                shows="One birth date, one family name: both carry SIMILAR NAME ON WARD.",
            )
        )

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
        self._rounds.prescribing.warn(order, allergy)
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

    def _code_status_across_merge(self) -> None:
        ward = self._ward(Care.GERIATRICS)
        people, care = self._house.people, self._house.care[ward]
        known = self._house.add(people.person(care))
        double = self._house.add(people.again(known))
        stay = self._lay(double, ward)
        signer = stay.attending
        text = conditions.CODE_STATUSES[0]
        self._days.nursing.decide(double, stay, text, self._desk.now - 3 * HOUR, signer)
        later = self._desk.now + 30 * MINUTE
        self._desk.plan(later, lambda: self._movements.join(double, known, stay))
        self._keep(
            Trap(
                name="code_status_across_merge",
                records=(known.record, double.record),
                ward=ward,
                at=later,
                shows="The decision was signed under the number that was merged away: it "
                "stands with FROM A MERGED RECORD, to be confirmed.",
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

    def _unit_not_fed(self) -> None:
        ward = next(
            (one.code for one in self._house.wards if one.code == ICU_NOT_FED), ICU_NOT_FED
        )
        person = self._house.add(self._house.people.person(Care.INTENSIVE))
        stay = self._lay(person, ward)
        orders = tuple(order.key for order in self._rounds.treatments[stay.visit])
        self._keep(
            Trap(
                name="unit_not_fed",
                records=(person.record,),
                ward=ward,
                orders=orders,
                shows="Medication and doses print NOT FED; the orders named here reach nobody.",
            )
        )

    def _radiotherapy(self, start: int) -> None:
        person, stay = self._patient(Care.ONCOLOGY)
        clinic = next(one for one in CLINICS if one[0] == "Radiothérapie")
        doctor = stay.attending
        day, done, planned = -16, 0, 0
        while done + planned < 30:  # noqa: PLR2004  a usual course
            at = self._desk.clock.days_later(start - start % DAY, day) + 9 * HOUR
            day += 1
            if self._desk.clock.local(at).isoweekday() > 5:  # noqa: PLR2004  no weekends
                continue
            number = done + planned + 1
            fraction = (clinic[0], f"Séance {number}/30, 2 Gy, sein gauche", *clinic[2:])
            visit = self._agenda.book(person, fraction, doctor, at)
            if at < self._desk.now:
                visit.done = True
                self._agenda.send(visit, "S14")
                done += 1
            else:
                planned += 1
        self._keep(
            Trap(
                name="radiotherapy_course",
                records=(person.record,),
                ward=stay.bed.ward,
                at=done,
                shows=f"{done} of 30 fractions done, the others booked on weekdays.",
            )
        )

    def _gone_and_anticoagulated(self) -> None:
        ward = self._ward(Care.CARDIOLOGY)
        now = self._desk.now
        person = self._house.add(self._house.people.person(self._house.care[ward]))
        bed = self._house.take_bed(ward)
        if bed is None:
            raise LookupError(ward)
        stay = self._house.stay(person, bed, now - 150 * DAY, now)
        stay.leaves_at = now - 142 * DAY
        self._movements.desk_of_admissions.admit(person, stay, at=stay.admitted_at)
        order = self._rounds.prescribing.prescribe(
            person, stay, formulary.ACENOCOUMAROL, start=now - 143 * DAY
        )
        self._movements.desk_of_admissions.discharge(person, stay, at=stay.leaves_at)
        self._house.free[ward].append(bed)
        self._house.current.pop(stay.visit)
        clinic = next(one for one in CLINICS if one[1] == "Contrôle INR")
        self._agenda.book(person, clinic, stay.attending, now + 2 * DAY + 3 * HOUR)
        self._keep(
            Trap(
                name="gone_and_anticoagulated",
                records=(person.record,),
                ward="",
                orders=(order.key,),
                shows="Discharged months ago, in no bed, yet found by name: acenocoumarol "
                "still active, a visit for the INR booked with a telephone.",
            )
        )

    def _two_countries(self) -> None:
        belgian = "1-48221-07-340^Thill-Brandão^Joëlle"
        abroad = "L90417-22^Thill-Brandão^Joëlle"
        records, ward = [], self._ward(Care.ONCOLOGY)
        for doctor in (belgian, abroad):
            person = self._house.add(self._house.people.person(self._house.care[ward]))
            bed = self._house.take_bed(ward)
            if bed is None:
                raise LookupError(ward)
            stay = self._house.stay(person, bed, self._desk.now - DAY, self._desk.now)
            stay.attending, stay.pinned = doctor, True
            stay.leaves_at = self._desk.now + 12 * DAY
            self._movements.settle(person, stay)
            records.append(person.record)
        self._keep(
            Trap(
                name="doctor_of_two_countries",
                records=tuple(records),
                ward=ward,
                shows="One name, a Belgian and a Luxembourg number: both as sent, no merge.",
            )
        )
