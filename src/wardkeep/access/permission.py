"""What each role may see and do. What is not named here is refused."""

from __future__ import annotations

from collections.abc import Collection
from enum import StrEnum

from wardkeep.access.events import Role


class Permission(StrEnum):
    """One thing that a page or a verb asks for."""

    SEE_OVERVIEW = "see_overview"
    SEE_PATIENTS = "see_patients"
    SEE_STREAMS = "see_streams"
    SEE_QUARANTINE = "see_quarantine"
    REPLAY_QUARANTINE = "replay_quarantine"
    SEE_RAW_MESSAGES = "see_raw_messages"
    SEE_OWN_ACCOUNT = "see_own_account"


_EVERYBODY = frozenset(
    {Permission.SEE_OVERVIEW, Permission.SEE_STREAMS, Permission.SEE_OWN_ACCOUNT}
)
_WARD = _EVERYBODY | {Permission.SEE_PATIENTS, Permission.SEE_RAW_MESSAGES}
_IT = _EVERYBODY | {
    Permission.SEE_QUARANTINE,
    Permission.REPLAY_QUARANTINE,
    Permission.SEE_RAW_MESSAGES,
}
_GRANTED: dict[Role, frozenset[Permission]] = {
    Role.WARD: _WARD,
    Role.IT: _IT,
    Role.LEAD: _WARD | _IT,
    Role.AUDITOR: _EVERYBODY,
}


def granted(roles: Collection[Role]) -> frozenset[Permission]:
    """Return everything that the roles together may do."""
    return frozenset[Permission]().union(*(_GRANTED[role] for role in roles))
