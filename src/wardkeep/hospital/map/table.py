"""Rows of a table to items of the map: columns by name or mapping, what failed by its line."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial

import msgspec

from wardkeep.hospital.map.cells import Cell, cell_reader, folded
from wardkeep.hospital.map.errors import MapItemError
from wardkeep.hospital.map.item import Item, as_id
from wardkeep.hospital.map.limits import within_limits
from wardkeep.hospital.map.reading import MOST_TOLD, Reading, Refused

# Headings that inventories of the region give to a field; others by mapping.
_USUAL: Mapping[str, tuple[str, ...]] = {
    "id": ("hostname", "host", "computer", "computername", "servername", "nom d'hôte"),
    "name": ("nom", "naam", "bezeichnung", "description", "omschrijving", "beschreibung"),
    "owner": ("responsable", "verantwoordelijke", "verantwortlich", "propriétaire", "eigenaar"),
    "site": ("location", "campus", "standort", "locatie", "lieu"),
    "segment": ("vlan", "network", "subnet", "réseau", "netwerk", "netz"),
    "addresses": ("ip", "ip address", "ipaddress", "adresse ip", "ip-adres", "ip-adresse"),
    "networks": ("cidr", "prefix", "subnet"),
    "system": ("os", "operating system", "système", "besturingssysteem", "betriebssystem"),
    "count": ("number", "quantity", "nombre", "aantal", "anzahl"),
    "maker": ("manufacturer", "vendor", "fabricant", "fabrikant", "hersteller"),
    "supplier": ("fournisseur", "leverancier", "lieferant"),
    "ward": ("unité", "afdeling", "station"),
    "servers": ("server", "serveurs", "serveur"),
    "second_factor": ("mfa", "2fa"),
    "watched": ("edr",),
    "service": ("dienst",),
}


class TableMapping(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How a file is to be read (that of `--mapping`).

    `columns`: heading to field. `fixed`: fields of every row. `values`: for a field, what a
    text of the table means. `ignored`: headings that are known and not wanted. `separator`:
    between several values of one cell. `sheet`: that of a workbook. `kinds`: of formats that
    tell several kinds, pattern of a machine's name (`*` and `?`) to kind; an empty kind is
    left out.
    """

    kind: str = ""
    source: str = ""
    rank: int | None = None
    columns: dict[str, str] = {}
    fixed: dict[str, str] = {}
    values: dict[str, dict[str, str]] = {}
    ignored: tuple[str, ...] = ()
    separator: str = ";"
    sheet: str = ""
    kinds: dict[str, str] = {}


def read_table(
    kind: type[Item],
    headings: Sequence[str],
    rows: Iterable[tuple[int, Sequence[str]]],
    mapping: TableMapping,
) -> Reading:
    """Return the items of a table whose rows come with their line numbers.

    A row that cannot be read is refused with its line; the others are taken. Raises
    MapItemError where the mapping names a field that the kind does not have.
    """
    cells = _cells(kind, mapping)
    columns = _columns(headings, cells, mapping)
    needed = tuple(each.name for each in msgspec.structs.fields(kind) if each.required)
    row = _Row(kind, columns, _fixed(cells, mapping), needed)
    made: dict[str, tuple[int, Item]] = {}
    told: list[Refused] = []
    number = 0
    for line, texts in rows:
        number += 1
        try:
            item = row.item(texts)
            first, same = made.setdefault(item.id, (line, item))
            if same != item:
                raise MapItemError(f"id {item.id!r} stands on line {first} too, otherwise")
        except ValueError as fault:
            told.append(Refused(line, str(fault)))
    return Reading(
        items=tuple(item for _, item in made.values()),
        rows=number,
        refused=len(told),
        told=tuple(told[:MOST_TOLD]),
        not_used=_not_used(headings, columns, mapping),
    )


def _fixed(cells: Mapping[str, Cell], mapping: TableMapping) -> dict[str, object]:
    found: dict[str, object] = {}
    for field, text in mapping.fixed.items():
        try:
            value = cells[field](text)
        except ValueError as fault:
            raise MapItemError(f"the mapping fixes {field}: {fault}") from fault
        if value is not None:
            found[field] = value
    return found


def _not_used(
    headings: Sequence[str], columns: Sequence[tuple[int, str, Cell]], mapping: TableMapping
) -> tuple[str, ...]:
    used = {position for position, _, _ in columns}
    ignored = {folded(each) for each in mapping.ignored}
    return tuple(
        heading
        for position, heading in enumerate(headings)
        if position not in used and heading.strip() and folded(heading) not in ignored
    )


class _Row:
    """Makes an item of a row's texts."""

    def __init__(
        self,
        kind: type[Item],
        columns: Sequence[tuple[int, str, Cell]],
        fixed: Mapping[str, object],
        needed: tuple[str, ...],
    ) -> None:
        self._make: Callable[..., Item] = kind
        self._columns = tuple(columns)
        self._fixed, self._needed = dict(fixed), needed

    def item(self, texts: Sequence[str]) -> Item:
        """Return the item; raises MapItemError."""
        said = self._fixed.copy()
        for position, field, cell in self._columns:
            text = texts[position] if position < len(texts) else ""
            try:
                value = cell(text)
            except ValueError as fault:
                raise MapItemError(f"{field}: {fault}") from fault
            if value is not None:
                said[field] = value
        if "id" in said:
            said["id"] = as_id(str(said["id"]))
        else:
            said["id"] = _id_of(said, self._needed)
        missing = [field for field in self._needed if field not in said]
        if missing:
            raise MapItemError(f"nothing stands in {', '.join(missing)}")
        item = self._make(**said)
        within_limits(item)
        return item


def _id_of(said: Mapping[str, object], needed: Sequence[str]) -> str:
    """Return an id of a row that has none: its name, else what it must say."""
    if said.get("name"):
        return as_id(str(said["name"]))
    parts = [said[field] for field in needed if field in said]
    texts = [
        "+".join(map(str, each)) if isinstance(each, tuple) else str(each) for each in parts
    ]
    return as_id(" / ".join(texts))


def _cells(kind: type[Item], mapping: TableMapping) -> dict[str, Cell]:
    fields = {each.name: each.type for each in msgspec.structs.fields(kind)}
    named = {*mapping.columns.values(), *mapping.fixed, *mapping.values}
    unknown = sorted(named - fields.keys())
    if unknown:
        raise MapItemError(
            f"the mapping names {', '.join(unknown)}: no field of a {mapping.kind or 'row'}",
            advice=f"Its fields are {', '.join(fields)}.",
        )
    return {
        name: _of_one_kind(
            kind,
            name,
            cell_reader(its_type, mapping.values.get(name, {}), mapping.separator),
        )
        for name, its_type in fields.items()
    }


def _of_one_kind(kind: type[Item], field: str, cell: Cell) -> Cell:
    """Return what reads a field that names things of one kind: by their ids, without the kind.

    Who writes `service:lab` there means `lab`: as an id it would name nothing.
    """
    kinds = ("person",) if field == "owner" else kind.REFERS.get(field, ())
    return partial(_without_kind, f"{kinds[0]}:", cell) if len(kinds) == 1 else cell


def _without_kind(prefix: str, cell: Cell, text: str) -> object:
    said = cell(text)
    if isinstance(said, tuple):
        return tuple(str(each).removeprefix(prefix) for each in said)
    return said.removeprefix(prefix) if isinstance(said, str) else said


def _columns(
    headings: Sequence[str], cells: Mapping[str, Cell], mapping: TableMapping
) -> list[tuple[int, str, Cell]]:
    """Return position, field and reader of each column that is taken.

    What the mapping says comes first, then fields by their own name, then usual headings.
    """
    said = {folded(heading): field for heading, field in mapping.columns.items()}
    ignored = {folded(each) for each in mapping.ignored}
    own = {folded(field): field for field in cells}
    usual = {
        folded(heading): field
        for field, names in _USUAL.items()
        for heading in names
        if field in cells
    }
    found: dict[str, int] = {}
    for names in (said, own, usual):
        for position, heading in enumerate(headings):
            field = names.get(folded(heading))
            free = position not in found.values() and folded(heading) not in ignored
            if field is not None and free:
                found.setdefault(field, position)
    return [(position, field, cells[field]) for field, position in found.items()]
