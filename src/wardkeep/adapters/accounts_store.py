"""Makes account events with real hashes; who holds the operations ledger appends them."""

from __future__ import annotations

from wardkeep.access.decide import add_account, check_password
from wardkeep.access.events import AccountAdded, Role
from wardkeep.access.state import NO_ACCOUNTS
from wardkeep.adapters.passwords import hash_password


def first_account(name: str, password: str, now: int) -> list[AccountAdded]:
    """Return the events that make the first account of a new site: a lead, who may do all.

    Raises BadAccountNameError or WeakPasswordError.
    """
    check_password(password)
    return add_account(
        NO_ACCOUNTS, name, (Role.LEAD, Role.IT), hash_password(password), now, "wardkeep init"
    )
