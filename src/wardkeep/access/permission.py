"""What each role may see and do. What is not named here is refused.

docs/rights.md shows this table, the pages and the verbs; tests/test_docs.py keeps it true.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from enum import StrEnum
from types import MappingProxyType

from wardkeep.access.events import Role


class Permission(StrEnum):
    """One thing that a page asks for."""

    SEE_OVERVIEW = "see_overview"
    SEE_STREAMS = "see_streams"
    SEE_OWN_ACCOUNT = "see_own_account"
    SEE_PATIENTS = "see_patients"
    SEE_RAW_MESSAGES = "see_raw_messages"
    SEE_QUARANTINE = "see_quarantine"
    REPLAY_QUARANTINE = "replay_quarantine"
    BREAK_GLASS = "break_glass"
    """See patients for a short time, for a reason that is recorded and raises an alarm."""
    OPEN_FOR_A_THIRD = "open_for_a_third"
    """With a second officer, open a session for somebody who has no account at hand."""
    MARK_WARD_PC = "mark_ward_pc"
    """Say of the browser in front of one that badge and PIN may be used in it."""
    DECIDE_HELD_PACKS = "decide_held_packs"
    """Say whether it is true what a ward lost at once: who is at the bedside knows."""
    ACCEPT_PACKS = "accept_packs"
    """Say that a ward has its pack in hand: who stands there, or who hears its code."""
    CHECK_BEDSIDE = "check_bedside"
    """Hold facts of a ward's charts against the bedside."""
    SETTLE_BEDSIDE = "settle_bedside"
    """Say what was done about a fact that was different at the bedside."""
    SEE_SENDERS = "see_senders"
    """See who sends on the feeds."""
    KNOW_SENDERS = "know_senders"
    """Say of a sender never seen before that it is known."""
    DELIVER_PACKS = "deliver_packs"
    """Have a target given its packs again: whoever mends the share tries whether it works."""
    SEE_PEOPLE = "see_people"
    """See who has an account, with which roles, and how it stands: no secrets."""
    KEEP_ACCOUNTS = "keep_accounts"
    """Disable, enable, give roles, take lost PINs and factors away, by access.keeping."""
    SEE_SETTINGS = "see_settings"
    """See what the settings say, what is missing in them, what the file says otherwise."""
    SEE_MAP = "see_map"
    """See the map of the estate, what falls if something falls, and what is wrong: where to
    strike."""
    SEE_AUDIT = "see_audit"
    """See who looked at whom, who logged in, who broke the glass."""


_EVERYBODY = frozenset(
    {Permission.SEE_OVERVIEW, Permission.SEE_STREAMS, Permission.SEE_OWN_ACCOUNT}
)
_LABORATORY = _EVERYBODY | {Permission.SEE_PATIENTS}
_CLINICAL = _LABORATORY | {
    Permission.SEE_RAW_MESSAGES,
    Permission.DECIDE_HELD_PACKS,
    Permission.ACCEPT_PACKS,
    Permission.CHECK_BEDSIDE,
    Permission.SETTLE_BEDSIDE,
}
_IT = _EVERYBODY | {
    Permission.SEE_QUARANTINE,
    Permission.REPLAY_QUARANTINE,
    Permission.SEE_RAW_MESSAGES,
    Permission.BREAK_GLASS,
    Permission.OPEN_FOR_A_THIRD,
    Permission.MARK_WARD_PC,
    Permission.SEE_SENDERS,
    Permission.KNOW_SENDERS,
    Permission.DELIVER_PACKS,
    Permission.SETTLE_BEDSIDE,
    Permission.SEE_PEOPLE,
    Permission.KEEP_ACCOUNTS,
    Permission.SEE_SETTINGS,
    Permission.SEE_MAP,
}
GRANTED: Mapping[Role, frozenset[Permission]] = MappingProxyType(
    {
        Role.NURSE: _CLINICAL,
        Role.PHYSICIAN: _CLINICAL,
        Role.PHARMACIST: _CLINICAL,
        Role.LABORATORY: _LABORATORY | {Permission.BREAK_GLASS},
        Role.IT: _IT,
        Role.LEAD: frozenset(Permission),
        Role.AUDITOR: _EVERYBODY
        | {Permission.SEE_AUDIT, Permission.SEE_PEOPLE, Permission.SEE_MAP},
    }
)
"""Every right of every role; an account with several roles has the rights of all."""

BEHIND_GLASS = frozenset({Permission.SEE_PATIENTS, Permission.SEE_RAW_MESSAGES})
"""What breaking the glass opens."""


NEED_AN_ACCOUNT = frozenset({Permission.OPEN_FOR_A_THIRD, Permission.KEEP_ACCOUNTS})
"""What a session opened by a sealed code or two officers lacks: else a code on paper would
outlive its hours in a session or an account that it made."""


def granted(roles: Collection[Role]) -> frozenset[Permission]:
    """Return everything that the roles together may do."""
    return frozenset[Permission]().union(*(GRANTED[role] for role in roles))
