"""Requests and specimens that still wait for a final result, and booked visits."""

from __future__ import annotations

from wardkeep.chart.cells import SEPARATOR, coded, field, join_cells, moment, text
from wardkeep.chart.change import moment_of
from wardkeep.chart.model import (
    Appointment,
    OrderState,
    PendingOrder,
    PendingSpecimen,
)
from wardkeep.chart.record import Cell, Cells
from wardkeep.chart.views.person import telephones_of

_DIGITS = 5
CONTENT, FINAL, STOP, HOLD = "content", "final", "stop", "hold"
STATUS = "status"
"""The whole state of a request as a FHIR resource has it; the newest of all is believed."""


class Requests:
    """Requests by placer and filler number, and which of their examinations are final."""

    def __init__(self, cells: Cells) -> None:
        self.contents: dict[tuple[str, str], Cell] = {}
        self._finals: set[tuple[str, str]] = set()
        self._kinds: dict[tuple[str, str], Cell] = {}
        aliases: dict[str, str] = {}
        for key, cell in cells.items():
            order, kind, _ = key.split(SEPARATOR)
            if kind == CONTENT and (filler := text(cell, "filler_key")) and filler != order:
                aliases[filler] = order
        for key, cell in cells.items():
            order, kind, code = key.split(SEPARATOR)
            self._take(aliases.get(order, order), kind, code, cell)
        self._aliases = aliases

    def _take(self, order: str, kind: str, code: str, cell: Cell) -> None:
        if kind == CONTENT:
            known: Cells = (
                {"": self.contents[order, code]} if (order, code) in self.contents else {}
            )
            join_cells(known, {"": cell})
            self.contents[order, code] = known[""]
        elif kind == FINAL:
            if text(cell, "final") == "yes":
                self._finals.add((order, code))
        else:
            self._kinds[order, kind] = cell

    def state(self, order: str) -> OrderState:
        """Return where a request stands, results apart."""
        told = self._kinds.get((order, STATUS))
        others = [self._kinds.get((order, kind)) for kind in (STOP, "replaced", "done", HOLD)]
        if told and all(told[0].stamp > each[0].stamp for each in others if each):
            return OrderState(text(told, "state"))
        if stop := self._kinds.get((order, STOP)):
            return OrderState(text(stop, "state"))
        if (order, "replaced") in self._kinds:
            return OrderState.REPLACED
        if (order, "done") in self._kinds:
            return OrderState.COMPLETED
        hold = self._kinds.get((order, HOLD))
        if hold and text(hold, "held") == "yes":
            return OrderState.HELD
        return OrderState.ACTIVE

    def is_final(self, order: str, code: str) -> bool:
        """Say whether an examination is final; a lone one is by any code of its order."""
        order = self._aliases.get(order, order)
        if (order, code) in self._finals:
            return True
        codes = {known for number, known in self.contents if number == order}
        return len(codes) <= 1 and any(number == order for number, _ in self._finals)

    def all_final(self, order: str) -> bool:
        """Say whether nothing of an order is still awaited."""
        order = self._aliases.get(order, order)
        codes = {known for number, known in self.contents if number == order}
        if not codes:
            return any(number == order for number, _ in self._finals)
        return all(self.is_final(order, code) for code in codes)


def pending_orders_of(requests: Requests) -> tuple[PendingOrder, ...]:
    """Return requests without a final result that were not ended, by due time, then number."""
    found = []
    for (order, code), cell in requests.contents.items():
        state = requests.state(order)
        waits = state in (OrderState.ACTIVE, OrderState.HELD)
        if waits and text(cell, "ordered") and not requests.is_final(order, code):
            found.append(_pending(order, state, cell))
    found.sort(key=lambda item: (item.due.at if item.due else 0, item.order, item.coding.code))
    return tuple(found)


def _pending(order: str, state: OrderState, cell: Cell) -> PendingOrder:
    return PendingOrder(
        order=order,
        coding=coded(cell),
        section=text(cell, "section"),
        state=state,
        due=moment(cell, "due"),
        requester=text(cell, "requester"),
        priority=text(cell, "priority"),
        source=cell[0].stamp.source(),
    )


def pending_specimens_of(cells: Cells, requests: Requests) -> tuple[PendingSpecimen, ...]:
    """Return collected specimens whose request has no final result, oldest first."""
    found = []
    for key, cell in cells.items():
        order = text(cell, "order")
        taken = moment_of(field(cell, "collected")) or moment_of(field(cell, "received"))
        ended = requests.state(order) in (OrderState.CANCELLED, OrderState.STOPPED)
        if taken is None or ended or requests.all_final(order) or text(cell, "rejected"):
            continue
        found.append((taken.at, key, _specimen(key, order, cell)))
    found.sort(key=lambda item: item[:2])
    return tuple(item[2] for item in found)


def _specimen(key: str, order: str, cell: Cell) -> PendingSpecimen:
    return PendingSpecimen(
        specimen=key,
        kind=text(cell, "kind"),
        order=order,
        coding=coded(cell),
        collected=moment(cell, "collected"),
        received=moment(cell, "received"),
        source=cell[0].stamp.source(),
    )


def appointments_of(cells: Cells) -> tuple[Appointment, ...]:
    """Return booked visits in every state, by start time."""
    fillers = {
        filler: key
        for key, cell in cells.items()
        if (filler := text(cell, "filler_key")) and filler != key
    }
    joined: Cells = {}
    for key, cell in cells.items():
        join_cells(joined, {fillers.get(key, key): cell})
    found = [item for key, cell in joined.items() if (item := _appointment(key, cell))]
    found.sort(key=lambda item: (item.start.at, item.appointment))
    return tuple(found)


def _appointment(key: str, cell: Cell) -> Appointment | None:
    start = moment(cell, "start")
    state = text(cell, "state")
    if start is None or not state:
        return None
    minutes = text(cell, "minutes")
    return Appointment(
        appointment=text(cell, "number") or key,
        start=start,
        minutes=int(minutes) if minutes.isdecimal() and len(minutes) <= _DIGITS else 0,
        reason=text(cell, "reason"),
        service=text(cell, "service"),
        place=text(cell, "place"),
        who=text(cell, "who"),
        state=state,
        telephones=telephones_of(cell),
        source=cell[0].stamp.source(),
    )
