"""Machines that a program found, as items of the map: of which kind, under which id.

Every importer that meets machines ends here, so that the same machine met twice is one.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from fnmatch import fnmatchcase
from functools import cache
from typing import Any, Literal

import msgspec

from wardkeep.hospital.map.cells import cell_reader
from wardkeep.hospital.map.errors import MapItemError
from wardkeep.hospital.map.item import LONGEST_ID, as_id, usual
from wardkeep.hospital.map.known import Known, Machine, address_of, short_name
from wardkeep.hospital.map.limits import within_limits
from wardkeep.hospital.map.machines import Device, Server, Workstations
from wardkeep.hospital.map.reading import Leftovers
from wardkeep.hospital.map.table import TableMapping
from wardkeep.hospital.map.whole import KINDS, AnyItem

MachineKind = Literal["server", "workstations", "device"]
_KINDS: Mapping[str, type[Machine]] = {
    "server": Server,
    "workstations": Workstations,
    "device": Device,
}
_SERVER_SYSTEM = re.compile(
    r"server|esxi?\b|vmware|hyper-v|xen|proxmox|linux|ubuntu|debian|red ?hat|rhel|centos|rocky"
    r"|alma|suse|oracle|solaris|aix|hp-ux|bsd|z/os|as/400|os/400",
    re.IGNORECASE,
)
_DESK_SYSTEM = re.compile(
    r"windows (?:xp|vista|7|8|10|11)\b|windows (?:pro|home|enterprise|education)\b"
    r"|mac ?os|os x|chrome ?os|android|ios\b|ipad",
    re.IGNORECASE,
)
NOT_TOLD = "machines of which nothing tells what they are (name them under [kinds])"
LEFT_OUT = "machines that the mapping leaves out"


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """A machine as a source tells it.

    `names`: the best first; of hosts, unless `named_whole`. `kind`: where the source itself
    tells it. `system`: its operating system as written. `fields`: what else is said, by
    field; what the kind has not is left.
    """

    names: tuple[str, ...]
    addresses: tuple[str, ...] = ()
    kind: MachineKind | Literal[""] = ""
    system: str = ""
    note: str = ""
    fields: Mapping[str, object] = {}
    named_whole: bool = False

    @property
    def called(self) -> str:
        """What a report calls it."""
        return next(iter((*self.names, *self.addresses)), "without a name")


def kind_by_system(system: str) -> MachineKind | Literal[""]:
    """Return what an operating system is usually found on; "" where it tells nothing.

    A desktop's name wins over a family's: "Windows 10" of a server's console is a workstation.
    """
    if _DESK_SYSTEM.search(system):
        return "workstations"
    return "server" if _SERVER_SYSTEM.search(system) else ""


class Placed(msgspec.Struct, frozen=True):
    """Machines as items, and by each of their names and addresses the `kind:id` of its own."""

    items: tuple[Machine, ...]
    references: Mapping[str, str]


def place(
    found: Sequence[Found], known: Known, mapping: TableMapping, left: Leftovers
) -> Placed:
    """Return machines as items; what has no kind is noted in `left`.

    Of which kind: as the mapping's `kinds` say for its name; else as the map says already of a
    machine with this name or address; else what the source tells; else by operating system. Its
    id is that of the map; else its host name in small letters, whole where two hosts of
    different domains share it; else its address.
    """
    shared = Counter(
        short
        for short, _ in {
            (short_name(each.names[0]), each.names[0].casefold())
            for each in found
            if each.names
        }
    )
    items: dict[str, Machine] = {}
    references: dict[str, str] = {}
    for each in found:
        name = _own_id(each, shared)
        keys = [key.casefold() for key in (name, *each.names, *each.addresses) if key]
        before = known.machine(keys)
        kind = _kind(each, before, mapping)
        if kind not in _KINDS or not name:
            left.add(LEFT_OUT if kind == _NOWHERE else NOT_TOLD, each.called)
            continue
        same = before[1] if before and before[0] == kind else as_id(name)
        reference = f"{kind}:{same}"
        machine = _item(_KINDS[kind], same, each, known)
        items[reference] = _both(items[reference], machine) if reference in items else machine
        references |= dict.fromkeys(keys, reference)
    return Placed(tuple(items.values()), references)


_NOWHERE = "nowhere"
_SILENT = ("", (), None)  # 0 and False say something


def _own_id(each: Found, shared: Mapping[str, int]) -> str:
    if not each.names:
        return each.addresses[0] if each.addresses else ""
    if each.named_whole:
        return as_id(each.names[0])
    whole = each.names[0].strip().rstrip(".").casefold()
    short = short_name(whole)
    return (short if shared[short] == 1 else whole)[:LONGEST_ID]


def _kind(each: Found, before: tuple[str, str] | None, mapping: TableMapping) -> str:
    for pattern, kind in mapping.kinds.items():
        if any(fnmatchcase(name.casefold(), pattern.casefold()) for name in each.names):
            return kind or _NOWHERE
    if before is not None:
        return before[0]
    return each.kind or kind_by_system(each.system)


def _item(kind: type[Machine], name: str, each: Found, known: Known) -> Machine:
    addresses = tuple(
        dict.fromkeys(found for text in each.addresses if (found := address_of(text)))
    )
    segment = next((at for one in addresses if (at := known.segment_of(one))), "")
    said: dict[str, Any] = {
        "addresses": addresses,
        "segment": segment,
        "system": each.system,
        "note": each.note,
        "name": _name(each, name.casefold()),
        **each.fields,
    }
    fields = usual(kind)
    return kind(
        id=name,
        **{
            field: value
            for field, value in said.items()
            if field in fields and value not in _SILENT
        },
    )


def _name(each: Found, own_id: str) -> str:
    """Return its name where the id does not tell it."""
    told = each.names[0] if each.names else ""
    short = "" if each.named_whole else short_name(told)
    return "" if own_id in {short, told.casefold()} else told


def _both(one: Machine, other: Machine) -> Machine:
    """Return a machine that was met twice: the first word counts, addresses are of both."""
    said = {
        field: first if (first := getattr(one, field)) != silent else getattr(other, field)
        for field, silent in usual(type(one)).items()
    }
    said["addresses"] = tuple(dict.fromkeys((*one.addresses, *other.addresses)))
    return msgspec.structs.replace(one, **said)


def check_mapping(mapping: TableMapping) -> None:
    """Raise MapItemError where a mapping says what a format of several kinds cannot follow."""
    strange = sorted({each for each in mapping.kinds.values() if each} - _KINDS.keys())
    if strange:
        raise MapItemError(
            f"the mapping gives machines the kind {', '.join(strange)}",
            advice=f"Kinds of machines are {', '.join(_KINDS)}; an empty one leaves them out.",
        )
    fields = {field.name for kind in KINDS.values() for field in msgspec.structs.fields(kind)}
    unknown = sorted({*mapping.fixed, *mapping.values} - fields)
    if unknown:
        raise MapItemError(f"the mapping names {', '.join(unknown)}: no kind has such a field")
    if mapping.columns:
        raise MapItemError(
            "the mapping names columns, and this format has none",
            advice="Of such formats [kinds], [fixed] and [values] are read.",
        )


def as_mapped(items: Iterable[AnyItem], mapping: TableMapping) -> tuple[AnyItem, ...]:
    """Return items with what the mapping fixes, and its values for what stands in a field.

    Only a field that says nothing is fixed. Raises MapItemError for a text that no such field
    can hold.
    """
    if not (mapping.fixed or mapping.values):
        return tuple(items)
    return tuple(_mapped(each, mapping) for each in items)


@cache
def _fixed(kind: type[AnyItem], field: str, text: str, separator: str) -> object:
    wanted = next(each for each in msgspec.structs.fields(kind) if each.name == field)
    try:
        return cell_reader(wanted.type, {}, separator)(text)
    except ValueError as fault:
        name = kind.__struct_config__.tag
        raise MapItemError(f"the mapping fixes {field} of a {name}: {fault}") from fault


def _mapped(item: AnyItem, mapping: TableMapping) -> AnyItem:
    said: dict[str, Any] = {}
    for field, silent in usual(type(item)).items():
        value = getattr(item, field)
        if isinstance(value, str) and (meant := mapping.values.get(field)):
            value = meant.get(value, value)
            said[field] = value
        if field in mapping.fixed and value == silent:
            fixed = _fixed(type(item), field, mapping.fixed[field], mapping.separator)
            said |= {} if fixed is None else {field: fixed}
    mapped = msgspec.structs.replace(item, **said)
    within_limits(mapped)
    return mapped
