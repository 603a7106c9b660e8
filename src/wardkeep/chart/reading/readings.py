"""What one entry of the ledger says to the charts."""

from __future__ import annotations

import msgspec

from wardkeep.chart.change import Change
from wardkeep.chart.directory import Lesson
from wardkeep.chart.reading.speaker import Heard


class Reading(msgspec.Struct, frozen=True, kw_only=True):
    """What an entry says.

    `heard` names stream, ward (None where the message has none) and the newest event time told
    of it, not later than MSH-7 (UTC microseconds).
    `fault` is a reason for the quarantine without patient data; what could be read stands in
    `changes` all the same. `sequence_number` is MSH-13.
    """

    changes: tuple[Change, ...] = ()
    heard: tuple[Heard, ...] = ()
    sequence_number: int | None = None
    fault: str | None = None
    message_type: str = ""
    lessons: tuple[Lesson, ...] = ()
    """What the entry says of things that others refer to."""
    asked: tuple[str, ...] = ()
    """Targets on which this reading depends: heard of otherwise, the entry is read again."""
