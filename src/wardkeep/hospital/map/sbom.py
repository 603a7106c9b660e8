"""Bills of materials (CycloneDX, SPDX 2) as JSON: which software a device or program holds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import msgspec

from wardkeep.hospital.map.errors import MapItemError
from wardkeep.hospital.map.found import as_mapped
from wardkeep.hospital.map.item import as_id, split
from wardkeep.hospital.map.json_source import decoded
from wardkeep.hospital.map.known import Known
from wardkeep.hospital.map.machines import Application, Device, Server
from wardkeep.hospital.map.reading import Leftovers, Reading, UnreadableSourceError
from wardkeep.hospital.map.table import TableMapping
from wardkeep.hospital.map.whole import AnyItem

MOST_PARTS = 500_000
_MOST_IN_A_NOTE = 40
_SYSTEM = "operating-system"
_TOLD = frozenset({"application", _SYSTEM, "firmware", "platform", "container", "device"})
"""Sorts of parts that stand in the note; libraries, files and frameworks are counted."""
_DEVICES = frozenset({"device", "firmware", "device-driver"})


class Part(msgspec.Struct, frozen=True):
    """A component: its sort in CycloneDX' words, its name and version."""

    name: str
    version: str
    sort: str

    @property
    def told(self) -> str:
        """Name and version."""
        return f"{self.name} {self.version}".strip()


class Bill(msgspec.Struct, frozen=True):
    """What a bill is of, who made it, and what is in it."""

    of: Part
    maker: str
    parts: tuple[Part, ...]


class _Organisation(msgspec.Struct, frozen=True):
    name: str | None = None


class _Component(msgspec.Struct, frozen=True):
    name: str
    type: str = "library"
    version: str | None = None
    supplier: _Organisation | None = None
    manufacturer: _Organisation | None = None
    publisher: str | None = None

    def part(self) -> Part:
        return Part(self.name, self.version or "", self.type)

    def maker(self) -> str:
        made_by = self.manufacturer or self.supplier
        return (made_by and made_by.name) or self.publisher or ""


class _Metadata(msgspec.Struct, frozen=True):
    component: _Component | None = None


class _CycloneDx(msgspec.Struct, frozen=True):
    form: str = msgspec.field(name="bomFormat")
    metadata: _Metadata | None = None
    components: tuple[_Component, ...] | None = None


class _Package(msgspec.Struct, frozen=True):
    name: str
    reference: str = msgspec.field(name="SPDXID")
    version: str | None = msgspec.field(name="versionInfo", default=None)
    supplier: str | None = None
    purpose: str | None = msgspec.field(name="primaryPackagePurpose", default=None)

    def part(self) -> Part:
        sort = (self.purpose or "library").casefold().replace("_", "-")
        return Part(self.name, self.version or "", sort)


class _Relationship(msgspec.Struct, frozen=True, rename="camel"):
    relationship_type: str
    related_spdx_element: str


class _Spdx(msgspec.Struct, frozen=True, rename="camel"):
    spdx_version: str
    packages: tuple[_Package, ...] | None = None
    document_describes: tuple[str, ...] | None = None
    relationships: tuple[_Relationship, ...] | None = None


class _Which(msgspec.Struct, frozen=True, rename="camel"):
    bom_format: str | None = None


def read_bill(name: str, content: bytes) -> Bill:
    """Return a bill of materials; raises UnreadableSourceError."""
    if decoded(content, _Which, name).bom_format:
        bill = _of_cyclonedx(name, decoded(content, _CycloneDx, name))
    else:
        bill = _of_spdx(name, decoded(content, _Spdx, name))
    if len(bill.parts) > MOST_PARTS:
        raise UnreadableSourceError(f"{name} has more than {MOST_PARTS} components")
    return bill


def _of_cyclonedx(name: str, told: _CycloneDx) -> Bill:
    of = told.metadata.component if told.metadata else None
    if of is None:
        raise UnreadableSourceError(
            f"{name} does not say what it is of", "It needs metadata.component with a name."
        )
    return Bill(of.part(), of.maker(), tuple(each.part() for each in told.components or ()))


def _of_spdx(name: str, told: _Spdx) -> Bill:
    if not told.spdx_version.startswith("SPDX-2."):
        raise UnreadableSourceError(
            f"{name} is {told.spdx_version[:40]}; SPDX 2 is read", "Export it as SPDX 2.3."
        )
    described = {
        *(told.document_describes or ()),
        *(
            each.related_spdx_element
            for each in told.relationships or ()
            if each.relationship_type == "DESCRIBES"
        ),
    }
    packages = told.packages or ()
    of = [each for each in packages if each.reference in described]
    if len(of) != 1:
        raise UnreadableSourceError(f"{name} describes {len(of)} packages; one is needed")
    # "Organization: Siemens (mail)", clause 7.5 of SPDX 2.3
    maker = (of[0].supplier or "").partition(": ")[2].partition(" (")[0]
    others = tuple(each.part() for each in packages if each is not of[0])
    return Bill(of[0].part(), maker, others)


def read_bills(
    files: Sequence[tuple[str, bytes]], known: Known, mapping: TableMapping
) -> Reading:
    """Return what bills tell of devices, servers and applications.

    A bill is of the item that the mapping's `[values.id]` gives its name (`kind:id`); else of a
    machine on the map with that name; else of a new device or application. Raises
    UnreadableSourceError, MapItemError.
    """
    left = Leftovers()
    items: dict[str, AnyItem] = {}
    for name, content in files:
        bill = read_bill(name, content)
        kind, own = _item_of(bill, known, mapping.values.get("id", {}))
        if items.setdefault(f"{kind}:{own}", _made(kind, own, bill)) != _made(kind, own, bill):
            raise MapItemError(f"{name} is of {kind}:{own}, of which another file is too")
        libraries = sum(each.sort not in _TOLD for each in bill.parts)
        if libraries:
            left.add("libraries, files and the like (counted in the note)", count=libraries)
    others = {field: words for field, words in mapping.values.items() if field != "id"}
    rest = msgspec.structs.replace(mapping, values=others)
    return Reading(items=as_mapped(items.values(), rest), rows=len(files), left=left.told())


def _item_of(bill: Bill, known: Known, given: Mapping[str, str]) -> tuple[str, str]:
    if bill.of.name in given:
        kind, own = split(given[bill.of.name])
        if kind not in _MAKERS:
            raise MapItemError(
                f"the mapping gives {bill.of.name} to {given[bill.of.name]!r}",
                advice=f"Write kind:id, the kind being one of {', '.join(_MAKERS)}.",
            )
        return kind, as_id(own)
    before = known.machine([bill.of.name])
    if before is not None and before[0] in _MAKERS:
        return before
    return ("device" if bill.of.sort in _DEVICES else "application"), as_id(bill.of.name)


def _made(kind: str, own: str, bill: Bill) -> AnyItem:
    return _MAKERS[kind](own, bill)


def _device(own: str, bill: Bill) -> AnyItem:
    return Device(
        id=own, maker=bill.maker, model=bill.of.told, system=_system(bill), note=_note(bill)
    )


def _server(own: str, bill: Bill) -> AnyItem:
    return Server(id=own, system=_system(bill), note=_note(bill))


def _application(own: str, bill: Bill) -> AnyItem:
    by = f"by {bill.maker}; " if bill.maker else ""
    return Application(id=own, version=bill.of.version, note=(by + _note(bill)).rstrip("; "))


_MAKERS = {"device": _device, "server": _server, "application": _application}


def _system(bill: Bill) -> str:
    return next((each.told for each in bill.parts if each.sort == _SYSTEM), "")


def _note(bill: Bill) -> str:
    told = sorted({each.told for each in bill.parts if each.sort in _TOLD})
    words = told[:_MOST_IN_A_NOTE]
    return "; ".join(_note_parts(words, len(told) - len(words), bill))


def _note_parts(words: Sequence[str], more: int, bill: Bill) -> Iterator[str]:
    if words:
        yield f"software: {', '.join(words)}{f' and {more} more' if more else ''}"
    libraries = sum(each.sort not in _TOLD for each in bill.parts)
    if libraries:
        yield f"{libraries} libraries"
