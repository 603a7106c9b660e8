"""What can go wrong with the custody of keys."""

from __future__ import annotations

from typing import ClassVar

from wardkeep.kernel.errors import WardkeepError


class CeremonyError(WardkeepError):
    """A key ceremony cannot be held like this."""

    code: ClassVar[str] = "key-ceremony"
    exit_status: ClassVar[int] = 2
    remedy: ClassVar[str] = (
        "Ask for 2 to 16 sheets, of which at least 2 and at most all are needed:"
        " --sheets 3 --needed 2."
    )


class CeremonyBrokenOffError(WardkeepError):
    """The ceremony was broken off: what opened the records before still does."""

    code: ClassVar[str] = "ceremony-broken-off"
    exit_status: ClassVar[int] = 1
    remedy: ClassVar[str] = (
        "Destroy the sheets of this ceremony: they open nothing. Then hold it again."
    )


class ErasureReasonError(WardkeepError):
    """A patient's digest key is erased for a reason in one line that does not name him."""

    code: ClassVar[str] = "erasure-reason"
    exit_status: ClassVar[int] = 2
    remedy: ClassVar[str] = (
        "Give --why in one line without the record number: it is kept for years."
    )


class CustodyEventError(WardkeepError):
    """The operations ledger holds an event of the keys that this version cannot read."""

    code: ClassVar[str] = "custody-event"
    exit_status: ClassVar[int] = 4
    remedy: ClassVar[str] = "Run `wardkeep verify DIR`; use the newest version."
