"""The chart as wards, packs and screens read it: every value names the message that said it.

Rules kept here:
- `None` never means "nothing": it means no message has said it. Who shows it prints
  NOT RECORDED.
- Text of the source (doses, timings, names) stands as it was sent; flags stand beside it.
- Lists are in an order that does not depend on arrival, so that equal charts are equal bytes.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Generic, TypeVar

import msgspec

from wardkeep.kernel.times import Moment

T = TypeVar("T")


class Source(msgspec.Struct, frozen=True, array_like=True):
    """Which message said a value. Times in UTC microseconds.

    `event` is when it happened as the message tells it, `sent` is MSH-7, `sequence` the entry
    of the clinical ledger, by which the raw message is shown.
    """

    feed: str
    message: str
    event: int
    sent: int
    sequence: int


class Value(msgspec.Struct, Generic[T], frozen=True):
    """A value and the message that said it."""

    value: T
    source: Source


class Coded(msgspec.Struct, frozen=True):
    """A coded thing as sent (CE/CWE): code, text to show, coding system; any may be empty."""

    code: str
    text: str
    system: str = ""


class FlagKind(StrEnum):
    """What a person must look at. Each has a translated sentence on paper and screen."""

    LOST_CHARACTERS = "lost_characters"
    """Replacement characters or mojibake in a dose: a lost micro sign makes grams."""
    TIMING_UNREADABLE = "timing_unreadable"
    POSSIBLE_DUPLICATE = "possible_duplicate"
    """The same drug ordered through two feeds: two lines, never merged."""
    ALLERGIES_DISAGREE = "allergies_disagree"
    CODE_STATUS_FROM_MERGED = "code_status_from_merged"
    """Recorded under a number that was merged into this one: confirm before relying on it."""
    NUMBER_REUSED = "number_reused"
    """A merged record number came back with another birth date."""
    MERGED_DEMOGRAPHICS_DIFFER = "merged_demographics_differ"
    BED_SHARED = "bed_shared"
    SAME_NAME_ON_WARD = "same_name_on_ward"
    SIMILAR_NAME_ON_WARD = "similar_name_on_ward"
    ID_REUSED_BY_SENDER = "id_reused_by_sender"
    NO_DRUG_NAMED = "no_drug_named"
    ORDER_UNKNOWN = "order_unknown"
    """A dose or a stop names an order that no feed has sent."""


class Flag(msgspec.Struct, frozen=True, order=True):
    """One thing to look at; `detail` is source text, never translated."""

    kind: FlagKind
    detail: str = ""


class Identifier(msgspec.Struct, frozen=True, order=True):
    """A number of the patient as in PID-3 (CX)."""

    number: str
    authority: str = ""
    type: str = ""


class PersonName(msgspec.Struct, frozen=True):
    """A name as sent (XPN), parts never re-cased."""

    family: str
    given: str = ""
    other: str = ""


class Clinician(msgspec.Struct, frozen=True):
    """A clinician as sent (XCN)."""

    identifier: str
    name: str


class Location(msgspec.Struct, frozen=True):
    """Ward, room, bed, facility of PV1-3 (PL), as sent."""

    ward: str
    room: str = ""
    bed: str = ""
    facility: str = ""


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


class Telephone(msgspec.Struct, frozen=True):
    """A number as sent and what it is for (XTN use code)."""

    number: str
    use: str = ""


class NextOfKin(msgspec.Struct, frozen=True, kw_only=True):
    """Whom to call (NK1)."""

    name: PersonName
    relation: str = ""
    telephones: tuple[Telephone, ...] = ()
    source: Source


class Measure(msgspec.Struct, frozen=True):
    """A number as sent with its unit and the time it was taken."""

    amount: str
    unit: str
    taken: Moment | None = None


class OrderState(StrEnum):
    """Where a medication order or request stands."""

    ACTIVE = "active"
    HELD = "held"
    STOPPED = "stopped"
    CANCELLED = "cancelled"
    COMPLETED = "completed"
    REPLACED = "replaced"


class OrderKind(StrEnum):
    """Which block of the MAR an order stands in."""

    REGULAR = "regular"
    AS_NEEDED = "as_needed"
    ONCE = "once"
    INFUSION = "infusion"


class TimingForm(StrEnum):
    """How an order repeats."""

    TIMES = "times"
    """At the listed clock times on each due day."""
    INTERVAL = "interval"
    """Every `every_minutes` from the start (Q8H, Q72H patches)."""
    CODE = "code"
    """A code whose hours are the site's standard hours (BID, QID)."""
    ONCE = "once"
    CONTINUOUS = "continuous"
    AS_NEEDED = "as_needed"
    PHASES = "phases"
    """Tapering or changing: each phase has its own timing and dose."""
    UNREADABLE = "unreadable"


class Timing(msgspec.Struct, frozen=True, kw_only=True):
    """When an order is due. `text` is the timing exactly as sent and is always kept."""

    form: TimingForm
    text: str
    code: str = ""
    times: tuple[str, ...] = ()
    """Local wall-clock "HH:MM", sorted."""
    every_minutes: int = 0
    every_days: int = 1
    """For TIMES and CODE: every n-th day from the start (2: every other day)."""
    weekdays: tuple[int, ...] = ()
    """ISO weekdays, 1 is Monday; empty: every day."""
    start: Moment | None = None
    stop: Moment | None = None
    dose: str = ""
    """The dose of this phase as sent, where it differs by phase."""
    phases: tuple[Timing, ...] = ()


class Component(msgspec.Struct, frozen=True, kw_only=True):
    """A base or additive of a mixture (RXC)."""

    kind: str
    drug: Coded
    amount: str = ""
    unit: str = ""


class MedicationOrder(msgspec.Struct, frozen=True, kw_only=True):
    """One line of the MAR. Dose and units are the text as sent, never corrected."""

    order: str
    """Placer number with its namespace, or the filler's where no placer was sent."""
    filler: str = ""
    feed: str
    visit: str = ""
    drug: Value[Coded]
    dose: Value[str] | None = None
    """Amount and unit as sent, e.g. "2.5 mg"; a range stands as "1-2 tab"."""
    give_strength: str = ""
    form: str = ""
    route: Value[Coded] | None = None
    site: str = ""
    kind: OrderKind
    timing: Value[Timing]
    state: Value[OrderState]
    as_needed_reason: str = ""
    maximum: str = ""
    rate: str = ""
    components: tuple[Component, ...] = ()
    indication: str = ""
    instructions: tuple[str, ...] = ()
    prescriber: Value[Clinician] | None = None
    verified_by: str = ""
    entered: Moment | None = None
    replaced_by: str = ""
    flags: tuple[Flag, ...] = ()


class DoseOutcome(StrEnum):
    """What came of a dose (RXA-20)."""

    GIVEN = "given"
    PARTIAL = "partial"
    HELD = "held"
    REFUSED = "refused"
    NOT_GIVEN = "not_given"


class Dose(msgspec.Struct, frozen=True, kw_only=True):
    """One recorded administration (RXA). Deleted ones (RXA-21 D) are not in the chart."""

    dose: str
    """Stable id of the administration: order, sub-id, start time."""
    order: str = ""
    drug: Coded
    amount: str = ""
    outcome: DoseOutcome
    outcome_text: str = ""
    reason: str = ""
    at: Moment
    by: str = ""
    rate: str = ""
    flags: tuple[Flag, ...] = ()
    source: Source


class ResultState(StrEnum):
    """OBX-11 in words."""

    PRELIMINARY = "preliminary"
    FINAL = "final"
    CORRECTED = "corrected"
    WITHDRAWN = "withdrawn"
    PENDING = "pending"


class Result(msgspec.Struct, frozen=True, kw_only=True):
    """One laboratory value at one time."""

    value: str
    unit: str = ""
    reference: str = ""
    abnormal: str = ""
    state: ResultState
    at: Moment | None
    corrected_from: tuple[str, ...] = ()
    """Earlier final values of this very result, oldest first; printed struck."""
    notes: tuple[str, ...] = ()
    source: Source


class ResultSeries(msgspec.Struct, frozen=True, kw_only=True):
    """One analysis of one patient, newest value first."""

    coding: Coded
    specimen: str = ""
    results: tuple[Result, ...]


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """A report in words (imaging, microbiology, letters)."""

    report: str
    coding: Coded
    section: str = ""
    text: str
    state: ResultState
    at: Moment | None = None
    imaging: bool = False
    source: Source


class PendingOrder(msgspec.Struct, frozen=True, kw_only=True):
    """An order (laboratory, imaging, consult) with no final result yet."""

    order: str
    coding: Coded
    section: str = ""
    state: OrderState
    due: Moment | None = None
    requester: str = ""
    priority: str = ""
    source: Source


class PendingSpecimen(msgspec.Struct, frozen=True, kw_only=True):
    """A specimen that was collected and has no final result."""

    specimen: str
    kind: str = ""
    order: str = ""
    coding: Coded
    collected: Moment | None = None
    received: Moment | None = None
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
