"""What this part writes to the operations ledger; times in UTC microseconds.

The operations ledger is kept for years and never erased, so no event names a patient or says
what a chart held: `entry` leads to the message in the clinical ledger while that is kept.
"""

from __future__ import annotations

from enum import StrEnum

import msgspec

from wardkeep.bedside.errors import BedsideEventError

PART = "bedside"


class FactKind(StrEnum):
    """What of a patient is compared."""

    ALLERGIES = "allergies"
    DOSE_DUE = "dose_due"
    """A standing order: drug, dose and when it is due next."""
    DOSE_GIVEN = "dose_given"
    """The newest dose of an order, or that none was recorded lately."""
    BED = "bed"
    CODE_STATUS = "code_status"
    ISOLATION = "isolation"
    WEIGHT = "weight"
    DIET = "diet"


class Finding(StrEnum):
    """What a nurse found at the bedside."""

    SAME = "same"
    DIFFERENT = "different"
    UNCHECKED = "unchecked"
    """It could not be checked: the patient is away, nobody to ask."""


class Cause(StrEnum):
    """Where it was wrong, as far as whoever settles it knows."""

    SOURCE = "source"
    """The hospital's own system had it wrong, and was told."""
    FEED = "feed"
    """The system was right, and its feed did not say so, or said so late."""
    READING = "reading"
    """Wardkeep shows another thing than the message said."""
    BEDSIDE = "bedside"
    """The chart was right: wristband, pump or paper at the bedside was put right."""
    UNKNOWN = "unknown"
    """Nobody found out."""


class Found(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One fact and what was found of it.

    `recorded` is False where the chart said NOT RECORDED. `feed` and `entry` are the feed and
    the entry of the clinical ledger that said it; where nothing was recorded, those that placed
    the patient in `bed`. `entry` is 0 where it is not known.
    """

    kind: FactKind
    finding: Finding
    bed: str = ""
    feed: str = ""
    entry: int = 0
    recorded: bool = True


class BedsideChecked(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, tag="BedsideChecked.v1"
):
    """Somebody held facts of a ward against the bedside.

    `check` is the number of the form, by which a form sent twice counts once; `drawn` is when
    the facts were drawn, as they stood in the charts.
    """

    check: str
    ward: str
    drawn: int
    found: tuple[Found, ...]
    at: int
    by: str


class DifferenceSettled(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, tag="DifferenceSettled.v1"
):
    """Somebody said what was done about the fact at `place` (from 0) of a check that differed.

    `feed` is the feed or system that it was traced to, "" where none.
    """

    check: str
    place: int
    cause: Cause
    done: str
    at: int
    by: str
    feed: str = ""


BedsideEvent = BedsideChecked | DifferenceSettled

_encoder = msgspec.json.Encoder(order="deterministic")
_decoder: msgspec.json.Decoder[BedsideEvent] = msgspec.json.Decoder(BedsideEvent)


def encode(event: BedsideEvent) -> bytes:
    """Return the event as JSON, name and version in "type"; equal events, equal bytes."""
    return _encoder.encode(event)


def decode(body: bytes) -> BedsideEvent:
    """Return the event that `encode` wrote; raises BedsideEventError."""
    try:
        return _decoder.decode(body)
    except msgspec.DecodeError as fault:
        raise BedsideEventError(
            f"an event of bedside checks cannot be read: {fault}"
        ) from fault
