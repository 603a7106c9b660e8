"""Laboratory values in series with corrections, and reports in words.

A result is kept once per wording and state; the newest is shown, and earlier final values that
it changed stand beside it, so that whoever acted on them sees it (OBX-11, HL7 table 0085).
"""

from __future__ import annotations

from wardkeep.chart.cells import SEPARATOR, coded, moment, text, texts
from wardkeep.chart.change import Stamp
from wardkeep.chart.model import Report, Result, ResultSeries, ResultState
from wardkeep.chart.record import Cell, Cells

_FINAL = {ResultState.FINAL.value, ResultState.CORRECTED.value}
_STATES = {
    state: place
    for place, state in enumerate(("pending", "preliminary", "final", "corrected", "withdrawn"))
}


def series_of(cells: Cells) -> tuple[ResultSeries, ...]:
    """Return the series sorted by name, each with its newest value first."""
    versions: dict[str, list[Cell]] = {}
    for key, cell in cells.items():
        versions.setdefault(key.rpartition(SEPARATOR)[0], []).append(cell)
    series: dict[tuple[str, str, str], list[Cell]] = {}
    results: dict[int, Result] = {}
    for same in versions.values():
        same.sort(key=_newest)
        newest = same[-1]
        results[id(newest)] = _result(same)
        code = text(newest, "code") or text(newest, "text")
        name = (code, text(newest, "system"), text(newest, "specimen"))
        series.setdefault(name, []).append(newest)
    built = [_series(found, results) for found in series.values()]
    built.sort(key=lambda item: (item.coding.text.casefold(), item.coding.code, item.specimen))
    return tuple(built)


def _newest(cell: Cell) -> tuple[int, int, int, Stamp]:
    """Order versions by when they were written; at one time a correction outranks."""
    stamp = cell[0].stamp
    return (stamp.sent, _STATES.get(text(cell, "state"), 0), stamp.rank, stamp)


def _series(found: list[Cell], results: dict[int, Result]) -> ResultSeries:
    found.sort(
        key=lambda cell: (
            at.at if (at := results[id(cell)].at) else 0,
            cell[0].stamp,
        ),
        reverse=True,
    )
    return ResultSeries(
        coding=coded(found[0]),
        specimen=text(found[0], "specimen"),
        results=tuple(results[id(cell)] for cell in found),
    )


def _result(same: list[Cell]) -> Result:
    """Return the newest version with the earlier final values that it changed."""
    cell = same[-1]
    shown = text(cell, "value")
    earlier = [
        text(version, "value")
        for version in same[:-1]
        if text(version, "state") in _FINAL and text(version, "value") != shown
    ]
    return Result(
        value=shown,
        unit=text(cell, "unit"),
        reference=text(cell, "reference"),
        abnormal=text(cell, "abnormal"),
        state=ResultState(text(cell, "state")),
        at=moment(cell, "at"),
        corrected_from=tuple(dict.fromkeys(earlier)),
        notes=texts(cell, "notes"),
        source=cell[0].stamp.source(),
    )


def reports_of(cells: Cells) -> tuple[Report, ...]:
    """Return reports newest first, withdrawn ones with their state."""
    found = [_report(key, cell) for key, cell in cells.items() if text(cell, "state")]
    found.sort(
        key=lambda item: (item.at.at if item.at else item.source.event, item.report),
        reverse=True,
    )
    return tuple(found)


def _report(key: str, cell: Cell) -> Report:
    return Report(
        report=key.replace(SEPARATOR, "/"),
        coding=coded(cell),
        section=text(cell, "section"),
        text=text(cell, "report"),
        state=ResultState(text(cell, "state")),
        at=moment(cell, "at"),
        imaging=text(cell, "imaging") == "yes",
        source=cell[0].stamp.source(),
    )
