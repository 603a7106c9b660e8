"""The admissions desk: who comes, moves, goes; written as ADT (HL7 v2.5.1, chapter 3)."""

from __future__ import annotations

import msgspec

from wardkeep.chart.model import (
    Allergy,
    BedMove,
    Clinician,
    EncounterState,
    Location,
    Source,
    Value,
)
from wardkeep.kernel.times import SECOND
from wardkeep.sample import conditions
from wardkeep.sample.desk import Desk, Tell
from wardkeep.sample.group import SENDERS, Care, service_of
from wardkeep.sample.hl7 import escape, segment
from wardkeep.sample.world import Person, Stay

FEED = "adt"
_OFFSET = SENDERS[FEED].offset
_DEATH_FIELD = 29
_STRUCTURES = {
    "A01": "ADT_A01",
    "A02": "ADT_A02",
    "A03": "ADT_A03",
    "A08": "ADT_A01",
    "A11": "ADT_A09",
    "A12": "ADT_A09",
    "A13": "ADT_A01",
    "A17": "ADT_A17",
    "A21": "ADT_A21",
    "A22": "ADT_A21",
    "A40": "ADT_A39",
    "A60": "ADT_A60",
}


def clinician(text: str) -> Clinician:
    """Return a doctor of the group from `identifier^family^given`."""
    identifier, family, given = text.split("^")
    return Clinician(identifier, f"Dr {family} {given}")


class Admissions:
    """Writes admissions, transfers and discharges and puts them into the world when told."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._cancelled: set[tuple[str, int]] = set()

    def admit(self, person: Person, stay: Stay, *, at: int) -> None:
        """A01: the patient has a bed since `at`."""
        segments = [*self._heading("A01", person, stay, at), *self._illness(person)]
        allergies = person.true_allergies

        def tell(source: Source) -> None:
            self._tell_person(person, source)
            self._tell_illness(person, allergies, source)
            person.one().stays[stay.visit] = stay
            self._tell_stay(stay, source)
            moment = self._desk.clock.moment(at, offset=_OFFSET)
            stay.admitted.hear(moment, source)
            stay.state.hear(EncounterState.ADMITTED, source)
            stay.moves.append(BedMove(stay_bed, at, source))

        stay_bed = stay.bed
        self._send("A01", at, segments, tell)

    def update(self, person: Person, stay: Stay) -> None:
        """A08: the desk sends again what it knows of the patient."""
        now = self._desk.now
        segments = [*self._heading("A08", person, stay, now), *self._illness(person)]
        allergies = person.true_allergies

        def tell(source: Source) -> None:
            self._tell_person(person, source)
            self._tell_illness(person, allergies, source)
            self._tell_stay(stay, source)

        self._send("A08", now, segments, tell)

    def learn(self, person: Person, stay: Stay, allergy: Allergy) -> None:
        """A60: somebody has found out about an allergy, which is told alone (IAM)."""
        now = self._desk.now
        person.true_allergies = (*(person.true_allergies or ()), allergy)
        iam = al1(1, allergy).replace("AL1", "IAM", 1) + "|A"
        evn = _evn("A60", self._stamp(now), self._stamp(now))
        segments = [evn, person.pid, self._pv1(stay), iam]

        def tell(source: Source) -> None:
            self._tell_person(person, source)
            person.hear_allergy(msgspec.structs.replace(allergy, source=source))

        self._send("A60", now, segments, tell)

    def cancel_admission(self, person: Person, stay: Stay) -> None:
        """A11: the patient was never admitted."""
        at = self._desk.now
        stay.open = False
        segments = self._heading("A11", person, stay, at, happened=stay.admitted_at)

        def tell(source: Source) -> None:
            self._tell_person(person, source)
            self._tell_stay(stay, source)
            stay.state.hear(EncounterState.CANCELLED, source)

        self._send("A11", at, segments, tell)

    def transfer(self, person: Person, stay: Stay, bed: Location, *, late: int = 0) -> int:
        """A02: the patient lies in another bed, since `late` microseconds before it is typed.

        Returns when that was, which names the transfer.
        """
        before, now = stay.bed, self._desk.now
        since = (now - late) // SECOND * SECOND
        stay.bed = bed
        segments = self._heading("A02", person, stay, now, before, happened=since)

        def tell(source: Source) -> None:
            self._tell_person(person, source)
            self._tell_stay(stay, source)
            if (stay.visit, since) not in self._cancelled:
                stay.moves.append(BedMove(bed, since, source))

        self._send("A02", now, segments, tell)
        return since

    def swap(self, first: tuple[Person, Stay], second: tuple[Person, Stay]) -> None:
        """A17: two patients change beds."""
        at = self._desk.now
        first[1].bed, second[1].bed = second[1].bed, first[1].bed
        segments = [_evn("A17", self._stamp(at))]
        for person, stay in (first, second):
            other = second[1].bed if stay is first[1] else first[1].bed
            segments += [person.pid, self._pv1(stay, other)]
        beds = (first[1].bed, second[1].bed)

        def tell(source: Source) -> None:
            for (person, stay), bed in zip((first, second), beds, strict=True):
                self._tell_person(person, source)
                self._tell_stay(stay, source)
                stay.moves.append(BedMove(bed, source.event, source))

        self._send("A17", at, segments, tell)

    def cancel_transfer(self, person: Person, stay: Stay, moved: int, back: Location) -> None:
        """A12: the transfer of that time never happened."""
        at = self._desk.now
        stay.bed = back
        segments = self._heading("A12", person, stay, at, happened=moved)

        def tell(source: Source) -> None:
            self._tell_person(person, source)
            self._tell_stay(stay, source)
            self._cancelled.add((stay.visit, moved))
            stay.moves[:] = [move for move in stay.moves if move.since != moved]

        self._send("A12", at, segments, tell)

    def discharge(
        self, person: Person, stay: Stay, *, at: int | None = None, dead: bool = False
    ) -> None:
        """A03: the patient has left, now or at `at`, or has died."""
        at = self._desk.now if at is None else at
        stay.open = False
        died = self._desk.clock.moment(at, offset=_OFFSET) if dead else None
        if died is not None:
            person.pid += "|" * (_DEATH_FIELD - person.pid.count("|")) + f"{died.text}|Y"
        segments = self._heading("A03", person, stay, at, left=at)

        def tell(source: Source) -> None:
            self._tell_person(person, source)
            self._tell_stay(stay, source)
            stay.state.hear(EncounterState.DISCHARGED, source)
            if died is not None:
                person.dead = Value(died, source)
            stay.discharged.hear(self._desk.clock.moment(at, offset=_OFFSET), source)

        self._send("A03", at, segments, tell)

    def cancel_discharge(self, person: Person, stay: Stay) -> None:
        """A13: the patient is still there."""
        at = self._desk.now
        stay.open = True
        segments = self._heading("A13", person, stay, at)

        def tell(source: Source) -> None:
            self._tell_person(person, source)
            self._tell_stay(stay, source)
            stay.state.hear(EncounterState.ADMITTED, source)

        self._send("A13", at, segments, tell)

    def leave(self, person: Person, stay: Stay, *, back: bool) -> None:
        """A21, A22: the patient goes on leave for some hours, or comes back."""
        event, at = ("A22" if back else "A21"), self._desk.now
        segments = self._heading(event, person, stay, at)
        state = EncounterState.ADMITTED if back else EncounterState.ON_LEAVE

        def tell(source: Source) -> None:
            self._tell_person(person, source)
            self._tell_stay(stay, source)
            stay.state.hear(state, source)

        self._send(event, at, segments, tell)

    def _send(self, event: str, at: int, segments: list[str], tell: Tell) -> None:
        kind = f"ADT^{event}^{_STRUCTURES[event]}"
        self._desk.send(FEED, kind, at, segments, tell)

    def _stamp(self, at: int) -> str:
        return self._desk.clock.stamp(at, offset=_OFFSET)

    def _heading(  # noqa: PLR0913  an event has these parts
        self,
        event: str,
        person: Person,
        stay: Stay,
        at: int,
        before: Location | None = None,
        *,
        left: int | None = None,
        happened: int | None = None,
    ) -> list[str]:
        evn = _evn(event, self._stamp(at), self._stamp(happened or at))
        lines = [evn, person.pid, *person.nk1, self._pv1(stay, before, left)]
        expected = f"{self._desk.clock.local(stay.leaves_at):%Y%m%d}"
        lines.append(segment("PV2", {3: f"^{escape(stay.reason)}", 9: expected}))
        return lines

    def _pv1(self, stay: Stay, before: Location | None = None, left: int | None = None) -> str:
        return segment(
            "PV1",
            {
                1: "1",
                2: stay.patient_class,
                3: place(stay.bed),
                6: place(before) if before else "",
                7: f"{escape_name(stay.attending)}",
                10: service_of(Care(stay.care)),
                19: f"{stay.visit}^^^GHQV^VN",
                44: self._stamp(stay.admitted_at),
                45: self._stamp(left) if left else "",
            },
        )

    def _illness(self, person: Person) -> list[str]:
        lines = []
        allergies = person.true_allergies
        if allergies is not None:
            lines += [al1(i, one) for i, one in enumerate(allergies, start=1)]
            none = conditions.NONE_KNOWN
            if not allergies:
                lines.append(f"AL1|1||{none.code}^{escape(none.text)}^{none.system}")
        for index, problem in enumerate(person.true_problems, start=1):
            coding = problem.coding
            fields = {
                1: str(index),
                3: f"{coding.code}^{escape(coding.text)}^{coding.system}",
                5: problem.since.text if problem.since else "",
                6: problem.kind,
            }
            lines.append(segment("DG1", fields))
        return lines

    def _tell_person(self, person: Person, source: Source) -> None:
        if person.said is None or person.said.event <= source.event:
            person.said = source
        person.said_aside = False

    def _tell_stay(self, stay: Stay, source: Source) -> None:
        stay.told = True
        stay.expected.hear(self._desk.clock.day(stay.leaves_at), source)

    def _tell_illness(
        self, person: Person, allergies: tuple[Allergy, ...] | None, source: Source
    ) -> None:
        for one in allergies or ():
            person.hear_allergy(msgspec.structs.replace(one, source=source))
        if allergies == ():
            person.hear_none_known(source)
        for problem in person.true_problems:
            key = problem.coding.code
            person.one().problems[key] = msgspec.structs.replace(problem, source=source)


def _evn(event: str, recorded: str, happened: str = "") -> str:
    return segment("EVN", {1: event, 2: recorded, 5: "ADM01", 6: happened or recorded})


def place(bed: Location) -> str:
    """Return a PL."""
    return f"{bed.ward}^{escape(bed.room)}^{escape(bed.bed)}^{bed.facility}"


def escape_person(person: str) -> str:
    """Return an XCN from `identifier^family^given`."""
    identifier, family, given = person.split("^")
    return f"{identifier}^{escape(family)}^{escape(given)}"


def escape_name(doctor: str) -> str:
    """Return an XCN of a doctor from `identifier^family^given`."""
    return f"{escape_person(doctor)}^^^Dr"


def al1(index: int, allergy: Allergy) -> str:
    """Return an AL1 of one allergy."""
    coding = allergy.substance
    return segment(
        "AL1",
        {
            1: str(index),
            2: allergy.kind,
            3: f"{coding.code}^{escape(coding.text)}^{coding.system}",
            4: allergy.severity,
            5: "~".join(escape(reaction) for reaction in allergy.reactions),
        },
    )
