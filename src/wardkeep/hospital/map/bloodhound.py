"""What a collector of BloodHound wrote, form 5 and 6: machines, users, groups, domains.

Only the fields named here are ever decoded. Users' properties may hold passwords
(`userpassword`, `unixpassword`, descriptions): they are skipped unread.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import msgspec

from wardkeep.hospital.map.json_source import decoded
from wardkeep.hospital.map.reading import Leftovers, UnreadableSourceError

FORMS = frozenset({5, 6})
MOST_NODES = 2_000_000


class Meta(msgspec.Struct, frozen=True):
    """What a file is: `type` in the plural, `version` of its form."""

    type: str
    version: int


class Properties(msgspec.Struct, frozen=True):
    """What is read of a node's properties."""

    name: str | None = None
    domain: str | None = None
    enabled: bool | None = None
    operatingsystem: str | None = None
    distinguishedname: str | None = None
    haslaps: bool | None = None
    hasspn: bool | None = None


class Named(msgspec.Struct, frozen=True, rename="pascal"):
    """A node that another one names."""

    object_identifier: str


class SeenSession(msgspec.Struct, frozen=True):
    """A user's session on a computer."""

    user: str | None = msgspec.field(name="UserSID", default=None)
    computer: str | None = msgspec.field(name="ComputerSID", default=None)


class Sessions(msgspec.Struct, frozen=True, rename="pascal"):
    """The sessions that one way of asking found."""

    results: tuple[SeenSession, ...] | None = None


class Members(msgspec.Struct, frozen=True, rename="pascal"):
    """Who is in something."""

    results: tuple[Named, ...] | None = None


class LocalGroup(msgspec.Struct, frozen=True, rename="pascal"):
    """A group of one machine, and who is in it."""

    object_identifier: str = ""
    name: str | None = None
    results: tuple[Named, ...] | None = None


class Trust(msgspec.Struct, frozen=True, rename="pascal"):
    """A domain that another one trusts or is trusted by."""

    target_domain_name: str | None = None


class Node(msgspec.Struct, frozen=True, rename="pascal"):
    """A computer, user, group or domain: each has some of these."""

    object_identifier: str
    properties: Properties = Properties()
    is_deleted: bool | None = None
    primary_group: str | None = msgspec.field(name="PrimaryGroupSID", default=None)
    sessions: Sessions | None = None
    privileged_sessions: Sessions | None = None
    registry_sessions: Sessions | None = None
    local_groups: tuple[LocalGroup, ...] | None = None
    local_admins: Members | None = None  # of collectors that know no other local group
    members: tuple[Named, ...] | None = None
    trusts: tuple[Trust, ...] | None = None


class _Kind(msgspec.Struct, frozen=True):
    meta: Meta


class _Content(msgspec.Struct, frozen=True):
    data: tuple[Node, ...] | None = None


class Collection(msgspec.Struct, frozen=True):
    """The nodes of a collection by sort: `computers`, `users`, `groups`, `domains`."""

    nodes: Mapping[str, tuple[Node, ...]]

    def of(self, sort: str) -> tuple[Node, ...]:
        """Return the nodes of a sort; none where no file held them."""
        return self.nodes.get(sort, ())


READ = ("computers", "users", "groups", "domains")


def read_collection(files: Iterable[tuple[str, bytes]], left: Leftovers) -> Collection:
    """Return the nodes of files; sorts that are not read are noted in `left`.

    Raises UnreadableSourceError.
    """
    nodes: dict[str, tuple[Node, ...]] = {}
    for name, content in files:
        meta = decoded(content, _Kind, name).meta
        if meta.type not in READ:
            left.add("files of sorts that are not read", f"{name} ({meta.type})")
            continue
        if meta.version not in FORMS:
            raise UnreadableSourceError(
                f"{name} has form {meta.version}; {sorted(FORMS)} are read",
                "Collect anew with the collector of BloodHound Community Edition.",
            )
        more = decoded(content, _Content, name).data or ()
        nodes[meta.type] = (*nodes.get(meta.type, ()), *more)
        if sum(map(len, nodes.values())) > MOST_NODES:
            raise UnreadableSourceError(f"there are more than {MOST_NODES} nodes")
    if not nodes:
        raise UnreadableSourceError(f"there is none of {', '.join(READ)} in it")
    return Collection(nodes)
