"""Which format a file of an import has, and what reads it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TypeAlias

import msgspec

from wardkeep.adapters.csv_text import CsvTextError
from wardkeep.adapters.map_tables import read_csv, read_csv_matrix
from wardkeep.adapters.zip_limits import check_zip
from wardkeep.app.errors import MapFileError
from wardkeep.hospital.map.cells import folded
from wardkeep.hospital.map.errors import MapItemError
from wardkeep.hospital.map.found import check_mapping
from wardkeep.hospital.map.json_source import json_format
from wardkeep.hospital.map.known import Known
from wardkeep.hospital.map.reading import Left, Reading, UnreadableSourceError
from wardkeep.hospital.map.table import TableMapping
from wardkeep.hospital.map.whole import KINDS

LARGEST_FILE = 256 * 1024 * 1024
_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
_MOST_IN_A_ZIP = 1 << 40  # only the names are looked at here
_PLURALS = {"access": "accesses", "person": "people", "policy": "policies", "home": "homes"}
REACH_MATRIX = "reach-matrix"
_HEAD = 4_096
_LDIF = re.compile(rb"(?:\xef\xbb\xbf)?(?:#[^\n]*\n|[ \t\r]*\n)*(?:version: *1|dn::?) *")
_BLOODHOUND_SORTS = ("computers", "users", "groups", "domains")  # of names of files


class SourceFile(msgspec.Struct, frozen=True):
    """A file that was read: its path as it was named, and its bytes."""

    path: Path
    content: bytes


class Told(msgspec.Struct, frozen=True):
    """What files told: of one kind, or of a format that tells several."""

    files: tuple[str, ...]
    part: str
    reading: Reading


Reader: TypeAlias = Callable[[Sequence[SourceFile], Known, TableMapping], Reading]


def _matrix(files: Sequence[SourceFile], known: Known, mapping: TableMapping) -> Reading:
    del known
    if len(files) > 1:
        raise MapFileError(
            f"{files[0].path} and {files[1].path} are both a reach matrix",
            advice="Import them by two calls with two names of --source, or as one file.",
        )
    return read_csv_matrix(files[0].content, mapping)


def _nmap(files: Sequence[SourceFile], known: Known, mapping: TableMapping) -> Reading:
    from wardkeep.adapters.map_nmap import read_scan
    from wardkeep.hospital.map.nmap_hosts import read_hosts

    hosts = (host for file in files for host in read_scan(file.content))
    return read_hosts(hosts, known, mapping)


def _bloodhound(files: Sequence[SourceFile], known: Known, mapping: TableMapping) -> Reading:
    from wardkeep.adapters.map_bloodhound import read_files
    from wardkeep.hospital.map.bloodhound_items import read_bloodhound

    parts = (part for file in files for part in read_files(file.path.name, file.content))
    return read_bloodhound(parts, known, mapping)


def _ldif(files: Sequence[SourceFile], known: Known, mapping: TableMapping) -> Reading:
    from wardkeep.adapters.map_ldif import ldif_text
    from wardkeep.hospital.map.ldif_directory import read_ldif

    return read_ldif((ldif_text(file.content) for file in files), known, mapping)


def _sbom(files: Sequence[SourceFile], known: Known, mapping: TableMapping) -> Reading:
    from wardkeep.hospital.map.sbom import read_bills

    return read_bills([(file.path.name, file.content) for file in files], known, mapping)


def _fhir(files: Sequence[SourceFile], known: Known, mapping: TableMapping) -> Reading:
    from wardkeep.hospital.map.fhir_estate import read_estate

    return read_estate(((file.path.name, file.content) for file in files), known, mapping)


def _netbox(files: Sequence[SourceFile], known: Known, mapping: TableMapping) -> Reading:
    from wardkeep.hospital.map.netbox import read_netbox

    return read_netbox(((file.path.name, file.content) for file in files), known, mapping)


FORMATS: Mapping[str, Reader] = {
    REACH_MATRIX: _matrix,
    "nmap": _nmap,
    "bloodhound": _bloodhound,
    "ldif": _ldif,
    "sbom": _sbom,
    "fhir": _fhir,
    "netbox": _netbox,
}
"""Formats that tell several kinds, or one otherwise than a line a thing."""


def known_words() -> str:
    """Return what --kind may be, in words."""
    return f"{', '.join(KINDS)}, or a format: {', '.join(FORMATS)}"


def read_file(path: Path) -> SourceFile:
    """Return a file with its content; raises MapFileError."""
    try:
        with path.open("rb") as stream:
            content = stream.read(LARGEST_FILE + 1)
    except OSError as fault:
        raise MapFileError(f"{path} cannot be read: {fault.strerror}") from fault
    if len(content) > LARGEST_FILE:
        raise MapFileError(f"{path} has more than {LARGEST_FILE} bytes")
    return SourceFile(path, content)


def format_of(file: SourceFile, kind: str) -> str:
    """Return the format of a file: `csv`, `xlsx`, or one of FORMATS.

    `kind`, where it is a format, is believed. Raises MapFileError.
    """
    if kind in FORMATS:
        return kind
    try:
        return _format_by_content(file) or _format_by_name(file.path)
    except UnreadableSourceError as fault:
        raise MapFileError(f"{file.path}: {fault}", advice=fault.advice) from fault


def _format_by_content(file: SourceFile) -> str:
    if file.content.startswith(_ZIP):
        return _format_of_zip(check_zip(file.content, _MOST_IN_A_ZIP, 100_000))
    if file.content.startswith(_OLE):
        raise UnreadableSourceError(
            "this is a workbook of the old form, or one with a password",
            "Save it as .xlsx without a password.",
        )
    if file.path.suffix.casefold() in {".xlsx", ".xlsm"}:
        raise UnreadableSourceError("this is no workbook", "Save it as .xlsx, or as CSV.")
    if b"<nmaprun" in file.content[:_HEAD]:
        return "nmap"
    if file.content[:_HEAD].lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in {b"{", b"["}:
        return json_format(file.content, file.path.name)
    if file.path.suffix.casefold() in {".ldif", ".ldf"} or _LDIF.match(file.content[:_HEAD]):
        return "ldif"
    return ""


def _format_of_zip(names: Sequence[str]) -> str:
    if "[Content_Types].xml" in names:
        return "xlsx"
    stems = [name.casefold() for name in names if name.casefold().endswith(".json")]
    if any(sort in stem for sort in _BLOODHOUND_SORTS for stem in stems):
        return "bloodhound"
    raise UnreadableSourceError(
        "this zip file holds nothing that is read",
        f"Read are: xlsx, csv, {', '.join(FORMATS)}.",
    )


def _format_by_name(path: Path) -> str:
    return REACH_MATRIX if folded(path.stem) == folded(REACH_MATRIX) else "csv"


def read_table_file(file: SourceFile, form: str, mapping: TableMapping) -> tuple[Told, ...]:
    """Return what a table tells, or each sheet of a workbook that is named after a kind.

    `mapping.kind` says of what kind it is, where something does. Raises MapFileError,
    MapItemError.
    """
    try:
        if form == "xlsx":
            return _workbook(file, mapping)
        kind = mapping.kind or kind_of_file(file.path)
        read = read_csv(file.content, KINDS[kind], mapping)
        return (Told((str(file.path),), kind, read),)
    except (CsvTextError, UnreadableSourceError) as fault:
        raise MapFileError(f"{file.path}: {fault}", advice=fault.advice) from fault
    except MapItemError as fault:
        raise MapItemError(f"{file.path}: {fault}", advice=fault.advice) from fault


def _workbook(file: SourceFile, mapping: TableMapping) -> tuple[Told, ...]:
    from wardkeep.adapters.map_tables import read_rows
    from wardkeep.adapters.map_workbook import Workbook

    book = Workbook(file.content)
    chosen = _sheets(file.path, book.sheets, mapping)
    others = tuple(each for each in book.sheets if each not in chosen)
    found: list[Told] = []
    for sheet, kind in chosen.items():
        of_kind = msgspec.structs.replace(mapping, kind=kind)
        read = read_rows(book.rows(sheet), KINDS[kind], of_kind)
        if others and not found:
            left = Left("sheets that are named after no kind", len(others), others[:20])
            read = msgspec.structs.replace(read, left=(left,))
        found.append(Told((f"{file.path} [{sheet}]",), kind, read))
    return tuple(found)


def _sheets(path: Path, sheets: Sequence[str], mapping: TableMapping) -> dict[str, str]:
    """Return the sheets that are to be read, with their kinds."""
    named = {sheet: kind for sheet in sheets if (kind := _kind_called(sheet))}
    if mapping.sheet:
        named = {each: kind for each in sheets if each == mapping.sheet
                 and (kind := mapping.kind or _kind_called(each))}  # fmt: skip
    elif mapping.kind:
        own = {sheet: kind for sheet, kind in named.items() if kind == mapping.kind}
        named = own or ({sheets[0]: mapping.kind} if len(sheets) == 1 else {})
    if len(set(named.values())) != len(named):
        raise MapFileError(f"{path}: two sheets are named after one kind: {', '.join(named)}")
    if not named:
        raise MapFileError(
            f"{path}: nothing tells which of its sheets are meant: {', '.join(sheets)}",
            advice="Name sheets after kinds (servers, needs), or give --kind and a mapping with"
            f' sheet = "...". Kinds are {", ".join(KINDS)}.',
        )
    return named


def kind_of_file(path: Path) -> str:
    """Return the kind that a file is named after; raises MapFileError."""
    if kind := _kind_called(path.stem):
        return kind
    raise MapFileError(
        f"nothing tells of what kind the things in {path.name} are",
        advice=f"Give --kind: {known_words()}; or name the file after one, as servers.csv.",
    )


def _kind_called(name: str) -> str:
    stem = folded(name)
    for kind in KINDS:
        if stem in {kind, f"{kind}s", _PLURALS.get(kind, "")}:
            return kind
    return ""


def read_format(
    form: str, files: Sequence[SourceFile], known: Known, mapping: TableMapping
) -> Told:
    """Return what files of one format tell together; raises MapFileError, MapItemError."""
    names = tuple(str(each.path) for each in files)
    try:
        if form != REACH_MATRIX:
            check_mapping(mapping)
        return Told(names, form, FORMATS[form](files, known, mapping))
    except (CsvTextError, UnreadableSourceError) as fault:
        raise MapFileError(f"{', '.join(names)}: {fault}", advice=fault.advice) from fault
    except MapItemError as fault:
        raise MapItemError(f"{', '.join(names)}: {fault}", advice=fault.advice) from fault
