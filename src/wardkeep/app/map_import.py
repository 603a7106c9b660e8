"""Takes files into the hospital's map: all or none, and says what was not understood."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import cast

import msgspec

from wardkeep.adapters.clock import now
from wardkeep.adapters.key_ring import KeyRing
from wardkeep.adapters.map_store import LONGEST_SOURCE, MapStore, is_source, source_of
from wardkeep.app.errors import MapFileError
from wardkeep.app.folder import HospitalFolder
from wardkeep.app.map_formats import (
    FORMATS,
    SourceFile,
    Told,
    format_of,
    read_file,
    read_format,
    read_table_file,
)
from wardkeep.app.recording import record
from wardkeep.foresight.events import PART, MapImported, encode
from wardkeep.hospital.map.difference import Difference, difference
from wardkeep.hospital.map.known import Known
from wardkeep.hospital.map.reading import Reading
from wardkeep.hospital.map.table import TableMapping
from wardkeep.hospital.map.whole import AnyItem, Layer

SHIPPED = Path(__file__).parent / "map_mappings"
"""Mappings of well-known exports; `--mapping` takes them by name."""
USUAL_RANK = 100
"""A source that is given no rank; a lower one is believed before it."""


Progress = Callable[[str], None]


def _unheard(_: str) -> None:
    """Nobody waits for it."""


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """How files are to be taken: empty words mean as their mapping or their names say.

    `at`: when they are read; all files of a call at one moment, so that none is the later word.
    """

    by: str
    kind: str = ""
    source: str = ""
    mapping: TableMapping = TableMapping()
    at: int = 0


class Imported(msgspec.Struct, frozen=True, kw_only=True):
    """What a file says, how it differs from the time before, what was not understood of it.

    `kind` is that of its things, or a format that tells several.
    """

    file: str
    kind: str
    layer: Layer
    read: Reading
    difference: Difference


def read_mapping(path: Path) -> TableMapping:
    """Return the mapping of a TOML file, or of one that comes along by its name.

    Raises MapFileError.
    """
    shipped = SHIPPED / f"{path}.toml"
    if path.parent == Path() and not path.exists() and shipped.exists():
        path = shipped
    try:
        return msgspec.convert(tomllib.loads(path.read_text("utf-8")), TableMapping)
    except (OSError, UnicodeDecodeError) as fault:
        raise MapFileError(f"{path} cannot be read: {fault}") from fault
    except (tomllib.TOMLDecodeError, msgspec.ValidationError) as fault:
        keys = ", ".join(field.name for field in msgspec.structs.fields(TableMapping))
        raise MapFileError(
            f"{path} is no mapping: {fault}", advice=f"Its keys are {keys}."
        ) from fault


def plan(
    store: MapStore, files: Sequence[Path], asked: Asked, progress: Progress = _unheard
) -> tuple[Imported, ...]:
    """Return what an import of the files would do; nothing is changed.

    `progress` is told the name of each file before it is read. Raises MapFileError,
    MapItemError, MapUnreadableError.
    """
    for name in (asked.source, asked.mapping.source):
        if name and not is_source(name):
            raise MapFileError(
                f"{name!r} is no name of a source",
                advice=f"Use 1 to {LONGEST_SOURCE} of a to z, 0 to 9, _ and -.",
            )
    asked = msgspec.structs.replace(asked, at=asked.at or now())
    found: dict[tuple[str, str], Imported] = {}
    for told in _told(store, files, asked, progress):
        each = _imported(store, told, asked)
        place = (each.layer.source, each.layer.part)
        if place in found:
            raise MapFileError(
                f"{each.file} and {found[place].file} are both {place[1]} of source"
                f" {place[0]!r}: the second would take the first one's place",
                advice="Import them by two calls with two names of --source, or as one file.",
            )
        found[place] = each
    return tuple(found.values())


def still_said(store: MapStore, planned: Sequence[Imported]) -> tuple[Layer, ...]:
    """Return what the sources of an import said of other parts before, which it does not hold.

    A sheet that was deleted from a workbook stands on the map until it is forgotten. Raises
    MapUnreadableError.
    """
    sources = {each.layer.source for each in planned}
    new = {(each.layer.source, each.layer.part) for each in planned}
    return tuple(
        each
        for each in store.layers()
        if each.source in sources and (each.source, each.part) not in new
    )


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


def _told(
    store: MapStore, files: Sequence[Path], asked: Asked, progress: Progress
) -> Iterator[Told]:
    """Yield what the files tell: tables first, for they name the segments that others need."""
    kind = asked.kind or asked.mapping.kind
    mapping = msgspec.structs.replace(asked.mapping, kind="" if kind in FORMATS else kind)
    waiting: dict[str, list[SourceFile]] = {}
    new: list[Layer] = []
    for path in files:
        progress(path.name)
        file = read_file(path)
        form = format_of(file, kind)
        if form in FORMATS:
            waiting.setdefault(form, []).append(file)
            continue
        for each in read_table_file(file, form, mapping):
            new.append(_layer(each, _source(each, asked), asked))
            yield each
    for form, its_files in waiting.items():
        progress(", ".join(each.path.name for each in its_files))
        source = _source(Told((), form, Reading(items=(), rows=0)), asked)
        replaced = {(form, source), *((each.part, each.source) for each in new)}
        kept = (each for each in store.layers() if (each.part, each.source) not in replaced)
        each = read_format(form, its_files, Known((*kept, *new)), mapping)
        new.append(_layer(each, source, asked))
        yield each


def _source(told: Told, asked: Asked) -> str:
    """Return whose word it is: of tables the file's, of formats that tell several theirs.

    A program names its exports after the day: a source after each would be another each time.
    """
    usual = told.part if told.part in FORMATS else source_of(_stem(told.files[0]))
    return asked.source or asked.mapping.source or usual


def _stem(name: str) -> str:
    """Return a file's name without ending and without the sheet that stands behind it."""
    return Path(name.rpartition(" [")[0] if name.endswith("]") else name).stem


def _layer(told: Told, source: str, asked: Asked) -> Layer:
    return Layer(
        source=source,
        part=told.part,
        rank=USUAL_RANK if asked.mapping.rank is None else asked.mapping.rank,
        at=asked.at,
        items=cast("tuple[AnyItem, ...]", told.reading.items),
        refused=told.reading.refused,
    )


def _is_strange(read: Reading) -> bool:
    """Tell whether a source has lines and none was taken: most likely another's file."""
    return not read.items and read.rows > 0 and bool(read.refused or read.left)


def _imported(store: MapStore, told: Told, asked: Asked) -> Imported:
    layer = _layer(told, _source(told, asked), asked)
    before = store.layer(layer.source, layer.part)
    if before and before.items and _is_strange(told.reading):
        why = f": {told.reading.told[0].why}" if told.reading.told else ""
        raise MapFileError(
            f"{', '.join(told.files)}: none of its {told.reading.rows} lines was taken{why};"
            f" source {layer.source!r} said {len(before.items)} things of {layer.part} before,"
            " which stand as they were",
            advice="See that it is the file you meant. To take away what the source said:"
            f" `wardkeep map forget DIR --source {layer.source} --kind {layer.part}`.",
        )
    return Imported(
        file=", ".join(told.files),
        kind=told.part,
        layer=layer,
        read=told.reading,
        difference=difference(before.items if before else (), layer.items),
    )
