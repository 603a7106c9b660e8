"""Problems, code status, isolation, diet and weight."""

from __future__ import annotations

from wardkeep.chart.cells import SEPARATOR, coded, field, moment, said, text, value_text
from wardkeep.chart.change import moment_of
from wardkeep.chart.model import CodeStatus, Measure, Problem, Value
from wardkeep.chart.record import Cell, Cells
from wardkeep.chart.text import normal

ISOLATION = "isolation"
DIET = "diet"
WEIGHT = "weight"


def problems_of(cells: Cells) -> tuple[Problem, ...]:
    """Return diagnoses and problems that were not deleted, active ones first, by text."""
    listed = [cell for cell in cells.values() if text(cell, "listed")]
    # Newest last: of one told under two numbers or ids (FHIR) the newest version stands.
    listed.sort(key=lambda cell: cell[0].stamp)
    found = list({_name(cell): _problem(cell) for cell in listed}.values())
    found.sort(
        key=lambda item: (not item.active, item.coding.text.casefold(), item.coding.code,
                          item.coding.text, item.kind)
    )  # fmt: skip
    return tuple(found)


def _name(cell: Cell) -> tuple[str, str]:
    told = coded(cell)
    return (told.code, told.system) if told.code else ("", normal(told.text))


def _problem(cell: Cell) -> Problem:
    return Problem(
        coding=coded(cell),
        kind=text(cell, "kind"),
        since=moment(cell, "since"),
        active=text(cell, "active") != "no",
        source=cell[0].stamp.source(),
    )


def code_status_of(cells: Cells, survivor: str) -> tuple[CodeStatus, ...]:
    """Return resuscitation decisions, newest first; those of merged numbers are marked."""
    stated = [cell for cell in cells.values() if text(cell, "text")]
    stated.sort(key=lambda cell: cell[0].stamp, reverse=True)
    return tuple(
        CodeStatus(
            text=text(cell, "text"),
            scope=text(cell, "scope"),
            signer=text(cell, "signer"),
            date=moment(cell, "date"),
            record=text(cell, "record"),
            from_merged=text(cell, "record") != survivor,
            source=cell[0].stamp.source(),
        )
        for cell in stated
    )


def care_text(cells: Cells, kind: str) -> Value[str] | None:
    """Return isolation or diet as said last, None if not recorded.

    Resources that each say one (FHIR flags, diet orders) stand side by side, newest first.
    """
    own = [cell for key, cell in cells.items() if key.split(SEPARATOR, 1)[0] == kind]
    told = sorted(own, key=lambda cell: cell[0].stamp, reverse=True)
    found = [value for cell in told if (value := value_text(cell, "text"))]
    if len(found) <= 1:
        return found[0] if found else None
    return Value("; ".join(dict.fromkeys(value.value for value in found)), found[0].source)


def weight_of(cells: Cells) -> Value[Measure] | None:
    """Return the newest weight with its date, None if not recorded."""
    cell = cells.get(WEIGHT)
    found = said(cell, "amount") if cell else None
    if cell is None or found is None or not found[0]:
        return None
    taken = moment_of(field(cell, "taken"))
    return Value(Measure(text(cell, "amount"), text(cell, "unit"), taken), found[1].source())
