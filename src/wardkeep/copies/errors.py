"""What can be wrong with an invitation to follow."""

from __future__ import annotations

from typing import ClassVar

from wardkeep.kernel.errors import WardkeepError


class FollowerNameError(WardkeepError):
    """A follower's name that cannot be told apart on a screen or stand in a file name."""

    code: ClassVar[str] = "follower-name"
    exit_status: ClassVar[int] = 2
    remedy: ClassVar[str] = "Use 1 to 40 letters, digits, - and _, as in box-2."


class FollowerExistsError(WardkeepError):
    """A follower of that name is paired already."""

    code: ClassVar[str] = "follower-exists"
    exit_status: ClassVar[int] = 1
    remedy: ClassVar[str] = (
        "Choose another name, or `wardkeep followers remove DIR NAME` first if it is gone."
    )


class FollowerUnknownError(WardkeepError):
    """No follower has that name."""

    code: ClassVar[str] = "follower-unknown"
    exit_status: ClassVar[int] = 6
    remedy: ClassVar[str] = "`wardkeep followers list DIR` names them."


class InvitationError(WardkeepError):
    """An invitation's code was misread, used before, or is too old."""

    code: ClassVar[str] = "invitation"
    exit_status: ClassVar[int] = 1
    remedy: ClassVar[str] = (
        "Read the code again, letter by letter; where it was used or is older than its hours,"
        " `wardkeep followers invite DIR NAME` at the first box makes another."
    )


class FollowerEventError(WardkeepError):
    """The operations ledger holds an event of followers that this version cannot read."""

    code: ClassVar[str] = "follower-event"
    exit_status: ClassVar[int] = 4
    remedy: ClassVar[str] = "Use the version of Wardkeep that wrote it, or a later one."
