"""A BloodHound collection as machines and accounts of the map."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

import msgspec

from wardkeep.hospital.map.bloodhound import Collection, Node, read_collection
from wardkeep.hospital.map.bloodhound_rights import (
    Groups,
    controls_domain,
    is_controller,
    local_administrators,
    sessions,
)
from wardkeep.hospital.map.found import Found, as_mapped, place
from wardkeep.hospital.map.item import LONGEST_ID, as_id
from wardkeep.hospital.map.known import Known
from wardkeep.hospital.map.people import Account
from wardkeep.hospital.map.reading import Leftovers, Reading
from wardkeep.hospital.map.table import TableMapping
from wardkeep.hospital.map.whole import AnyItem

MOST_RIGHTS = 5_000_000
"""Machines over all accounts that are told one by one."""


def read_bloodhound(
    files: Iterable[tuple[str, bytes]], known: Known, mapping: TableMapping
) -> Reading:
    """Return the machines and accounts of a collection's files (name and content).

    Users are told one by one who control a domain, have a session somewhere, a right of their
    own or serve a program; the others are one account of so many `people` for each set of
    groups by which they administer machines. Raises UnreadableSourceError, MapItemError.
    """
    left = Leftovers()
    collection = read_collection(files, left)
    left.add_all("trusts of other domains", _trusts(collection))
    items = read_directory(collection, (), (known, mapping), left)
    return Reading(items=items, rows=sum(map(len, collection.nodes.values())), left=left.told())


def read_directory(
    collection: Collection,
    hosts: Sequence[Found],
    around: tuple[Known, TableMapping],
    left: Leftovers,
) -> tuple[AnyItem, ...]:
    """Return the machines and accounts of a directory, `hosts` beside its computers among them.

    Raises MapItemError.
    """
    known, mapping = around
    computers = _enabled(collection.of("computers"), "computers", left)
    found = [_found(each) for each in computers]
    placed = place([*found, *hosts], known, mapping, left)
    machines = {
        computer.object_identifier: reference
        for computer, each in zip(computers, found, strict=True)
        if (reference := placed.references.get(each.names[0].casefold()))
    }
    users = _enabled(collection.of("users"), "users", left)
    accounts = _Accounts(collection, machines).of(users, left)
    return as_mapped((*placed.items, *accounts), mapping)


def _enabled(nodes: Iterable[Node], sort: str, left: Leftovers) -> list[Node]:
    found: dict[str, Node] = {}
    for node in nodes:
        if node.is_deleted or node.properties.enabled is False:
            left.add(f"{sort} that are disabled or deleted")
        elif not node.properties.name:
            left.add(f"{sort} without a name", node.object_identifier)
        else:
            found.setdefault(node.object_identifier, node)
    return list(found.values())


def _found(computer: Node) -> Found:
    said = computer.properties
    controller = is_controller(computer)
    return Found(
        names=(said.name or "",),
        kind="server" if controller else "",
        system=said.operatingsystem or "",
        note=_unit(said.distinguishedname or ""),
        fields={
            "domain": (said.domain or "").casefold(),
            "tier": 0 if controller else None,
            # Without LAPS passwords may still differ; with it they do.
            "shared_administrator": False if said.haslaps else None,
        },
    )


def _unit(distinguished: str) -> str:
    """Return the organisational units of a name, the outermost first."""
    parts = (part.strip() for part in distinguished.split(","))
    units = [part[3:] for part in parts if part[:3].casefold() == "ou="]
    return f"unit: {' / '.join(reversed(units))}" if units else ""


def _trusts(collection: Collection) -> Iterator[str]:
    for domain in collection.of("domains"):
        for trust in domain.trusts or ():
            yield f"{domain.properties.name or '?'} - {trust.target_domain_name or '?'}"


class _Standing(msgspec.Struct, frozen=True):
    """What a user may do, and by what: identifiers of the user's own or of groups."""

    domain: str
    controls: bool
    by: tuple[str, ...]
    administers: tuple[str, ...]


class _Accounts:
    """Makes accounts of users."""

    def __init__(self, collection: Collection, machines: Mapping[str, str]) -> None:
        self._groups = Groups(collection)
        self._names = {
            group.object_identifier: group.properties.name or group.object_identifier
            for group in collection.of("groups")
        }
        self._rights = local_administrators(collection, machines)
        self._sessions = sessions(collection, machines)
        self._union: dict[tuple[str, ...], tuple[str, ...]] = {}
        self._told = 0

    def of(self, users: Sequence[Node], left: Leftovers) -> list[Account]:
        """Return the accounts; administrators who are nobody's user here go into `left`."""
        alone: dict[str, Account] = {}
        alike: dict[_Standing, int] = {}
        for user in users:
            standing = self._standing(user)
            if self._is_told(user, standing):
                account = self._account(user, standing, left)
                alone.setdefault(account.id, account)
            else:
                alike[standing] = alike.get(standing, 0) + 1
        known = {user.object_identifier for user in users} | self._names.keys()
        left.add_all(
            "local administrators that are no user or group of the collection",
            sorted(self._rights.keys() - known),
        )
        return [*alone.values(), *(self._crowd(each, n) for each, n in alike.items())]

    def _standing(self, user: Node) -> _Standing:
        groups = self._groups.of(user.object_identifier)
        # Who controls a domain administers all of it: rights by those groups say no more.
        weighty = {each for each in groups if not controls_domain(each)}
        by = tuple(sorted((weighty | {user.object_identifier}) & self._rights.keys()))
        if by not in self._union:
            self._union[by] = tuple(sorted({on for each in by for on in self._rights[each]}))
        return _Standing(
            domain=(user.properties.domain or "").casefold(),
            controls=len(weighty) < len(groups),
            by=by,
            administers=self._union[by],
        )

    def _is_told(self, user: Node, standing: _Standing) -> bool:
        own = user.object_identifier
        special = standing.controls or own in standing.by or user.properties.hasspn
        return bool(special or own in self._sessions)

    def _account(self, user: Node, standing: _Standing, left: Leftovers) -> Account:
        administers = standing.administers
        self._told += len(administers)
        if self._told > MOST_RIGHTS:
            left.add(f"rights to administer beyond {MOST_RIGHTS}", count=len(administers))
            administers = ()
        return Account(
            id=as_id((user.properties.name or "").casefold()),
            domain=standing.domain,
            sort="service" if user.properties.hasspn else "person",
            tier=0 if standing.controls else _tier(administers),
            sessions=self._sessions.get(user.object_identifier, ()),
            administers=administers,
        )

    def _crowd(self, standing: _Standing, people: int) -> Account:
        names = [self._names.get(each, each).casefold() for each in standing.by]
        name = " + ".join(names) or f"other users of {standing.domain or 'the domain'}"
        return Account(
            id=as_id(name[:LONGEST_ID]),
            domain=standing.domain,
            tier=_tier(standing.administers),
            people=people,
            administers=standing.administers,
        )


def _tier(administers: Sequence[str]) -> int | None:
    if not administers:
        return None
    return 1 if any(each.startswith("server:") for each in administers) else 2
