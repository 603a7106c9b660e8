"""HL7 v2 as bytes and text: charsets, delimiters, escapes, segments, batches, times."""

from wardkeep.wire.hl7v2.errors import UnreadableMessageError
from wardkeep.wire.hl7v2.escapes import escape, unescape
from wardkeep.wire.hl7v2.message import Frame, Message, read_frame
from wardkeep.wire.hl7v2.segment import NULL, Segment, components, first_part, part
from wardkeep.wire.hl7v2.times import parse_moment

__all__ = [
    "NULL",
    "Frame",
    "Message",
    "Segment",
    "UnreadableMessageError",
    "components",
    "escape",
    "first_part",
    "parse_moment",
    "part",
    "read_frame",
    "unescape",
]
