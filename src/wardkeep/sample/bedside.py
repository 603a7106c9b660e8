"""What every system but admissions writes at the head of a message: who, and in which bed."""

from __future__ import annotations

from wardkeep.sample.admissions import place
from wardkeep.sample.hl7 import segment
from wardkeep.sample.world import Person, Stay

ATC = "ATC"
_PID_FIELDS = 9  # as far as the sex: departments do not repeat address and telephone


def short_pid(person: Person) -> str:
    """Return PID with identifiers, name, birth date and sex."""
    return "|".join(person.pid.split("|")[:_PID_FIELDS])


def pid_and_visit(person: Person, stay: Stay) -> list[str]:
    """Return PID and PV1 as departments send them."""
    pv1 = {1: "1", 2: stay.patient_class, 3: place(stay.bed), 19: f"{stay.visit}^^^GHQV^VN"}
    return [short_pid(person), segment("PV1", pv1)]
