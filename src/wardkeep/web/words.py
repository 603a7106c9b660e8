"""Words of the chart for a person: states, flags and streams, ready for translation.

`N_` marks a string for the catalogue; the page translates. The same English words stand on
paper (docs/terms.csv).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from wardkeep.access.events import Role
from wardkeep.alarm.codes import Severity, kind_of
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

SERVER_ALARMS: Final[Mapping[str, tuple[str, str]]] = {
    "disk-full": (
        N_("DISK FULL"),
        N_("The disk of this server is nearly full: soon nothing new can be kept."),
    ),
    "clinical-not-stored": (
        N_("NOT STORED"),
        N_("New messages cannot be stored. They wait at their senders; the pages stay old."),
    ),
    "operations-not-stored": (
        N_("NOT STORED"),
        N_("What people decide here cannot be stored. Write it on paper."),
    ),
    "access-not-stored": (
        N_("NOT STORED"),
        N_("Looks at patients cannot be recorded. The pages are shown all the same."),
    ),
    "clinical-lost": (
        N_("ENTRIES LOST"),
        N_("Messages that were stored are gone from the ledger. Trust the paper and ask."),
    ),
    "operations-lost": (
        N_("ENTRIES LOST"),
        N_("Decisions that were stored are gone from the ledger."),
    ),
    "access-lost": (
        N_("ENTRIES LOST"),
        N_("Recorded looks at patients are gone from the ledger."),
    ),
    "clinical-damaged": (
        N_("FILE DAMAGED"),
        N_("A file of messages is damaged: some cannot be read again. New ones are kept."),
    ),
    "operations-damaged": (
        N_("FILE DAMAGED"),
        N_("A file of decisions and accounts is damaged: some are gone. New ones are kept."),
    ),
    "access-damaged": (
        N_("FILE DAMAGED"),
        N_("A file of recorded looks is damaged: some are gone. New ones are kept."),
    ),
    "first-silent": (
        N_("FIRST SERVER SILENT"),
        N_("The first server does not answer. This box shows what it had copied."),
    ),
    "copy-contradicted": (
        N_("COPY CONTRADICTED"),
        N_("The first server sent something else than it had recorded. None of it was taken."),
    ),
    "first-lost-entries": (
        N_("FIRST HAS LESS"),
        N_("The first server holds less than this box: it lost entries or was put back."),
    ),
    "copy-stopped": (
        N_("COPY STOPPED"),
        N_("Something of the first server is not copied any more."),
    ),
    "printer-dead": (
        N_("PRINTER DOES NOT PRINT"),
        N_("This printer does not answer or has stopped. Look at it."),
    ),
    "print-stuck": (
        N_("NOT ALL PRINTED"),
        N_("The paper of this ward did not come out whole. Look into the tray."),
    ),
    "proof-wrong": (
        N_("PAPER WRONG"),
        N_("The paper of this ward does not say what its charts say. Do not trust it: ask."),
    ),
    "proof-old": (
        N_("NOT PROVED"),
        N_("No ward's paper was compared with its charts for two days."),
    ),
    "pack-held": (
        N_("PAPER HELD"),
        N_(
            "Too much changed at once. The paper stays at the last sound one until somebody who"
            " asked the ward decides."
        ),
    ),
    "feed-near-quota": (
        N_("MUCH DATA"),
        N_("This feed sends far more than usual. Soon no more of it is taken today."),
    ),
    "feed-quota": (
        N_("FEED STOPPED"),
        N_(
            "This feed sent more than a day may hold. Nothing new of it is taken; the pages"
            " stay old."
        ),
    ),
    "feed-waits-for-disk": (
        N_("FEED STOPPED"),
        N_("The disk is nearly full. Nothing new of this feed is taken; the pages stay old."),
    ),
    "disk-low": (
        N_("DISK FILLS UP"),
        N_("The disk of this server fills up. Space must be made soon."),
    ),
    "disk-read-only": (
        N_("DISK LOCKED"),
        N_("The disk of this server takes nothing new: it is read-only."),
    ),
    "inodes-low": (
        N_("DISK FULL"),
        N_("The disk of this server takes no new files."),
    ),
    "files-low": (
        N_("TOO MANY CONNECTIONS"),
        N_("Too many connections are open: new ones are closed."),
    ),
    "memory-low": (
        N_("MEMORY LOW"),
        N_("The memory of this server is nearly used up."),
    ),
    "charts-not-carried": (
        N_("CHARTS NOT WHOLE"),
        N_("Earlier days are gone and their charts cannot be read: patients may be missing."),
    ),
    "carried-charts-gone": (
        N_("SPARE CHARTS GONE"),
        N_(
            "No patient is missing. What keeps the charts of erased days safe must be restored."
        ),
    ),
    "erasing-stopped": (
        N_("NOT ERASED"),
        N_(
            "Days that are due are not erased: something cannot be read or carried. Care goes"
            " on."
        ),
    ),
    "certificate-ends": (
        N_("CERTIFICATE ENDS"),
        N_(
            "A certificate of this server ends soon or has ended. Without a new one a"
            " connection ends with it."
        ),
    ),
    "key-awaited": (
        N_("WAITING FOR THE KEY"),
        N_("This server waits for its key: nothing runs until it is there."),
    ),
    "log-grows": (
        N_("LOG GROWS"),
        N_("A log of this server grows and is not put away."),
    ),
    "sender-new": (
        N_("NEW SENDER"),
        N_("Somebody sends here who never did before. Look at it under Senders."),
    ),
    "sender-refused": (
        N_("SENDER REFUSED"),
        N_("A sender showed a certificate that may not send here. It was refused."),
    ),
    "backup-late": (
        N_("BACKUP LATE"),
        N_("The newest backup of this server is too old. Tell IT by day; care goes on."),
    ),
    "sealed-code-used": (
        N_("SEALED CODE USED"),
        N_("A sealed code opened a session. Somebody must know who and why."),
    ),
    "break-glass": (
        N_("GLASS BROKEN"),
        N_("Somebody looks at patients beyond the own role. Somebody must know who and why."),
    ),
    "delivery-failing": (
        N_("PACKS NOT DELIVERED"),
        N_("Wards' packs do not reach a folder or stick. What lies there grows old."),
    ),
    "pack-unsealed": (
        N_("PACK NOT ENCRYPTED"),
        N_("A ward's new pack cannot be encrypted. What was delivered before grows old."),
    ),
    "poll-failing": (
        N_("NOT ANSWERING"),
        N_("A system that is asked for news does not answer. What changed there is missing."),
    ),
    "fhir-refused": (
        N_("SENDER REFUSED"),
        N_("What a system sent here was refused. What it wanted to tell is missing."),
    ),
    "process-down": (
        N_("NOT RUNNING"),
        N_("A part of this server does not run. It is started again by itself."),
    ),
}
"""What stands against the server (alarm.codes): a sign and a sentence."""

TRAITS: Final[Mapping[Trait, str]] = {
    Trait.ADDRESS: N_("Address"),
    Trait.CERTIFICATE: N_("Certificate"),
    Trait.TOKEN: N_("Token"),
    Trait.APPLICATION: N_("Application"),
    Trait.MESSAGE_TYPE: N_("Type of message"),
    Trait.RATE: N_("Messages in one hour"),
}
"""By what a sender is told apart."""

ENDED_BY_AUDIT: Final = ("sealed-code-used", "break-glass")
"""Alarms that somebody ends on the page Audit, once it is known who and why."""

OTHER_ALARM: Final = (N_("FAULT"), N_("This server reports a fault."))


def is_heavy(code: str) -> bool:
    """Say whether somebody must be called about an alarm at any hour."""
    return kind_of(code).severity is Severity.CRITICAL


ROLES: Final[Mapping[Role, str]] = {
    Role.NURSE: N_("nurse"),
    Role.PHYSICIAN: N_("physician"),
    Role.PHARMACIST: N_("pharmacist"),
    Role.LABORATORY: N_("laboratory"),
    Role.IT: N_("information technology"),
    Role.LEAD: N_("crisis lead"),
    Role.AUDITOR: N_("auditor"),
}
