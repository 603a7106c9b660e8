"""Who administers which machine by a directory's groups, and whose sessions lie where."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from wardkeep.hospital.map.bloodhound import Collection, Named, Node

# Groups that control a domain whole, by the end of their identifier: domain, schema, enterprise
# and key administrators, domain controllers; and of the built-in ones administrators, account,
# server, print and backup operators (MS-DTYP, 2.4.2.4; AD DS protected groups).
_CONTROL = ("-512", "-516", "-518", "-519", "-526", "-527")
_BUILT_IN = tuple(f"S-1-5-32-{number}" for number in (544, 548, 549, 550, 551))
_CONTROLLERS = ("-516", "-521")
_LOCAL_ADMINISTRATORS = "-544"


def is_controller(computer: Node) -> bool:
    """Tell whether a computer is a domain controller, read-only ones among them."""
    return (computer.primary_group or "").endswith(_CONTROLLERS)


def controls_domain(group: str) -> bool:
    """Tell whether a group's identifier is one of those that control a domain."""
    built_in = group.endswith(_BUILT_IN)  # of a domain: HOSPITAL.EXAMPLE-S-1-5-32-544
    return built_in or ("S-1-5-21-" in group and group.endswith(_CONTROL))


class Groups:
    """In which groups a member is, also by other groups."""

    def __init__(self, collection: Collection) -> None:
        self._above: dict[str, set[str]] = defaultdict(set)
        for group in collection.of("groups"):
            for member in group.members or ():
                self._above[member.object_identifier].add(group.object_identifier)
        for sort in ("users", "computers"):
            for node in collection.of(sort):
                if node.primary_group:  # no group lists those whose primary group it is
                    self._above[node.object_identifier].add(node.primary_group)
        self._found: dict[frozenset[str], frozenset[str]] = {}

    def of(self, member: str) -> frozenset[str]:
        """Return the identifiers of all groups of a member; circles are walked once."""
        direct = frozenset(self._above.get(member, ()))
        if direct not in self._found:
            self._found[direct] = frozenset(self._walk(direct))
        return self._found[direct]

    def _walk(self, start: Iterable[str]) -> Iterator[str]:
        seen: set[str] = set()
        waiting = list(start)
        while waiting:
            group = waiting.pop()
            if group not in seen:
                seen.add(group)
                yield group
                waiting += self._above.get(group, ())


def local_administrators(
    collection: Collection, machines: Mapping[str, str]
) -> dict[str, tuple[str, ...]]:
    """Return by identifier the machines, as `kind:id`, of which a user or group is one.

    `machines`: reference of a machine by its identifier.
    """
    found: dict[str, set[str]] = defaultdict(set)
    for computer in collection.of("computers"):
        reference = machines.get(computer.object_identifier, "")
        for member in _administrators_of(computer) if reference else ():
            found[member.object_identifier].add(reference)
    return {member: tuple(sorted(on)) for member, on in found.items()}


def _administrators_of(computer: Node) -> Iterator[Named]:
    if computer.local_admins:
        yield from computer.local_admins.results or ()
    for group in computer.local_groups or ():
        if group.object_identifier.endswith(_LOCAL_ADMINISTRATORS):
            yield from group.results or ()


def sessions(collection: Collection, machines: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    """Return by a user's identifier the machines where sessions were seen, as `kind:id`."""
    found: dict[str, set[str]] = defaultdict(set)
    for computer in collection.of("computers"):
        asked = (computer.sessions, computer.privileged_sessions, computer.registry_sessions)
        for seen in (each for told in asked if told for each in told.results or ()):
            where = machines.get(seen.computer or computer.object_identifier)
            if where and seen.user:
                found[seen.user].add(where)
    return {user: tuple(sorted(on)) for user, on in found.items()}
