"""What was done to each account, when and by whom: no secrets. A fold over events."""

from __future__ import annotations

from collections.abc import Iterable
from types import MappingProxyType

import msgspec

from wardkeep.access.events import (
    AccessEvent,
    AccountAdded,
    AccountEvent,
    EntryEvent,
    PinSet,
    Role,
    RolesGiven,
    titled,
)

KEPT = 12
"""Deeds of an account that are kept: a page shows them; the ledger has all."""


class Deed(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that was done. `what`: the event's name; `roles`: those that it gave, if any.

    A PIN that was taken away is called `PinRemoved`.
    """

    at: int
    by: str
    what: str
    roles: tuple[Role, ...] = ()


Deeds = MappingProxyType[str, tuple[Deed, ...]]
"""The newest deeds of each account first; never changed in place."""

NO_DEEDS: Deeds = MappingProxyType({})


def fold_deeds(events: Iterable[AccessEvent], deeds: Deeds = NO_DEEDS) -> Deeds:
    """Return the deeds after all events, in order; ways in beside the accounts are none."""
    grown: dict[str, tuple[Deed, ...]] | None = None
    for event in events:
        if isinstance(event, EntryEvent):
            continue
        grown = dict(deeds) if grown is None else grown
        grown[event.name] = (_deed(event), *grown.get(event.name, ()))[:KEPT]
    return deeds if grown is None else MappingProxyType(grown)


def _deed(event: AccountEvent) -> Deed:
    what, _version = titled(event)
    if isinstance(event, PinSet) and not event.pin_hash:
        what = "PinRemoved"
    gave = event.roles if isinstance(event, RolesGiven | AccountAdded) else ()
    return Deed(at=event.at, by=event.by, what=what, roles=gave)
