"""The 24-hour grid of one medicine: a box to sign only in an hour where a dose is due."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from wardkeep.chart.due import DueTimes
from wardkeep.chart.model import MedicationOrder, OrderKind, OrderState, TimingForm
from wardkeep.kernel.times import HOUR
from wardkeep.pack.pen import Pen
from wardkeep.paper.calendar import Column
from wardkeep.paper.forms import Cell

_WRITE_IN_BOXES = 6
_WIDEST_WORD = 6
"""Letters that the column of an hour holds; what is wider is told beside, by period."""


def cells(
    order: MedicationOrder,
    due: DueTimes,
    columns: Sequence[Column],
    pen: Pen,
    *,
    computed: bool,
    amounts: Mapping[int, str] | None = None,
) -> tuple[Cell, ...]:
    """Return the cells of an order over `columns`; their spans add up to the columns.

    `amounts` are the doses by due time of an order that has several.
    """
    if order.state.value is OrderState.HELD:
        return shut(columns, pen.say("ON HOLD: NO DOSE UNTIL RELEASED"))
    timing = order.timing.value
    if timing.form is TimingForm.UNREADABLE:
        sent = pen.sent(timing.text) or pen.say("NO TIMING WAS SENT")
        return _one(pen.say("TIMING AS SENT: {timing}", timing=sent), columns)
    if order.kind in {OrderKind.AS_NEEDED, OrderKind.INFUSION}:
        return write_in(columns)
    return (
        _computed(due, columns, pen, amounts or {})
        if computed
        else _one(pen.say("NOT COMPUTED: this site does not compute due times"), columns)
    )


def _computed(
    due: DueTimes, columns: Sequence[Column], pen: Pen, amounts: Mapping[int, str]
) -> tuple[Cell, ...]:
    if not due.known:
        return _one(pen.say("NO DUE TIME COULD BE COMPUTED: read the timing"), columns)
    if not due.boxes and not any(at >= columns[0].start for at in due.asked):
        if due.asked:
            # A "no" needs a place to sign: grey beside a question would be no answer.
            when = pen.calendar.short(due.asked[-1])
            return _one(pen.say("WAS DUE {when}: ASK, THEN SIGN HERE", when=when), columns)
        return shut(columns, _not_due(due, pen))
    labels = {at: _label(at, amounts.get(at), pen) for at in (*due.asked, *due.boxes)}
    return _boxes(labels, columns)


def _label(at: int, amount: str | None, pen: Pen) -> str:
    clock = pen.calendar.clock(at)
    if amount is None:
        return clock
    shown = pen.sent(amount)
    fits = all(len(word) <= _WIDEST_WORD for word in shown.split()) and bool(shown)
    # A column holds one word: each stands on a line of its own.
    return "\n".join([clock, *(shown.split() if fits else "?")])


def write_in(columns: Sequence[Column]) -> tuple[Cell, ...]:
    """Return empty spaces to write times and initials in."""
    whole, rest = divmod(len(columns), _WRITE_IN_BOXES)
    spans = [whole + (place < rest) for place in range(_WRITE_IN_BOXES)]
    return tuple(Cell(kind="open", span=span) for span in spans if span)


def shut(columns: Sequence[Column], text: str) -> tuple[Cell, ...]:
    """Return one shut cell with its reason."""
    return (Cell(kind="shut", span=len(columns), text=text),)


def _one(text: str, columns: Sequence[Column]) -> tuple[Cell, ...]:
    return (Cell(kind="open", span=len(columns), text=text),)


def _not_due(due: DueTimes, pen: Pen) -> str:
    if due.later is None:
        return pen.say("NOT DUE IN THESE 24 H")
    local = pen.calendar.local(due.later)
    when = f"{pen.calendar.weekday(local.isoweekday())} {pen.calendar.full(due.later)}"
    return pen.say("NOT DUE IN THESE 24 H. Next: {when}, COMPUTED", when=when)


def _boxes(labels: Mapping[int, str], columns: Sequence[Column]) -> tuple[Cell, ...]:
    found: list[Cell] = []
    for column in columns:
        mine = [at for at in sorted(labels) if column.start <= at < column.start + HOUR]
        if mine:
            text = " ".join(labels[at] for at in mine)
            found.append(Cell(kind="due", span=1, text=text))
        elif found and found[-1].kind == "shut":
            found[-1] = Cell(kind="shut", span=found[-1].span + 1)
        else:
            found.append(Cell(kind="shut", span=1))
    return tuple(found)
