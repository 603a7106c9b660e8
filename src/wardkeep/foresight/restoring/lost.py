"""Which servers of a map are lost, as a file says that a person wrote."""

from __future__ import annotations

from collections.abc import Iterator

from wardkeep.foresight.restoring.errors import LostFileError
from wardkeep.hospital.map.errors import NotOnTheMapError
from wardkeep.hospital.map.item import Item, named_in, reference_to
from wardkeep.hospital.map.machines import Application, Server
from wardkeep.hospital.map.places import Place, Segment
from wardkeep.hospital.map.whole import HospitalMap

_ALL = "all"
_TOLD = 10
LONGEST_FILE = 1_000_000
"""Characters: more than the ids of 8,000 servers at their longest."""


def lost_servers(whole: HospitalMap, text: str) -> tuple[str, ...]:
    """Return the ids of the servers that a file names, each once, in order.

    A line is an id or `kind:id` of a server, or of a segment, site or application for all
    servers of it, or `all`; what follows # is a remark. Raises LostFileError, NotOnTheMapError,
    both with the lines.
    """
    found: set[str] = set()
    unknown: list[str] = []
    for number, line in _lines(text):
        try:
            found.update(_named(whole, line, number))
        except NotOnTheMapError as fault:
            unknown.append(f"line {number}: {fault}")
    if unknown:
        more = f"\n  and {len(unknown) - _TOLD} lines more" if len(unknown) > _TOLD else ""
        raise NotOnTheMapError("\n  ".join(unknown[:_TOLD]) + more)
    if not found:
        raise LostFileError("nothing is named as lost: the file holds only remarks")
    return tuple(sorted(found))


def _lines(text: str) -> Iterator[tuple[int, str]]:
    for number, line in enumerate(text.removeprefix("\ufeff").splitlines(), start=1):
        said = line.partition("#")[0].strip()
        if said:
            yield number, said


def _named(whole: HospitalMap, line: str, number: int) -> list[str]:
    if line.casefold() == _ALL:
        return _checked([each.id for each in whole.of(Server)], "the map", number)
    own = f"server:{line}"
    item = whole.items[own] if own in whole.items else whole.item(line)
    reference = reference_to(item)
    match item:
        case Server():
            return [item.id]
        case Application():
            servers = named_in(item, "servers")
            there = [ref for ref in servers if ref in whole.items]
            return _checked([whole.items[ref].id for ref in there], reference, number)
        case Segment() | Place():
            return _checked(_standing_in(whole, item), reference, number)
        case _:
            raise LostFileError(
                f"line {number}: {reference} is no server, segment, site or application"
            )


def _standing_in(whole: HospitalMap, place: Item) -> list[str]:
    reference = reference_to(place)
    named = whole.named_from.get(reference, ())
    namers = [whole.items[namer] for _, namer in named]
    return [each.id for each in namers if isinstance(each, Server)]


def _checked(found: list[str], of: str, number: int) -> list[str]:
    if not found:
        raise LostFileError(f"line {number}: no server of {of} is on the map")
    return found
