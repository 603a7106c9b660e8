"""Name, birth date, sex, numbers, telephones and next of kin."""

from __future__ import annotations

from wardkeep.chart.cells import rows, said, text
from wardkeep.chart.change import moment_of
from wardkeep.chart.model import Identifier, NextOfKin, PersonName, Telephone, Value
from wardkeep.chart.record import Cell, Cells
from wardkeep.kernel.times import Moment

PID = "pid"
PID_ASIDE = "pid aside"
KIN = "kin"


def name_of(pid: Cell) -> Value[PersonName] | None:
    """Return the name as sent, None if no message told it."""
    found = said(pid, "family") or said(pid, "given")
    if found is None:
        return None
    name = PersonName(text(pid, "family"), text(pid, "given"), text(pid, "other"))
    return Value(name, found[1].source()) if name.family or name.given else None


def death_of(pid: Cell) -> Value[Moment] | None:
    """Return when the patient died; a death told without a time has the message's, as a day."""
    found = said(pid, "dead")
    if found is None or (at := moment_of(found[0])) is None:
        return None
    return Value(at, found[1].source())


def identifiers_of(pid: Cell) -> tuple[Identifier, ...]:
    """Return the numbers of PID-3, sorted."""
    found = {Identifier(*row[:3]) for row in rows(pid, "identifiers")}
    return tuple(sorted(found))


def telephones_of(cell: Cell) -> tuple[Telephone, ...]:
    """Return telephones as sent, in the order sent."""
    return tuple(
        Telephone(*row[:2]) for name in ("home", "business") for row in rows(cell, name)
    )


def next_of_kin_of(cells: Cells) -> tuple[NextOfKin, ...]:
    """Return whom to call, in the order of their set ids, then names."""
    kin = [cell for key, cell in cells.items() if key.startswith(KIN) and text(cell, "listed")]
    kin.sort(key=lambda cell: (text(cell, "set"), text(cell, "family"), text(cell, "given")))
    return tuple(
        NextOfKin(
            name=PersonName(text(cell, "family"), text(cell, "given"), text(cell, "other")),
            relation=text(cell, "relation"),
            telephones=telephones_of(cell),
            source=cell[0].stamp.source(),
        )
        for cell in kin
    )
