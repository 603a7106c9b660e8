"""What cannot be read from the wire, whatever speaks on it."""

from __future__ import annotations

from typing import ClassVar

from wardkeep.kernel.errors import WardkeepError


class HandoverBrokenError(WardkeepError):
    """Bytes between the door and the writer are no frames: the connection is given up."""

    code: ClassVar[str] = "handover-broken"
    remedy: ClassVar[str] = "Nothing to do: the door connects anew, and senders repeat."
