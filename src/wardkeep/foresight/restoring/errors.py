"""What can be wrong with what a restore plan is asked for."""

from __future__ import annotations

from typing import ClassVar

from wardkeep.kernel.errors import WardkeepError


class LostFileError(WardkeepError):
    """The file of what is lost cannot be read, or names nothing that can be planned."""

    code: ClassVar[str] = "lost-file"
    exit_status: ClassVar[int] = 2
    remedy: ClassVar[str] = (
        "Write one server a line by its id, or segment:x, site:x, application:x, or all."
    )


class RestoreCycleError(WardkeepError):
    """Servers wait for each other in a circle, so that none could be restored first."""

    code: ClassVar[str] = "restore-cycle"
    exit_status: ClassVar[int] = 2
    remedy: ClassVar[str] = (
        "Take one of the links out of `restored_after` or `host` on the map, and ask again."
    )


class PlanNumbersError(WardkeepError):
    """The numbers of a plan (`--numbers`) cannot be used."""

    code: ClassVar[str] = "plan-numbers"
    exit_status: ClassVar[int] = 2
    remedy: ClassVar[str] = 'docs/operating.md, "wardkeep restore-plan", tells every number.'
