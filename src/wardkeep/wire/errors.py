"""What cannot be read from the wire, whatever speaks on it."""

from __future__ import annotations

from typing import ClassVar

from wardkeep.kernel.errors import WardkeepError


class HandoverBrokenError(WardkeepError):
    """Bytes between the door and the writer are no frames: the connection is given up."""

    code: ClassVar[str] = "handover-broken"
    remedy: ClassVar[str] = "Nothing to do: the door connects anew, and senders repeat."


class SearchAnswerError(WardkeepError):
    """A FHIR server that is asked answered with something that is no page of a search."""

    code: ClassVar[str] = "search-answer"
    remedy: ClassVar[str] = (
        "Look at base_url and types of the table [[polls]]; it is asked again by itself."
    )


class IppAnswerError(WardkeepError):
    """A printer answered with something that is no message of IPP."""

    code: ClassVar[str] = "printer-answer"
    exit_status: ClassVar[int] = 5
    remedy: ClassVar[str] = (
        "Look at the uri of the printer in [[printers]]: often it ends in /ipp/print; the"
        " printer's own page says what it speaks."
    )
