"""What can go wrong when a person says that a sender is known."""

from __future__ import annotations

from typing import ClassVar

from wardkeep.kernel.errors import WardkeepError


class SenderUnknownError(WardkeepError):
    """Nothing of that name was seen on the feed."""

    code: ClassVar[str] = "sender-unknown"
    exit_status: ClassVar[int] = 6
    remedy: ClassVar[str] = "`wardkeep senders DIR` lists what was seen; copy feed and name."
