"""What can be wrong with the bytes of a message."""

from __future__ import annotations

from wardkeep.kernel.errors import WardkeepError


class UnreadableMessageError(WardkeepError):
    """Bytes that are no HL7 v2 message; the words hold no patient's data."""

    code = "hl7-unreadable"
    exit_status = 1
    remedy = (
        "Look at the raw bytes with `wardkeep quarantine show`, mend the sender or the reader, "
        "then `wardkeep quarantine replay`."
    )
