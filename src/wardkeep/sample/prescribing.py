"""The pharmacies and the administration record: RDE^O11 and RAS^O17 (HL7 v2.5.1, chapter 4)."""

from __future__ import annotations

import msgspec

from wardkeep.chart.model import (
    Allergy,
    Coded,
    Component,
    Dose,
    DoseOutcome,
    Flag,
    FlagKind,
    MedicationOrder,
    OrderKind,
    OrderState,
    Source,
    Timing,
    TimingForm,
    Value,
)
from wardkeep.kernel.times import SECOND
from wardkeep.sample.admissions import al1, clinician, escape_name, escape_person
from wardkeep.sample.bedside import ATC, pid_and_visit
from wardkeep.sample.desk import Desk, Tell
from wardkeep.sample.formulary import ROUTES, Medicine
from wardkeep.sample.group import SENDERS
from wardkeep.sample.hl7 import escape, segment
from wardkeep.sample.schedule import steps_of, tapering_of, timing_of
from wardkeep.sample.treatment import NAMESPACES, PHARMACY, Charting, Treatment
from wardkeep.sample.world import Person, Stay, TreatmentTold

RECORD = "mar"
_NOBODY = Source("", "", 0, 0, 0)
_RDE, _RAS = "RDE^O11^RDE_O11", "RAS^O17^RAS_O17"


class Prescribing:
    """Writes orders and doses, and puts them into the world when told."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._numbers = 0

    def prescribe(  # noqa: PLR0913  what a prescription form asks for
        self,
        person: Person,
        stay: Stay,
        medicine: Medicine,
        *,
        feed: str = PHARMACY,
        start: int | None = None,
        unit: str = "",
        told: bool = True,
    ) -> Treatment:
        """NW: prescribe; `start` may lie back, `told` is False where no system sends."""
        self._numbers += 1
        chance, now = self._desk.chance, self._desk.now
        begun = (now if start is None else start) // SECOND * SECOND
        treatment = Treatment(
            number=f"{'P' if feed == PHARMACY else 'K'}{700_000 + self._numbers}",
            feed=feed,
            person=person,
            stay=stay,
            medicine=medicine,
            amount=medicine.amount,
            rate=medicine.rate,
            prescriber=stay.attending,
            verified=f"PH{chance.randint(1, 12):02d}" if chance.random() < 0.8 else "",  # noqa: PLR2004
            start=begun,
            entered=min(begun, now),
            unit=unit,
        )
        if told:
            self.send(treatment, "NW", treatment.entered)
        return treatment

    def send(self, treatment: Treatment, control: str, event: int | None = None) -> None:
        """NW, XO, HD, RL, DC, SC: the pharmacy says where the prescription stands."""
        at = self._desk.now if event is None else event
        stamp = self._desk.clock.stamp(at, offset=SENDERS[treatment.feed].offset)
        segments = pid_and_visit(treatment.person, treatment.stay)
        segments += [self._orc(treatment, control, stamp), *self._lines(treatment)]
        self._desk.send(treatment.feed, _RDE, at, segments, self._teller(treatment, control))

    def _orc(self, treatment: Treatment, control: str, stamp: str) -> str:
        fields = {
            1: control,
            2: treatment.placer,
            3: f"{treatment.number[1:]}^{NAMESPACES[treatment.feed]}F",
            9: stamp,
            12: escape_name(treatment.prescriber),
        }
        return segment("ORC", fields)

    def warn(self, treatment: Treatment, allergy: Allergy) -> None:
        """SC with AL1: the pharmacy knows of an allergy and says so with a prescription."""
        at, feed = self._desk.now, treatment.feed
        stamp = self._desk.clock.stamp(at, offset=SENDERS[feed].offset)
        segments = [*pid_and_visit(treatment.person, treatment.stay), al1(1, allergy)]
        segments += [self._orc(treatment, "SC", stamp), *self._lines(treatment)]
        person, repeat = treatment.person, self._teller(treatment, "SC")

        def tell(source: Source) -> None:
            repeat(source)
            person.hear_allergy(msgspec.structs.replace(allergy, source=source))

        self._desk.send(feed, _RDE, at, segments, tell)

    def _lines(self, treatment: Treatment) -> list[str]:
        medicine = treatment.medicine
        instructions = [f"^{escape(text)}" for text in _instructions(medicine)]
        rxe = {
            2: f"{medicine.code}^{escape(medicine.name)}^{ATC}",
            3: treatment.amount,
            4: medicine.upper,
            5: escape(treatment.unit or medicine.unit),
            6: f"^{escape(medicine.form)}",
            7: "~".join(instructions),
            14: treatment.verified,
            19: medicine.at_most.replace(" ", "^", 1),
            23: treatment.rate,
            24: escape(medicine.rate_unit) if treatment.rate else "",
            27: f"^{escape(medicine.indication)}" if medicine.indication else "",
        }
        lines = [segment("RXE", rxe), *self._timings(treatment)]
        lines.append(f"RXR|{medicine.route}^{escape(ROUTES[medicine.route])}^HL70162")
        for code, name, amount, unit in medicine.additives:
            lines.append(f"RXC|A|{code}^{escape(name)}^{ATC}|{amount}|{unit}")
        return lines

    def _timings(self, treatment: Treatment) -> list[str]:
        medicine, clock = treatment.medicine, self._desk.clock
        offset = SENDERS[treatment.feed].offset
        tq1 = {
            1: "1",
            3: escape(medicine.pattern),
            4: "~".join(medicine.times),
            7: clock.stamp(treatment.start, offset=offset),
            9: "PRN" if medicine.needed_for else "",
            10: escape(medicine.needed_for),
        }
        steps = steps_of(medicine, treatment.start, clock)
        lines = []
        for place, (amount, begin, end) in enumerate(steps, start=1):
            step = tq1 | {
                1: str(place),
                2: f"{amount}^{medicine.unit}",
                7: clock.stamp(begin, offset=offset),
                8: clock.stamp(end, offset=offset),
                12: "S" if place < len(steps) else "",
            }
            lines.append(segment("TQ1", step))
        return lines or [segment("TQ1", tq1)]

    def _teller(self, treatment: Treatment, control: str) -> Tell:
        line = self._line(treatment)
        person = treatment.person

        def tell(source: Source) -> None:
            told = person.one().orders.setdefault(treatment.key, TreatmentTold())
            told.line.hear(_with_source(line, source), source)
            if control == "DC":
                told.stopped = source
            elif control in {"HD", "RL"}:
                state = OrderState.HELD if control == "HD" else OrderState.ACTIVE
                told.state.hear(state, source)

        return tell

    def _line(self, treatment: Treatment) -> MedicationOrder:
        medicine, clock = treatment.medicine, self._desk.clock
        offset = SENDERS[treatment.feed].offset
        if medicine.steps:
            timing = tapering_of(medicine, treatment.start, clock, offset=offset)
        else:
            timing = timing_of(medicine, clock.moment(treatment.start, offset=offset))
        amount = "-".join(part for part in (treatment.amount, medicine.upper) if part)
        unit = treatment.unit or medicine.unit
        dose = f"{amount} {unit}"
        return MedicationOrder(
            order=treatment.key,
            filler=treatment.number[1:],
            feed=treatment.feed,
            visit=treatment.stay.visit,
            drug=Value(Coded(medicine.code, medicine.name, ATC), _NOBODY),
            dose=Value(dose, _NOBODY),
            form=medicine.form,
            route=Value(Coded(medicine.route, ROUTES[medicine.route], "HL70162"), _NOBODY),
            kind=_kind(medicine, timing.form),
            timing=Value(timing, _NOBODY),
            state=Value(OrderState.ACTIVE, _NOBODY),
            as_needed_reason=medicine.needed_for,
            maximum=medicine.at_most,
            rate=f"{treatment.rate} {medicine.rate_unit}" if treatment.rate else "",
            components=tuple(
                Component(kind="A", drug=Coded(code, name, ATC), amount=amount_, unit=unit_)
                for code, name, amount_, unit_ in medicine.additives
            ),
            indication=medicine.indication,
            instructions=_instructions(medicine),
            prescriber=Value(clinician(treatment.prescriber), _NOBODY),
            verified_by=treatment.verified,
            entered=clock.moment(treatment.entered, offset=offset),
            flags=_order_flags(treatment, timing, dose),
        )

    def give(
        self,
        treatment: Treatment,
        nurse: str,
        entry: Charting | None = None,
        *,
        at: int | None = None,
        charted: bool = True,
    ) -> Dose | None:
        """Give a dose now or at `at`, or not, as `entry` says.

        Returns what was charted; None where nobody wrote it down.
        """
        treatment.given += 1
        at = (self._desk.now if at is None else at) // SECOND * SECOND
        if not charted:
            treatment.uncharted.append(at)
            return None
        dose = self._dose(treatment, nurse, entry or Charting(), at)
        segments = pid_and_visit(treatment.person, treatment.stay)
        segments += [
            segment("ORC", {1: "RE", 2: treatment.placer, 9: dose.at.text}),
            self._rxa(treatment, nurse, dose),
        ]
        person = treatment.person

        def tell(source: Source) -> None:
            if dose.dose not in person.one().undone:
                person.one().doses[dose.dose] = msgspec.structs.replace(dose, source=source)

        self._desk.send(RECORD, _RAS, at, segments, tell)
        return dose

    def _dose(self, treatment: Treatment, nurse: str, entry: Charting, at: int) -> Dose:
        medicine, moment = treatment.medicine, self._desk.clock.moment(at, offset=True)
        quantity = (entry.amount or treatment.amount) if entry.outcome == "CP" else "0"
        return Dose(
            dose=f"{treatment.key}/{treatment.given}/{moment.text}",
            order=treatment.key,
            drug=Coded(medicine.code, medicine.name, ATC),
            amount=f"{quantity} {treatment.unit or medicine.unit}",
            outcome=_OUTCOMES[entry.outcome],
            outcome_text=entry.outcome,
            reason=entry.reason,
            at=moment,
            by=clinician(nurse).name.removeprefix("Dr "),
            rate=f"{treatment.rate} {medicine.rate_unit}" if treatment.rate else "",
            flags=_lost(treatment, quantity),
            source=_NOBODY,
        )

    def _rxa(self, treatment: Treatment, nurse: str, dose: Dose) -> str:
        medicine, stamp = treatment.medicine, dose.at.text
        quantity, _, unit = dose.amount.partition(" ")
        fields = {
            1: "0",
            2: str(treatment.given),
            3: stamp,
            4: stamp,
            5: f"{medicine.code}^{escape(medicine.name)}^{ATC}",
            6: quantity,
            7: escape(unit),
            10: escape_person(nurse),
            12: f"^{escape(dose.rate)}" if dose.rate else "",
            18: f"^{escape(dose.reason)}" if dose.reason else "",
            20: dose.outcome_text,
            21: "A",
            22: stamp,
        }
        return segment("RXA", fields)

    def take_back(self, treatment: Treatment, dose: Dose) -> None:
        """Tell that a dose was charted in error (RXA-21 D)."""
        now = self._desk.now
        stamp = self._desk.clock.stamp(now, offset=True)
        _, number, start = dose.dose.rsplit("/", 2)
        medicine, person = treatment.medicine, treatment.person
        rxa = {
            1: "0",
            2: number,
            3: start,
            4: start,
            5: f"{medicine.code}^{escape(medicine.name)}^{ATC}",
            6: "0",
            20: "NA",
            21: "D",
            22: stamp,
        }
        segments = [
            *pid_and_visit(person, treatment.stay),
            segment("ORC", {1: "RE", 2: treatment.placer, 9: stamp}),
            segment("RXA", rxa),
        ]

        def tell(_: Source) -> None:
            person.one().undone.add(dose.dose)
            person.one().doses.pop(dose.dose, None)

        self._desk.send(RECORD, _RAS, now, segments, tell)

    def replace(self, old: Treatment, new: Treatment) -> None:
        """RP and RO: one prescription takes the place of another, in one message."""
        at, feed = self._desk.now, old.feed
        stamp = self._desk.clock.stamp(at, offset=SENDERS[feed].offset)
        segments = pid_and_visit(old.person, old.stay)
        for control, treatment in (("RP", old), ("RO", new)):
            segments += [self._orc(treatment, control, stamp), *self._lines(treatment)]
        tell_old, tell_new = self._teller(old, "RP"), self._teller(new, "RO")
        person = old.person

        def tell(source: Source) -> None:
            tell_old(source)
            tell_new(source)
            person.one().orders[old.key].replaced = source
            person.one().orders[old.key].replaced_by = new.key

        self._desk.send(feed, _RDE, at, segments, tell)


_OUTCOMES = {
    "CP": DoseOutcome.GIVEN,
    "PA": DoseOutcome.PARTIAL,
    "RE": DoseOutcome.REFUSED,
    "NA": DoseOutcome.NOT_GIVEN,
}


def _order_flags(treatment: Treatment, timing: Timing, dose: str) -> tuple[Flag, ...]:
    flags = []
    if timing.form is TimingForm.UNREADABLE:
        flags.append(Flag(FlagKind.TIMING_UNREADABLE, timing.text))
    if treatment.unit:
        flags.append(Flag(FlagKind.LOST_CHARACTERS, dose))
    return tuple(sorted(flags))


def _lost(treatment: Treatment, quantity: str) -> tuple[Flag, ...]:
    """Return the flag that a unit with lost characters deserves."""
    amount = f"{quantity} {treatment.unit}"
    return (Flag(FlagKind.LOST_CHARACTERS, amount),) if treatment.unit else ()


def _instructions(medicine: Medicine) -> tuple[str, ...]:
    return (medicine.instruction,) if medicine.instruction else ()


def _kind(medicine: Medicine, form: TimingForm) -> OrderKind:
    if medicine.needed_for:
        return OrderKind.AS_NEEDED
    if medicine.rate:
        return OrderKind.INFUSION
    return OrderKind.ONCE if form is TimingForm.ONCE else OrderKind.REGULAR


def _with_source(line: MedicationOrder, source: Source) -> MedicationOrder:
    return msgspec.structs.replace(
        line,
        drug=Value(line.drug.value, source),
        dose=None if line.dose is None else Value(line.dose.value, source),
        route=None if line.route is None else Value(line.route.value, source),
        timing=Value(line.timing.value, source),
        state=Value(line.state.value, source),
        prescriber=None if line.prescriber is None else Value(line.prescriber.value, source),
    )
