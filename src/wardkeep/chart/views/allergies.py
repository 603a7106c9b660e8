"""Allergies over all feeds: what is listed, who says there are none, and whether they agree.

Rules kept here:
- Silence of a message is not "none": without any statement the state is NOT_RECORDED.
- In a feed that sends its whole list each time (snapshot), what its newest list lacks is gone.
- "None known" is overtaken by an allergy that the same feed lists later, and overtakes the list
  of the same feed only in a snapshot feed. Else both stand: CONFLICT, the union is shown.
- One substance with different severities, said by different feeds, is a CONFLICT.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from wardkeep.chart.cells import SEPARATOR, coded, text, texts
from wardkeep.chart.change import Stamp
from wardkeep.chart.model import Allergies, Allergy, AllergyState
from wardkeep.chart.record import Cell, Cells
from wardkeep.chart.text import normal

ALL = "all"
NONE = "none"
ITEM = "item"


def allergies_of(cells: Cells) -> Allergies:
    """Return the allergies with their state; items sorted by text, code and feed."""
    lists: dict[str, Stamp] = {}
    none: dict[str, Stamp] = {}
    items: list[tuple[str, str, Cell]] = []
    for key, cell in cells.items():
        feed, kind, *rest = key.split(SEPARATOR)
        if kind == ALL:
            lists[feed] = max(cell[0].stamp, lists.get(feed, cell[0].stamp))
        elif kind == NONE:
            if text(cell, "listed"):
                none[feed] = cell[0].stamp
        elif text(cell, "listed"):
            items.append((feed, SEPARATOR.join(rest), cell))
    standing = [item for item in items if not _superseded(item[2][0].stamp, lists.get(item[0]))]
    said_none = _none_known(none, lists, standing)
    return _result(standing, said_none)


def _superseded(stamp: Stamp, whole_list: Stamp | None) -> bool:
    return whole_list is not None and _message(stamp) < _message(whole_list)


def _message(stamp: Stamp) -> tuple[int, int, int, str, int]:
    return (stamp.event, stamp.rank, stamp.sent, stamp.message, stamp.digest)


def _none_known(
    none: Mapping[str, Stamp],
    lists: Mapping[str, Stamp],
    standing: Iterable[tuple[str, str, Cell]],
) -> list[Stamp]:
    newest: dict[str, Stamp] = {}
    for feed, _, cell in standing:
        newest[feed] = max(cell[0].stamp, newest.get(feed, cell[0].stamp))
    return sorted(
        stamp
        for feed, stamp in none.items()
        if not _superseded(stamp, lists.get(feed))
        and (feed not in newest or newest[feed] < stamp)
    )


def _result(standing: list[tuple[str, str, Cell]], said_none: list[Stamp]) -> Allergies:
    items = tuple(sorted(_once(standing), key=_order))
    if not items and not said_none:
        state = AllergyState.NOT_RECORDED
    elif not items:
        state = AllergyState.NONE_KNOWN
    elif said_none or _severities_differ(standing):
        state = AllergyState.CONFLICT
    else:
        state = AllergyState.LISTED
    return Allergies(
        state=state, items=items, none_known=tuple(stamp.source() for stamp in said_none)
    )


def _once(standing: list[tuple[str, str, Cell]]) -> Iterator[Allergy]:
    """Yield the allergies; what one feed tells twice in the same words (FHIR) stands once."""
    told: dict[tuple[object, ...], Cell] = {}
    for feed, _, cell in standing:
        item = _allergy(cell)
        key = (feed, item.substance, item.kind, item.severity, item.reactions, item.onset)
        known = told.get(key)
        if known is None or known[0].stamp < cell[0].stamp:
            told[key] = cell
    return map(_allergy, told.values())


def _order(item: Allergy) -> tuple[str, str, str, str]:
    return (
        item.substance.text.casefold(),
        item.substance.code,
        item.source.feed,
        item.substance.text,
    )


def _severities_differ(standing: list[tuple[str, str, Cell]]) -> bool:
    severities: dict[str, set[str]] = {}
    for _, _, cell in standing:
        if severity := text(cell, "severity"):
            told = coded(cell)
            substance = f"{told.code}^{told.system}" if told.code else normal(told.text)
            severities.setdefault(substance, set()).add(severity.casefold())
    return any(len(said) > 1 for said in severities.values())


def _allergy(cell: Cell) -> Allergy:
    return Allergy(
        substance=coded(cell),
        kind=text(cell, "kind"),
        severity=text(cell, "severity"),
        reactions=texts(cell, "reactions"),
        onset=text(cell, "onset"),
        source=cell[0].stamp.source(),
    )
