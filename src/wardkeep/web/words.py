"""Words of the chart for a person: states, flags and streams, ready for translation.

`N_` marks a string for the catalogue; the page translates. The same English words stand on
paper (docs/terms.csv).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from wardkeep.access.events import Role
from wardkeep.chart.model import (
    AllergyState,
    DoseOutcome,
    EncounterState,
    FlagKind,
    OrderKind,
    OrderState,
    ResultState,
)
from wardkeep.hospital.streams import Stream, StreamState
from wardkeep.pack.high_risk import ANTICOAGULANT, INSULIN, METHOTREXATE, OPIOID, POTASSIUM
from wardkeep.sender.events import Trait


def N_(message: str) -> str:  # noqa: N802 - gettext's own name for "translate later"
    """Mark a string for the catalogue and return it unchanged."""
    return message


STREAMS: Final[Mapping[Stream, str]] = {
    Stream.ADMISSIONS: N_("Admissions and beds"),
    Stream.ALLERGIES: N_("Allergies"),
    Stream.PROBLEMS: N_("Problems"),
    Stream.CODE_STATUS: N_("Code status"),
    Stream.ISOLATION: N_("Isolation"),
    Stream.DIET: N_("Diet"),
    Stream.WEIGHT: N_("Weight"),
    Stream.MEDICATION_ORDERS: N_("Medication orders"),
    Stream.DOSES_GIVEN: N_("Doses given"),
    Stream.LABORATORY: N_("Laboratory"),
    Stream.IMAGING: N_("Imaging"),
    Stream.ORDERS: N_("Orders"),
    Stream.SPECIMENS: N_("Specimens"),
    Stream.APPOINTMENTS: N_("Appointments"),
}

STREAM_STATES: Final[Mapping[StreamState, str]] = {
    StreamState.FRESH: N_("FRESH"),
    StreamState.LATE: N_("LATE"),
    StreamState.SILENT: N_("SILENT"),
    StreamState.NOT_FED: N_("NOT FED"),
}

SHAPES: Final[Mapping[StreamState, str]] = {
    StreamState.FRESH: "●",
    StreamState.LATE: "◐",
    StreamState.SILENT: "○",
    StreamState.NOT_FED: "–",
}
"""Dot, half, ring, dash: told apart without colour."""

ALLERGY_STATES: Final[Mapping[AllergyState, str]] = {
    AllergyState.LISTED: N_("ALLERGIES"),
    AllergyState.NONE_KNOWN: N_("NONE KNOWN"),
    AllergyState.NOT_RECORDED: N_("NOT RECORDED: ASK"),
    AllergyState.CONFLICT: N_("CONFLICT: sources disagree"),
}

SEXES: Final[Mapping[str, str]] = {"F": N_("F"), "M": N_("M")}
"""The letters of HL7 table 0001 as a ward writes them; any other is shown as it was sent."""

ORDER_KINDS: Final[Mapping[OrderKind, str]] = {
    OrderKind.REGULAR: N_("Regular medicines"),
    OrderKind.AS_NEEDED: N_("As needed"),
    OrderKind.ONCE: N_("Once only"),
    OrderKind.INFUSION: N_("Infusions"),
}

ORDER_STATES: Final[Mapping[OrderState, str]] = {
    OrderState.ACTIVE: N_("active"),
    OrderState.HELD: N_("ON HOLD"),
    OrderState.STOPPED: N_("STOPPED"),
    OrderState.CANCELLED: N_("CANCELLED"),
    OrderState.COMPLETED: N_("completed"),
    OrderState.REPLACED: N_("replaced"),
}

DOSE_OUTCOMES: Final[Mapping[DoseOutcome, str]] = {
    DoseOutcome.GIVEN: N_("given"),
    DoseOutcome.PARTIAL: N_("PARTLY GIVEN"),
    DoseOutcome.HELD: N_("HELD"),
    DoseOutcome.REFUSED: N_("REFUSED"),
    DoseOutcome.NOT_GIVEN: N_("NOT GIVEN"),
    DoseOutcome.UNCLEAR: N_("RECORDED, OUTCOME AS SENT:"),
}

RESULT_STATES: Final[Mapping[ResultState, str]] = {
    ResultState.PRELIMINARY: N_("preliminary"),
    ResultState.FINAL: N_("final"),
    ResultState.CORRECTED: N_("CORRECTED"),
    ResultState.WITHDRAWN: N_("WITHDRAWN"),
    ResultState.PENDING: N_("pending"),
}

ENCOUNTER_STATES: Final[Mapping[EncounterState, str]] = {
    EncounterState.PREADMITTED: N_("expected"),
    EncounterState.ADMITTED: N_("admitted"),
    EncounterState.OUTPATIENT: N_("outpatient"),
    EncounterState.ON_LEAVE: N_("ON LEAVE"),
    EncounterState.DISCHARGED: N_("discharged"),
    EncounterState.CANCELLED: N_("cancelled"),
}

APPOINTMENT_STATES: Final[Mapping[str, str]] = {
    "booked": N_("booked"),
    "arrived": N_("arrived"),
    "cancelled": N_("CANCELLED"),
    "noshow": N_("did not come"),
    "completed": N_("completed"),
}

FLAGS: Final[Mapping[FlagKind, str]] = {
    FlagKind.LOST_CHARACTERS: N_("Characters were lost in this text: check the dose"),
    FlagKind.TIMING_UNREADABLE: N_("Timing AS SENT: it could not be read"),
    FlagKind.POSSIBLE_DUPLICATE: N_("The same drug was ordered twice: one order or two?"),
    FlagKind.ALLERGIES_DISAGREE: N_("The systems disagree on allergies: ask the patient"),
    FlagKind.CODE_STATUS_FROM_MERGED: N_("Code status from a merged record: confirm it"),
    FlagKind.NUMBER_REUSED: N_("This record number was used before for somebody else"),
    FlagKind.MERGED_DEMOGRAPHICS_DIFFER: N_("Merged records differ in name or birth date"),
    FlagKind.BED_SHARED: N_("Two patients are recorded in this bed"),
    FlagKind.SAME_NAME_ON_WARD: N_("Another patient on this ward has the same name"),
    FlagKind.SIMILAR_NAME_ON_WARD: N_("Another patient on this ward has a similar name"),
    FlagKind.ID_REUSED_BY_SENDER: N_("The sender used one message number twice"),
    FlagKind.NO_DRUG_NAMED: N_("This order names no drug"),
    FlagKind.ORDER_UNKNOWN: N_("Belongs to an order that no system has sent"),
    FlagKind.MAYBE_DELETED: N_(
        "A dose of this order was deleted, and it is not clear which: ask"
    ),
    FlagKind.MAYBE_CORRECTED: N_("Maybe the same dose twice: its time was corrected. Ask"),
    FlagKind.ORDERED_AGAIN: N_("Stopped, then ordered again under the same number: ask"),
    FlagKind.DOSE_WITHOUT_UNIT: N_("The dose was sent without a unit"),
    FlagKind.REPLACEMENT_UNKNOWN: N_("Replaced, and the new order is not known here: ask"),
    FlagKind.CHANGE_REFUSED: N_("The pharmacy refused a change: ask what stands"),
    FlagKind.OLDER_PARTS: N_(
        "Route or additives were told before the last change of drug or dose: ask"
    ),
    FlagKind.TOLD_BEFORE_ITS_TIME: N_("Recorded before its time had come: ask"),
    FlagKind.EARLIER_STAY: N_("Ordered in an earlier stay and never ended: ask a doctor"),
}

FLAG_SIGNS: Final[Mapping[FlagKind, str]] = {
    FlagKind.LOST_CHARACTERS: N_("CHECK DOSE"),
    FlagKind.TIMING_UNREADABLE: N_("AS SENT"),
    FlagKind.POSSIBLE_DUPLICATE: N_("SAME DRUG TWICE"),
    FlagKind.ALLERGIES_DISAGREE: N_("ASK ALLERGIES"),
    FlagKind.CODE_STATUS_FROM_MERGED: N_("CONFIRM CODE"),
    FlagKind.NUMBER_REUSED: N_("NUMBER REUSED"),
    FlagKind.MERGED_DEMOGRAPHICS_DIFFER: N_("CHECK IDENTITY"),
    FlagKind.BED_SHARED: N_("BED SHARED"),
    FlagKind.SAME_NAME_ON_WARD: N_("SAME NAME"),
    FlagKind.SIMILAR_NAME_ON_WARD: N_("SIMILAR NAME"),
    FlagKind.ID_REUSED_BY_SENDER: N_("MESSAGE NUMBER TWICE"),
    FlagKind.NO_DRUG_NAMED: N_("NO DRUG NAMED"),
    FlagKind.ORDER_UNKNOWN: N_("ORDER UNKNOWN"),
    FlagKind.MAYBE_DELETED: N_("MAYBE DELETED"),
    FlagKind.MAYBE_CORRECTED: N_("MAYBE TWICE"),
    FlagKind.ORDERED_AGAIN: N_("ORDERED AGAIN"),
    FlagKind.DOSE_WITHOUT_UNIT: N_("UNIT NOT SENT"),
    FlagKind.REPLACEMENT_UNKNOWN: N_("NEW ORDER UNKNOWN"),
    FlagKind.CHANGE_REFUSED: N_("CHANGE REFUSED"),
    FlagKind.OLDER_PARTS: N_("CHECK ROUTE"),
    FlagKind.TOLD_BEFORE_ITS_TIME: N_("BEFORE ITS TIME"),
    FlagKind.EARLIER_STAY: N_("EARLIER STAY"),
}
"""The flags in a few letters, for a row of the ward board; the sheet has the sentence."""

RISK_SIGNS: Final[Mapping[str, str]] = {
    INSULIN: N_("INSULIN"),
    ANTICOAGULANT: N_("ANTICOAG."),
    OPIOID: N_("OPIOID"),
    POTASSIUM: N_("POTASSIUM"),
    METHOTREXATE: N_("METHOTREX."),
}
"""High-risk drugs as short as forty rows on a screen need; paper says the words whole."""

TRAITS: Final[Mapping[Trait, str]] = {
    Trait.ADDRESS: N_("Address"),
    Trait.CERTIFICATE: N_("Certificate"),
    Trait.TOKEN: N_("Token"),
    Trait.APPLICATION: N_("Application"),
    Trait.MESSAGE_TYPE: N_("Type of message"),
    Trait.RATE: N_("Messages in one hour"),
}
"""By what a sender is told apart."""

ROLES: Final[Mapping[Role, str]] = {
    Role.NURSE: N_("nurse"),
    Role.PHYSICIAN: N_("physician"),
    Role.PHARMACIST: N_("pharmacist"),
    Role.LABORATORY: N_("laboratory"),
    Role.IT: N_("information technology"),
    Role.LEAD: N_("crisis lead"),
    Role.AUDITOR: N_("auditor"),
}
