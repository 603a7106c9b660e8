"""Takes files into the hospital's map: all or none, and says what was not understood."""

from __future__ import annotations

import csv
import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import cast

import msgspec

from wardkeep.adapters.clock import now
from wardkeep.adapters.csv_text import CsvTextError
from wardkeep.adapters.key_ring import KeyRing
from wardkeep.adapters.map_store import LONGEST_SOURCE, MapStore, is_source, source_of
from wardkeep.adapters.map_tables import read_csv
from wardkeep.app.errors import MapFileError
from wardkeep.app.folder import HospitalFolder
from wardkeep.app.recording import record
from wardkeep.foresight.events import PART, MapImported, encode
from wardkeep.hospital.map.cells import folded
from wardkeep.hospital.map.difference import Difference, difference
from wardkeep.hospital.map.errors import MapItemError
from wardkeep.hospital.map.table import TableMapping, TableRead
from wardkeep.hospital.map.whole import KINDS, AnyItem, Layer
from wardkeep.sample.estate import tables

USUAL_RANK = 100
"""A source that is given no rank; a lower one is believed before it."""
_PLURALS = {"access": "accesses", "person": "people", "policy": "policies", "home": "homes"}


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """How files are to be taken: empty words mean as their mapping or their names say."""

    by: str
    kind: str = ""
    source: str = ""
    mapping: TableMapping = TableMapping()


class Imported(msgspec.Struct, frozen=True, kw_only=True):
    """What a file says, how it differs from the time before, what was not understood of it."""

    file: str
    kind: str
    layer: Layer
    read: TableRead
    difference: Difference


def read_mapping(path: Path) -> TableMapping:
    """Return the mapping of a TOML file; raises MapFileError."""
    try:
        return msgspec.convert(tomllib.loads(path.read_text("utf-8")), TableMapping)
    except (OSError, UnicodeDecodeError) as fault:
        raise MapFileError(f"{path} cannot be read: {fault}") from fault
    except (tomllib.TOMLDecodeError, msgspec.ValidationError) as fault:
        keys = ", ".join(field.name for field in msgspec.structs.fields(TableMapping))
        raise MapFileError(
            f"{path} is no mapping: {fault}", advice=f"Its keys are {keys}."
        ) from fault


def plan(store: MapStore, files: Sequence[Path], asked: Asked) -> tuple[Imported, ...]:
    """Return what an import of the files would do; nothing is changed.

    Raises MapFileError, MapItemError, MapUnreadableError.
    """
    found: dict[tuple[str, str], Imported] = {}
    for path in files:
        each = _planned(store, path, asked)
        place = (each.layer.source, each.layer.part)
        if place in found:
            raise MapFileError(
                f"{path} and {found[place].file} are both {place[1]} of source {place[0]!r}:"
                " the second would take the first one's place",
                advice="Import them by two calls with two names of --source, or as one file.",
            )
        found[place] = each
    return tuple(found.values())


def carry_out(
    folder: HospitalFolder, ring: KeyRing, planned: Sequence[Imported], by: str
) -> None:
    """Put what was planned on the map, and record it.

    Raises OSError, RefusedByServerError, StoreFailedError, StoreLockedError; a file whose
    import is not recorded may be imported again.
    """
    store = MapStore(folder.map, ring)
    for each in planned:
        store.put(each.layer)
    record(folder, ring, PART, [encode(_event(each, by)) for each in planned])


def _event(each: Imported, by: str) -> MapImported:
    return MapImported(
        at=each.layer.at,
        by=by,
        source=each.layer.source,
        part=each.layer.part,
        items=len(each.layer.items),
        added=len(each.difference.added),
        changed=len(each.difference.changed),
        gone=len(each.difference.gone),
        refused=each.read.refused,
    )


def _planned(store: MapStore, path: Path, asked: Asked) -> Imported:
    kind = asked.kind or asked.mapping.kind or kind_of_file(path)
    source = asked.source or asked.mapping.source or source_of(path.stem)
    if not is_source(source):
        raise MapFileError(
            f"{source!r} is no name of a source",
            advice=f"Use 1 to {LONGEST_SOURCE} of a to z, 0 to 9, _ and -.",
        )
    mapping = msgspec.structs.replace(asked.mapping, kind=kind)
    try:
        read = read_csv(path.read_bytes(), KINDS[kind], mapping)
    except OSError as fault:
        raise MapFileError(f"{path} cannot be read: {fault.strerror}") from fault
    except CsvTextError as fault:
        raise MapFileError(f"{path}: {fault}", advice=fault.advice) from fault
    except MapItemError as fault:
        raise MapItemError(f"{path}: {fault}", advice=fault.advice) from fault
    before = store.layer(source, kind)
    layer = Layer(
        source=source,
        part=kind,
        rank=USUAL_RANK if asked.mapping.rank is None else asked.mapping.rank,
        at=now(),
        items=cast("tuple[AnyItem, ...]", read.items),
    )
    changes = difference(before.items if before else (), read.items)
    return Imported(file=str(path), kind=kind, layer=layer, read=read, difference=changes)


def write_sample(folder: Path) -> list[Path]:
    """Write the sample hospital's map as CSV files into an empty or new folder.

    Raises MapFileError where something lies there.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise MapFileError(
            f"{folder} already holds something; nothing was written",
            advice="Name a folder that is not there yet.",
        )
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for kind, rows in tables().items():
        path = folder / f"{kind}.csv"
        with path.open("w", encoding="utf-8-sig", newline="") as stream:
            headings = list(dict.fromkeys(name for row in rows for name in row))
            table = csv.DictWriter(stream, headings, restval="", delimiter=",")
            table.writeheader()
            table.writerows(rows)
        written.append(path)
    return written


def kind_of_file(path: Path) -> str:
    """Return the kind that a file is named after; raises MapFileError."""
    stem = folded(path.stem)
    for kind in KINDS:
        if stem in {kind, f"{kind}s", _PLURALS.get(kind, "")}:
            return kind
    raise MapFileError(
        f"nothing tells of what kind the things in {path.name} are",
        advice=f"Give --kind: {', '.join(KINDS)}; or name the file after one, as servers.csv.",
    )
