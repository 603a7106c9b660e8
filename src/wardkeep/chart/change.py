"""What one message says of one thing, and the stamp that decides which message is believed.

Rules kept here:
- Arrival never decides. Of two statements the one with the greater `Stamp` is believed; a
  stamp is
  made of what the message itself holds and of the site's rank of its feed, so any order of
  arrival gives the same chart.
- An absent field says nothing, `None` says that the field was deleted (`""` in HL7 v2, section
  2.5.3.6 of v2.5.1), every other value is a statement.
"""

from __future__ import annotations

from enum import StrEnum

import msgspec

from wardkeep.chart.model import Source
from wardkeep.kernel.times import Moment, Precision

FieldValue = str | int | None | list[str | int | list[str | int]]
"""What a field may hold; lists hold texts or rows of texts, a moment is a row of three."""

Fields = dict[str, FieldValue]


class Section(StrEnum):
    """The parts of a record; a store may keep each apart."""

    PERSON = "person"
    VISIT = "visit"
    ALLERGY = "allergy"
    PROBLEM = "problem"
    CODE_STATUS = "code_status"
    CARE = "care"
    ORDER = "order"
    DOSE = "dose"
    RESULT = "result"
    REPORT = "report"
    REQUEST = "request"
    SPECIMEN = "specimen"
    APPOINTMENT = "appointment"
    MERGE = "merge"


class Stamp(msgspec.Struct, frozen=True, array_like=True, order=True, gc=False):
    """When something was said and by whom, in the order in which statements are believed.

    `event` and `sent` are UTC microseconds; `rank` is minus the feed's rank, so that rank 1 is
    the greatest; `digest` is a hash of the message's bytes, `part` the place in the message.
    """

    event: int
    rank: int
    sent: int
    message: str
    digest: int
    part: int
    feed: str
    sequence: int

    def source(self) -> Source:
        """Return who said it, as charts show it."""
        return Source(self.feed, self.message, self.event, self.sent, self.sequence)


class Change(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """One statement about the thing `key` of a section of a record.

    `era` is the birth date that stood in the same message ("" where none did): it keeps the
    statements about two people apart to whom one number was given in turn.
    """

    record: str
    section: str
    key: str
    stamp: Stamp
    fields: Fields
    era: str = ""


def moment_row(moment: Moment) -> list[str | int]:
    """Return a moment as a field's row: first instant, precision, text as sent."""
    return [moment.at, moment.precision.value, moment.text]


def moment_of(row: object) -> Moment | None:
    """Return the moment that `moment_row` made, or None where the field holds none."""
    match row:
        case [int(at), str(precision), str(text)]:
            return Moment(at, Precision(precision), text)
        case _:
            return None
