"""What can go wrong when a person decides about a held pack."""

from __future__ import annotations

from typing import ClassVar

from wardkeep.kernel.errors import WardkeepError


class NotHeldError(WardkeepError):
    """The ward's pack is not held: there is nothing to decide."""

    code: ClassVar[str] = "pack-not-held"
    exit_status: ClassVar[int] = 6
    remedy: ClassVar[str] = "`wardkeep brake list DIR` names the wards whose packs are held."


class NoReasonError(WardkeepError):
    """A decision about a held pack needs a reason: it is recorded for years."""

    code: ClassVar[str] = "pack-no-reason"
    exit_status: ClassVar[int] = 2
    remedy: ClassVar[str] = "Say in a few words how you know, whom you asked on the ward."
