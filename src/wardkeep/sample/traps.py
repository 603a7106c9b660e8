"""Planted traps: patients whose sheets show whether a reader of messages can be trusted.

Each trap says which records it is about and what chart and pack must show. It lies in the ward
where it belongs, or, in a small hospital, in the last ward.
"""

from __future__ import annotations

from wardkeep.chart.model import Source
from wardkeep.kernel.times import DAY, HOUR, MINUTE
from wardkeep.sample import conditions, formulary
from wardkeep.sample.agenda import CLINICS
from wardkeep.sample.group import ICU_NOT_FED, Care
from wardkeep.sample.medication_traps import MedicationTraps
from wardkeep.sample.names import PersonNames, Tongue
from wardkeep.sample.plot import Trap


def _nobody(_source: Source) -> None:
    """Tell the world of nothing."""


class Planting(MedicationTraps):
    """Plants the traps while the house is filled, before other patients take the beds."""

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
        self._hostile_text()
        self._cut_off()

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
        # Pinned: nobody admits them again while somebody reads that they are at home.
        stay.leaves_at, stay.pinned = now - 142 * DAY, True
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

    def _cut_off(self) -> None:
        """Plant a result that broke off on its way: it names nobody and changes no chart."""
        self._desk.send("laboratory", "ORU^R01^ORU_R01", self._desk.now, ["PID|1|"], _nobody)
        self._keep(
            Trap(
                name="cut_off",
                records=(),
                ward="",
                shows="Stands in quarantine with its reason; ward sheets count it.",
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


__all__ = ["Planting", "Trap"]
