"""The appointment book: visits booked for the days to come, as SIU (HL7 v2.5.1, chapter 10)."""

from __future__ import annotations

import msgspec

from wardkeep.chart.model import Appointment, Source
from wardkeep.kernel.times import MINUTE
from wardkeep.sample.admissions import clinician, escape_name
from wardkeep.sample.bedside import short_pid
from wardkeep.sample.desk import Desk
from wardkeep.sample.group import SENDERS
from wardkeep.sample.hl7 import escape, segment
from wardkeep.sample.world import Latest, Person

FEED = "appointments"
_OFFSET = SENDERS[FEED].offset
_STATES = {
    "S12": ("Booked", "booked"),
    "S13": ("Booked", "booked"),
    "S14": ("Booked", "booked"),
    "S15": ("Cancelled", "cancelled"),
    "S26": ("Noshow", "noshow"),
}

# Service, what the visit is for, minutes, the house and room where it is.
CLINICS: tuple[tuple[str, str, int, str, str], ...] = (
    ("Cardiologie", "Contrôle pacemaker", 30, "PN", "Cabinet 4"),
    ("Ophtalmologie", "Injection intravitréenne", 20, "PN", "Cabinet 7"),
    ("Orthopédie", "Contrôle postopératoire à 6 semaines", 15, "HR", "Consultation B"),
    ("Oncologie", "Chimiothérapie ambulatoire", 180, "HR", "Hôpital de jour"),
    ("Radiothérapie", "Séance de radiothérapie", 15, "HR", "Accélérateur 1"),
    ("Dialyse", "Hémodialyse chronique", 240, "VA", "Poste 12"),
    ("Gynécologie", "Échographie du 2e trimestre", 30, "VA", "Cabinet 2"),
    ("Pédiatrie", "Vaccination et croissance", 20, "PN", "Cabinet 9"),
    ("Endocrinologie", "Suivi du diabète, HbA1c", 20, "GP", "Consultation 1"),
    ("Imagerie", "IRM du genou gauche", 30, "VA", "IRM"),
    ("Imagerie", "Scanner thoraco-abdominal", 20, "HR", "Scanner 2"),
    ("Prise de sang", "Contrôle INR", 10, "CB", "Centre de prélèvement"),
    ("Psychiatrie", "Entretien de suivi", 45, "LL", "Bureau 3"),
    ("Endoscopie", "Coloscopie sous sédation", 45, "HR", "Endoscopie 1"),
    ("Anesthésie", "Consultation préopératoire", 20, "TC", "Consultation 2"),
)


class Visit(msgspec.Struct, kw_only=True):
    """One booked visit as the book knows it."""

    number: str
    person: Person
    clinic: tuple[str, str, int, str, str]
    doctor: str
    start: int
    done: bool = False


class Agenda:
    """Writes bookings, changes, cancellations and those who did not come."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._numbers = 0
        self.visits: list[Visit] = []

    def book(
        self, person: Person, clinic: tuple[str, str, int, str, str], doctor: str, start: int
    ) -> Visit:
        """S12: a visit is booked."""
        self._numbers += 1
        visit = Visit(
            number=f"{6_000_000 + self._numbers}",
            person=person,
            clinic=clinic,
            doctor=doctor,
            start=start // MINUTE * MINUTE,
        )
        self.visits.append(visit)
        self.send(visit, "S12")
        return visit

    def send(self, visit: Visit, event: str) -> None:
        """S12, S13, S14, S15, S26: what becomes of a visit, with the patient's telephones."""
        status, state = ("Complete", "completed") if visit.done else _STATES[event]
        booked, person = self._appointment(visit, state), visit.person

        def tell(source: Source) -> None:
            known = person.one().appointments.setdefault(visit.number, Latest())
            known.hear(msgspec.structs.replace(booked, source=source), source)
            if person.said is None:
                person.said = source
                person.said_aside = True

        segments = self._segments(visit, status)
        self._desk.send(FEED, f"SIU^{event}^SIU_S12", self._desk.now, segments, tell)

    def _segments(self, visit: Visit, status: str) -> list[str]:
        service, reason, minutes, house, room = visit.clinic
        start = self._desk.clock.stamp(visit.start, offset=_OFFSET)
        sch = {
            1: f"{visit.number}^AGENDA",
            2: f"{visit.number}^AGENDA",
            6: f"^{escape(reason)}",
            7: f"^{escape(reason)}",
            9: str(minutes),
            10: "min^minute",
            11: f"^^{minutes}^{start}",
            25: status,
        }
        phones = visit.person.pid.split("|")[13]
        return [
            segment("SCH", sch),
            f"{short_pid(visit.person)}|||||{phones}",
            "RGS|1",
            f"AIS|1||^{escape(service)}|{start}|||{minutes}|min",
            f"AIL|1||^{escape(room)}^^{house}",
            f"AIP|1||{escape_name(visit.doctor)}",
        ]

    def _appointment(self, visit: Visit, state: str) -> Appointment:
        service, reason, minutes, house, room = visit.clinic
        return Appointment(
            appointment=visit.number,
            start=self._desk.clock.moment(visit.start, offset=_OFFSET),
            minutes=minutes,
            reason=reason,
            service=service,
            place=f"{room} {house}",
            who=clinician(visit.doctor).name,
            state=state,
            telephones=visit.person.telephones,
            source=Source("", "", 0, 0, 0),
        )
