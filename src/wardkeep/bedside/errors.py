"""What can be wrong with a bedside check or with the settling of what differed."""

from __future__ import annotations

from typing import ClassVar

from wardkeep.kernel.errors import WardkeepError


class BedsideEventError(WardkeepError):
    """The operations ledger holds an event of bedside checks that this version cannot read."""

    code: ClassVar[str] = "bedside-event"
    exit_status: ClassVar[int] = 4
    remedy: ClassVar[str] = "Use the version of Wardkeep that wrote it, or a later one."


class NotAnsweredError(WardkeepError):
    """A fact of a bedside check has no answer."""

    code: ClassVar[str] = "bedside-not-answered"
    exit_status: ClassVar[int] = 2
    remedy: ClassVar[str] = "Answer every fact; what you cannot see could not be checked."


class CheckTooOldError(WardkeepError):
    """The facts were drawn too long ago: they tell nothing of the charts of now."""

    code: ClassVar[str] = "bedside-too-old"
    exit_status: ClassVar[int] = 6
    remedy: ClassVar[str] = "These facts are too old. Compare the new ones below."


class NotDifferentError(WardkeepError):
    """No fact that differed and waits has this number."""

    code: ClassVar[str] = "bedside-not-different"
    exit_status: ClassVar[int] = 6
    remedy: ClassVar[str] = "Somebody settled it already, or it never differed: see the list."


class NothingDoneError(WardkeepError):
    """What was done about a difference was not said."""

    code: ClassVar[str] = "bedside-nothing-said"
    exit_status: ClassVar[int] = 2
    remedy: ClassVar[str] = "Say in a few words what was done, and name no patient."
