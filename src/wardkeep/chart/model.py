"""The chart as wards, packs and screens read it: every value names the message that said it.

Rules kept here:
- `None` never means "nothing": it means no message has said it. Who shows it prints
  NOT RECORDED.
- Text of the source (doses, timings, names) stands as it was sent; flags stand beside it.
- Lists are in an order that does not depend on arrival, so that equal charts are equal bytes.
"""

from __future__ import annotations

from enum import StrEnum

import msgspec

from wardkeep.chart.findings import (
    PendingOrder,
    PendingSpecimen,
    Report,
    Result,
    ResultSeries,
    ResultState,
)
from wardkeep.chart.medication import (
    Component,
    Dose,
    DoseOutcome,
    MedicationOrder,
    OrderKind,
    OrderState,
    Timing,
    TimingForm,
)
from wardkeep.chart.values import (
    Clinician,
    Coded,
    Flag,
    FlagKind,
    Identifier,
    Location,
    Measure,
    PersonName,
    Source,
    Telephone,
    Value,
)
from wardkeep.kernel.times import Moment

__all__ = [
    "Allergies",
    "Allergy",
    "AllergyState",
    "Appointment",
    "BedMove",
    "Clinician",
    "CodeStatus",
    "Coded",
    "Component",
    "Dose",
    "DoseOutcome",
    "Encounter",
    "EncounterState",
    "Flag",
    "FlagKind",
    "Identifier",
    "Location",
    "Measure",
    "MedicationOrder",
    "NextOfKin",
    "OrderKind",
    "OrderState",
    "PatientChart",
    "PendingOrder",
    "PendingSpecimen",
    "PersonName",
    "Problem",
    "Report",
    "Result",
    "ResultSeries",
    "ResultState",
    "Source",
    "Telephone",
    "Timing",
    "TimingForm",
    "Value",
]


class EncounterState(StrEnum):
    """Where an encounter stands."""

    PREADMITTED = "preadmitted"
    ADMITTED = "admitted"
    OUTPATIENT = "outpatient"
    ON_LEAVE = "on_leave"
    DISCHARGED = "discharged"
    CANCELLED = "cancelled"


class BedMove(msgspec.Struct, frozen=True):
    """The patient lay here from `since`."""

    location: Location
    since: int
    source: Source


class Encounter(msgspec.Struct, frozen=True, kw_only=True):
    """One stay or visit, keyed by PV1-19 (else PID-18, else the record number)."""

    visit: str
    state: Value[EncounterState]
    patient_class: Value[str] | None = None
    location: Value[Location] | None = None
    moves: tuple[BedMove, ...] = ()
    """Oldest first; cancelled moves are gone."""
    admitted: Value[Moment] | None = None
    discharged: Value[Moment] | None = None
    expected_discharge: Value[Moment] | None = None
    attending: Value[Clinician] | None = None
    service: Value[str] | None = None
    reason: Value[str] | None = None


class AllergyState(StrEnum):
    """What is known of allergies as a whole."""

    LISTED = "listed"
    NONE_KNOWN = "none_known"
    NOT_RECORDED = "not_recorded"
    CONFLICT = "conflict"
    """Sources disagree (one lists, one says none; or severities differ): the union is shown."""


class Allergy(msgspec.Struct, frozen=True, kw_only=True):
    """One allergy as one feed lists it."""

    substance: Coded
    kind: str = ""
    """AL1-2 / IAM-2 as sent, e.g. DA, FA, EA."""
    severity: str = ""
    reactions: tuple[str, ...] = ()
    onset: str = ""
    source: Source


class Allergies(msgspec.Struct, frozen=True, kw_only=True):
    """The patient's allergies over all feeds."""

    state: AllergyState
    items: tuple[Allergy, ...] = ()
    none_known: tuple[Source, ...] = ()
    """The messages that said that none are known."""


class Problem(msgspec.Struct, frozen=True, kw_only=True):
    """A diagnosis or problem (DG1, PRB)."""

    coding: Coded
    kind: str = ""
    since: Moment | None = None
    active: bool = True
    source: Source


class CodeStatus(msgspec.Struct, frozen=True, kw_only=True):
    """A resuscitation decision. Newest first in the chart; several scopes may stand at once."""

    text: str
    scope: str = ""
    """The encounter it was said in, or "" where it was said of the person."""
    signer: str = ""
    date: Moment | None = None
    record: str = ""
    """The record number it was said under: a merge never carries it over silently."""
    from_merged: bool = False
    source: Source


class NextOfKin(msgspec.Struct, frozen=True, kw_only=True):
    """Whom to call (NK1)."""

    name: PersonName
    relation: str = ""
    telephones: tuple[Telephone, ...] = ()
    source: Source


class Appointment(msgspec.Struct, frozen=True, kw_only=True):
    """A booked visit (SIU)."""

    appointment: str
    start: Moment
    minutes: int = 0
    reason: str = ""
    service: str = ""
    place: str = ""
    who: str = ""
    state: str
    """booked, arrived, cancelled, noshow, completed."""
    telephones: tuple[Telephone, ...] = ()
    source: Source


class PatientChart(msgspec.Struct, frozen=True, kw_only=True):
    """All that is known of one patient under one surviving record number."""

    record: str
    merged_from: tuple[str, ...] = ()
    identifiers: tuple[Identifier, ...] = ()
    name: Value[PersonName] | None = None
    birth_date: Value[str] | None = None
    """ISO date as far as known: "1934-03-07", "1934-03" or "1934"."""
    sex: Value[str] | None = None
    dead: Value[Moment] | None = None
    telephones: tuple[Telephone, ...] = ()
    next_of_kin: tuple[NextOfKin, ...] = ()
    encounters: tuple[Encounter, ...] = ()
    """The one that places the patient in a bed first, then newest first."""
    allergies: Allergies
    problems: tuple[Problem, ...] = ()
    code_status: tuple[CodeStatus, ...] = ()
    isolation: Value[str] | None = None
    diet: Value[str] | None = None
    weight: Value[Measure] | None = None
    orders: tuple[MedicationOrder, ...] = ()
    """Every order in every state, sorted by kind, drug text, order."""
    doses: tuple[Dose, ...] = ()
    """Newest first."""
    results: tuple[ResultSeries, ...] = ()
    reports: tuple[Report, ...] = ()
    pending_orders: tuple[PendingOrder, ...] = ()
    pending_specimens: tuple[PendingSpecimen, ...] = ()
    appointments: tuple[Appointment, ...] = ()
    flags: tuple[Flag, ...] = ()

    @property
    def current(self) -> Encounter | None:
        """The encounter that places the patient in a bed now, or None."""
        if self.encounters and self.encounters[0].state.value in {
            EncounterState.ADMITTED,
            EncounterState.ON_LEAVE,
        }:
            return self.encounters[0]
        return None
