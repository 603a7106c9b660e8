"""What can be wrong with the bytes of a FHIR document."""

from __future__ import annotations

from wardkeep.kernel.errors import WardkeepError


class UnreadableResourceError(WardkeepError):
    """Bytes that are no FHIR resource; the words hold no patient's data."""

    code = "fhir-unreadable"
    exit_status = 1
    remedy = (
        "Look at the raw bytes with `wardkeep quarantine show`, mend the sender or the reader, "
        "then `wardkeep quarantine replay`."
    )
