"""What the web itself can fail at, said to a person on a page."""

from __future__ import annotations

from typing import ClassVar

from wardkeep.kernel.errors import WardkeepError


class OperationFailedError(WardkeepError):
    """The running server did not do what a page asked of it."""

    code: ClassVar[str] = "operation-failed"
    exit_status: ClassVar[int] = 5
    remedy: ClassVar[str] = "Nothing was changed. Try again; then call the service desk."
