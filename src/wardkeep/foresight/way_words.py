"""The steps by which an attack came to the directory, in words that a director reads."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Literal

import msgspec

from wardkeep.hospital.map.item import reference_to
from wardkeep.hospital.map.machines import Device, Server, Workstations
from wardkeep.hospital.map.outside import RemoteAccess
from wardkeep.hospital.map.people import Account
from wardkeep.hospital.map.whole import HospitalMap
from wardkeep.paper.words import N_, Translate

Sort = Literal[
    "mail",
    "access",
    "machine",
    "server",
    "flaw",
    "local-administrator",
    "password",
    "second-factor",
    "log-in",
    "domain",
    "worm",
]
_WORDS: Mapping[Sort, str] = {
    "mail": N_("mail opened on {name}"),
    "access": N_("remote access {name}"),
    "machine": N_("{name} taken"),
    "server": N_("a server of tier {tier} in {name} taken"),
    "flaw": N_("a flaw tried in {name}"),
    "local-administrator": N_("the local administrator that machines of {name} share"),
    "password": N_("password of {name} stolen"),
    "second-factor": N_("second factor of {name} got round"),
    "log-in": N_("log-in to {name}"),
    "domain": N_("directory {name} held"),
    "worm": N_("a worm spreads from there by itself"),
}


_NAMED: Mapping[str, Sort] = {
    "reached": "flaw",
    "shared": "local-administrator",
    "password and way": "log-in",
    "domain": "domain",
}
"""Nodes between things, by what stands before the bar, that are steps of their own."""


class Step(msgspec.Struct, frozen=True):
    """One step: what was done, with what; of a server its segment and its tier."""

    sort: Sort
    name: str
    tier: int | None = None


def steps(whole: HospitalMap, nodes: Iterable[str]) -> tuple[Step, ...]:
    """Return the steps of a way through the attack graph; nodes that only join are left out.

    Servers of one tier and segment go by one name, so that ways of one sort are alike.
    """
    return tuple(each for node in nodes if (each := _step(whole, node)) is not None)


def in_words(step: Step, say: Translate) -> str:
    """Return a step in words; what the map does not tell is NOT RECORDED."""
    unknown = say(N_("NOT RECORDED"))
    tier = unknown if step.tier is None else step.tier
    return say(_WORDS[step.sort]).format(name=step.name or unknown, tier=tier)


def _step(whole: HospitalMap, node: str) -> Step | None:
    item = whole.items.get(node)
    if isinstance(item, Server):
        return Step("server", item.segment, item.tier)
    if isinstance(item, Workstations | Device):
        return Step("machine", item.name or item.id)
    sort, _, rest = node.partition("|")
    if sort == "in":
        return _way_in(whole, rest)
    if sort in _NAMED:
        return Step(_NAMED[sort], rest.rpartition("|")[2].removeprefix("segment:"))
    return _of_account(whole, sort, rest)


def _of_account(whole: HospitalMap, sort: str, account: str) -> Step | None:
    found = whole.items.get(f"account:{account}")
    if not isinstance(found, Account):
        return None
    if sort == "password":
        return Step("password", found.name or account)
    if sort == "usable" and found.second_factor is True:
        return Step("second-factor", found.name or account)
    return None


def _way_in(whole: HospitalMap, entry: str) -> Step:
    for access in whole.of(RemoteAccess):
        if reference_to(access) == entry:
            return Step("access", access.name or access.id)
    offices = entry.removeprefix("mail to ")
    item = whole.items.get(f"workstations:{offices}")
    return Step("mail", item.name if item is not None and item.name else offices)
