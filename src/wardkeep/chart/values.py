"""The small values a chart is made of, each as it was sent, and the message that said it."""

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
    """The same drug ordered twice, by two feeds or by one: two lines, never merged."""
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
    MAYBE_DELETED = "maybe_deleted"
    """A message deleted a dose of this order, and which one it meant could not be told."""
    MAYBE_CORRECTED = "maybe_corrected"
    """A message corrected the time of a dose; this may be that same dose, or another."""
    ORDERED_AGAIN = "ordered_again"
    """Ended, and later told as a new order under the same number: whether it stands is not
    clear."""
    REPLACEMENT_UNKNOWN = "replacement_unknown"
    """Replaced (RP), and no feed has sent what replaces it."""
    CHANGE_REFUSED = "change_refused"
    """The pharmacy was unable to change it (UX) after the newest change was sent."""
    OLDER_PARTS = "older_parts"
    """Route or additives were told before the drug or dose was told last."""
    TOLD_BEFORE_ITS_TIME = "told_before_its_time"
    """A dose recorded for a time that had not come when its message was sent."""
    DOSE_WITHOUT_UNIT = "dose_without_unit"
    EARLIER_STAY = "earlier_stay"
    """Ordered in a stay that has ended, and nobody ended the order: it is not this stay's."""


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


class Telephone(msgspec.Struct, frozen=True):
    """A number as sent and what it is for (XTN use code)."""

    number: str
    use: str = ""


class Measure(msgspec.Struct, frozen=True):
    """A number as sent with its unit and the time it was taken."""

    amount: str
    unit: str
    taken: Moment | None = None
