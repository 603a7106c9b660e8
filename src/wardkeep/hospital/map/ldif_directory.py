"""Entries of Active Directory or OpenLDAP as the machines and accounts of the map."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from wardkeep.hospital.map.bloodhound import Collection, Named, Node, Properties
from wardkeep.hospital.map.bloodhound_items import read_directory
from wardkeep.hospital.map.found import Found
from wardkeep.hospital.map.known import Known
from wardkeep.hospital.map.ldif import Entry, read_entries
from wardkeep.hospital.map.reading import Leftovers, Reading, UnreadableSourceError
from wardkeep.hospital.map.table import TableMapping

# What is ever decoded: no password, hash, key, picture, description or name of a person.
WANTED = frozenset(
    {"objectclass", "objectsid", "cn", "uid", "samaccountname", "dnshostname"}
    | {"operatingsystem", "useraccountcontrol", "primarygroupid", "serviceprincipalname"}
    | {"member", "memberuid", "iphostnumber", "ms-mcs-admpwdexpirationtime"}
    | {"mslaps-passwordexpirationtime"}
)
_LAPS = ("ms-mcs-admpwdexpirationtime", "mslaps-passwordexpirationtime")
# userAccountControl (MS-ADTS, 2.2.16).
_DISABLED, _CONTROLLER, _CONTROLLER_THAT_READS = 0x2, 0x2000, 0x4000000
_MOST_DIGITS = 12
_USERS = frozenset({"user", "inetorgperson", "posixaccount", "account"})
_GROUPS = frozenset({"group", "groupofnames", "groupofuniquenames", "posixgroup"})
_PLACES = frozenset({"organizationalunit", "container", "domain", "dcobject", "builtindomain"})


def read_ldif(texts: Iterable[str], known: Known, mapping: TableMapping) -> Reading:
    """Return the machines and accounts of exports.

    Who is in a group that controls the domain is of tier 0; that needs `objectSid` in the
    export. Raises UnreadableSourceError, MapItemError.
    """
    left = Leftovers()
    entries = [each for text in texts for each in read_entries(text, WANTED, left)]
    if not entries:
        raise UnreadableSourceError("there is no entry in it")
    directory = _Directory(entries)
    hosts: list[Found] = []
    nodes: dict[str, list[Node]] = {"computers": [], "users": [], "groups": []}
    for entry in entries:
        classes = {each.casefold() for each in entry.said.get("objectclass", ())}
        if "computer" in classes:
            nodes["computers"].append(directory.computer(entry))
        elif "iphost" in classes:
            hosts.append(_host(entry))
        elif classes & _USERS:
            nodes["users"].append(directory.user(entry))
        elif classes & _GROUPS:
            nodes["groups"].append(directory.group(entry))
        elif not classes & _PLACES:
            left.add("entries of other classes", entry.name)
    collection = Collection({sort: tuple(each) for sort, each in nodes.items()})
    read = read_directory(collection, hosts, (known, mapping), left)
    return Reading(items=read, rows=len(entries), left=left.told())


def _host(entry: Entry) -> Found:
    return Found(
        names=entry.said.get("cn", ()),
        addresses=entry.said.get("iphostnumber", ()),
        note=_unit(entry.name),
    )


def _parts(name: str, of: str) -> list[str]:
    """Return the values of a distinguished name (RFC 4514) that are `of` a type."""
    parts = (part.strip().partition("=") for part in name.split(","))
    return [value.strip() for sort, _, value in parts if sort.strip().casefold() == of]


def _unit(name: str) -> str:
    units = _parts(name, "ou")
    return f"unit: {' / '.join(reversed(units))}" if units else ""


def _flags(entry: Entry) -> int:
    text = entry.one("useraccountcontrol")
    return int(text) if text.isdecimal() and len(text) < _MOST_DIGITS else 0


class _Directory:
    """Entries as nodes: each by its SID where it has one, else by its name."""

    def __init__(self, entries: Sequence[Entry]) -> None:
        self._own = {each.name.casefold(): _identifier(each) for each in entries}
        self._by_uid = {uid: _identifier(each) for each in entries if (uid := each.one("uid"))}

    def computer(self, entry: Entry) -> Node:
        """Return a computer."""
        flags = _flags(entry)
        controller = flags & (_CONTROLLER | _CONTROLLER_THAT_READS)
        group = "516" if controller else entry.one("primarygroupid")
        said = Properties(
            name=entry.one("dnshostname") or entry.one("cn"),
            domain=".".join(_parts(entry.name, "dc")),
            enabled=not flags & _DISABLED,
            operatingsystem=entry.one("operatingsystem"),
            distinguishedname=entry.name,
            haslaps=any(each in entry.said for each in _LAPS) or None,
        )
        return Node(_identifier(entry), said, primary_group=_beside(entry, group))

    def user(self, entry: Entry) -> Node:
        """Return a user, as `account@domain`: the name of the person is not taken."""
        domain = ".".join(_parts(entry.name, "dc"))
        account = entry.one("samaccountname") or entry.one("uid") or entry.one("cn")
        said = Properties(
            name=f"{account}@{domain}" if account else None,
            domain=domain,
            enabled=not _flags(entry) & _DISABLED,
            hasspn="serviceprincipalname" in entry.said,
        )
        group = _beside(entry, entry.one("primarygroupid"))
        return Node(_identifier(entry), said, primary_group=group)

    def group(self, entry: Entry) -> Node:
        """Return a group with its members."""
        members = [
            self._own.get(each.casefold(), each) for each in entry.said.get("member", ())
        ]
        members += [self._by_uid.get(each, each) for each in entry.said.get("memberuid", ())]
        return Node(
            _identifier(entry),
            Properties(name=entry.one("cn")),
            members=tuple(map(Named, members)),
        )


def _identifier(entry: Entry) -> str:
    return entry.one("objectsid") or entry.name.casefold()


def _beside(entry: Entry, number: str) -> str | None:
    """Return the SID of a group of the same domain."""
    own = entry.one("objectsid")
    if not number:
        return None
    return f"{own.rpartition('-')[0]}-{number}"
