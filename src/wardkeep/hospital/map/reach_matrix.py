"""Which segment reaches which, from a matrix: a row a source, a column a target."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import cast, get_args

from wardkeep.hospital.map.cells import folded
from wardkeep.hospital.map.item import as_id
from wardkeep.hospital.map.places import Ports, Reach
from wardkeep.hospital.map.reading import (
    MOST_TOLD,
    Leftovers,
    Reading,
    Refused,
    UnreadableSourceError,
)
from wardkeep.hospital.map.table import TableMapping

MOST_SEGMENTS = 2_000
"""In a row or column: four million cells."""
_CLASSES: frozenset[str] = frozenset(get_args(Ports))
_NONE = frozenset({"", "no", "non", "nee", "nein", "n", "0", "deny", "drop", "block"})
# What people write into such a table instead of a class of ports, folded.
_MEANT: Mapping[str, str] = {
    **dict.fromkeys(
        ("x", "yes", "oui", "ja", "y", "o", "j", "1", "all", "tout", "alles"), "any"
    ),
    **dict.fromkeys(("allow", "permit", "accept"), "any"),
    **dict.fromkeys(("rdp", "ssh", "winrm", "telnet", "vnc", "snmp"), "management"),
    **dict.fromkeys(("smb", "nfs", "ftp", "sftp", "cifs"), "file"),
    **dict.fromkeys(("http", "https", "www"), "web"),
    **dict.fromkeys(("sql", "mssql", "oracle", "mysql", "postgresql"), "database"),
    **dict.fromkeys(("hl7", "mllp", "dicom", "fhir", "pacs"), "clinical"),
}


def read_matrix(
    headings: Sequence[str], rows: Iterable[tuple[int, Sequence[str]]], mapping: TableMapping
) -> Reading:
    """Return the reach that a matrix tells; the first column and the headings name segments.

    A cell holds classes of ports, or x for any. A row with a word that is none is refused
    whole, with its line. Raises UnreadableSourceError.
    """
    targets = [as_id(each) for each in headings[1:]]
    _check(targets)
    own = mapping.values.get("ports", {})
    meant = {**_MEANT, **{folded(text): word for text, word in own.items()}}
    made: dict[str, Reach] = {}
    told: list[Refused] = []
    left = Leftovers()
    sources: set[str] = set()
    for line, texts in rows:
        source = as_id(texts[0]) if texts else ""
        try:
            _note(source, sources)
            each = list(_reaches(source, targets, texts[1:], meant, mapping.separator))
        except ValueError as fault:
            told.append(Refused(line, str(fault)))
            continue
        made |= {reach.id: reach for reach in each}
    left.add_all("columns of segments that have no row", sorted({*targets} - sources - {""}))
    left.add_all("rows of segments that have no column", sorted(sources - {*targets}))
    return Reading(
        items=tuple(made.values()),
        rows=len(sources) + len(told),
        refused=len(told),
        told=tuple(told[:MOST_TOLD]),
        left=left.told(),
    )


def _note(source: str, sources: set[str]) -> None:
    if not source or source in sources:
        raise ValueError(f"segment {source!r} again" if source else "names no segment")
    sources.add(source)
    _check(sources)


def _check(names: Sequence[str] | set[str]) -> None:
    if not any(names):
        raise UnreadableSourceError(
            "the matrix has no column of a segment",
            "The first line names targets, the first column sources.",
        )
    if len(names) > MOST_SEGMENTS:
        raise UnreadableSourceError(f"the matrix has more than {MOST_SEGMENTS} segments")
    named = [each for each in names if each]
    if len(set(named)) != len(named):
        raise UnreadableSourceError("the matrix names a segment in two columns")


def _reaches(
    source: str,
    targets: Sequence[str],
    cells: Sequence[str],
    meant: Mapping[str, str],
    separator: str,
) -> Iterator[Reach]:
    for target, cell in zip(targets, cells, strict=False):
        if not target or target == source:
            continue  # within a segment machines reach each other by definition
        classes = list(dict.fromkeys(_classes(target, cell, meant, separator)))
        for each in classes:
            name = f"{source} / {target}" + (f" / {each}" if len(classes) > 1 else "")
            yield Reach(id=as_id(name), source=source, target=target, ports=cast("Ports", each))


def _classes(target: str, cell: str, meant: Mapping[str, str], separator: str) -> Iterator[str]:
    for text in cell.split(separator):
        word = folded(text)
        if word in _NONE and word not in meant:
            continue
        found = meant.get(word, word)
        if found not in _CLASSES:
            known = ", ".join(sorted(_CLASSES))
            raise ValueError(f"to {target}: {text.strip()[:40]!r} is none of {known}, x")
        yield found
