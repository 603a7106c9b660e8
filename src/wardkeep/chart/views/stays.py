"""Encounters: where each stands, where the patient lies and lay, folded from movements.

HL7 v2.5.1 chapter 3. Rules kept here:
- A cancel (A11, A12, A13, A27, A38, A52, A53) undoes what was recorded before it was recorded
  (EVN-2), and nothing that was recorded later.
- Of admission, discharge and leave that still stand, the one that happened last (EVN-6, else
  EVN-2) decides. Anything else (A08...) says only where the patient lies and never ends or
  reopens a stay; it decides alone when no movement is known.
- Moves are in the order in which they happened, whatever the order of recording. A place told
  in passing counts only where no move and no cancel of a move was recorded after it.
"""

from __future__ import annotations

from itertools import pairwise

from wardkeep.chart.cells import (
    SEPARATOR,
    field,
    join_cells,
    moment,
    said,
    text,
    value_clinician,
    value_moment,
    value_text,
)
from wardkeep.chart.change import Stamp
from wardkeep.chart.model import BedMove, Encounter, EncounterState, Location, Value
from wardkeep.chart.record import Cell, Cells
from wardkeep.kernel.times import Moment

Kinds = dict[str, list[Cell]]

STANDING = {EncounterState.ADMITTED, EncounterState.ON_LEAVE}
_EMPTY: Cell = []


def encounters_of(cells: Cells) -> tuple[Encounter, ...]:
    """Return the encounters: the one with the patient's bed first, then newest first."""
    visits: dict[str, Kinds] = {}
    merged = _merged_visits(cells)
    joined: Cells = {}
    for key, cell in cells.items():
        visit, rest = key.split(SEPARATOR, 1)
        join_cells(joined, {f"{merged.get(visit, visit)}{SEPARATOR}{rest}": cell})
    for key, cell in joined.items():
        visit, kind, *_ = key.split(SEPARATOR)
        visits.setdefault(visit, {}).setdefault(kind, []).append(cell)
    stays = [stay for visit, kinds in visits.items() if (stay := _stay(visit, kinds))]
    stays.sort(key=_newest, reverse=True)
    stays.sort(key=lambda stay: stay.state.value not in STANDING)
    return tuple(stays)


def _merged_visits(cells: Cells) -> dict[str, str]:
    """Return old -> surviving visit (A42, A50); chains are followed, circles are not."""
    into = {
        key.split(SEPARATOR, 1)[0]: text(cell, "visit")
        for key, cell in cells.items()
        if key.endswith(SEPARATOR + "into")
    }
    found: dict[str, str] = {}
    for old, target in into.items():
        seen, end = {old}, target
        while end in into and end not in seen:
            seen.add(end)
            end = into[end]
        if end not in seen:
            found[old] = end
    return found


def _newest(stay: Encounter) -> tuple[int, int, str]:
    begun = stay.admitted.value.at if stay.admitted else 0
    return (begun or stay.state.source.event, stay.state.source.event, stay.visit)


def _stay(visit: str, kinds: Kinds) -> Encounter | None:
    state = _state(kinds)
    if state is None:
        return None
    content = _one(kinds, "content")
    moves = _moves(kinds)
    return Encounter(
        visit=visit,
        state=state,
        patient_class=value_text(content, "class"),
        location=_location(kinds, moves),
        moves=moves,
        admitted=value_moment(content, "admitted") or _happened(kinds, "admit"),
        discharged=_discharged(kinds, content, state),
        expected_discharge=value_moment(content, "expected"),
        attending=value_clinician(content, "attending"),
        service=value_text(content, "service"),
        reason=value_text(content, "reason"),
    )


def _one(kinds: Kinds, kind: str) -> Cell:
    found = kinds.get(kind)
    return found[0] if found else _EMPTY


def _at(cell: Cell) -> tuple[int, Stamp]:
    happened = moment(cell, "at")
    stamp = cell[0].stamp
    return (happened.at if happened else stamp.event, stamp)


def _standing(kinds: Kinds, kind: str, cancel: str) -> Cell:
    """Return the movement unless a cancel was recorded after it."""
    cell = _one(kinds, kind)
    undone = _one(kinds, cancel)
    if cell and undone and undone[0].stamp > cell[0].stamp:
        return _EMPTY
    return cell


def _state(kinds: Kinds) -> Value[EncounterState] | None:
    candidates: list[tuple[tuple[int, Stamp], EncounterState]] = []
    for kind, cancel in (("admit", "no-admit"), ("preadmit", "no-preadmit")):
        if cell := _standing(kinds, kind, cancel):
            candidates.append((_at(cell), EncounterState(text(cell, "state"))))
    if cell := _standing(kinds, "discharge", "no-discharge"):
        candidates.append((_at(cell), EncounterState.DISCHARGED))
    admitted = any(state == EncounterState.ADMITTED for _, state in candidates)
    candidates += _leave(kinds, admitted=admitted)
    if candidates:
        (_, stamp), state = max(candidates)
        return Value(state, stamp.source())
    return _state_without_movements(kinds)


def _leave(kinds: Kinds, *, admitted: bool) -> list[tuple[tuple[int, Stamp], EncounterState]]:
    away = _standing(kinds, "leave", "no-leave")
    back = _standing(kinds, "return", "no-return")
    if away and (not back or _at(back) < _at(away)):
        return [(_at(away), EncounterState.ON_LEAVE)]
    if back and not admitted:
        return [(_at(back), EncounterState.ADMITTED)]
    return []


def _state_without_movements(kinds: Kinds) -> Value[EncounterState] | None:
    undone = [_one(kinds, kind) for kind in ("no-admit", "no-preadmit") if kind in kinds]
    if undone:
        return Value(EncounterState.CANCELLED, max(cell[0].stamp for cell in undone).source())
    if "no-discharge" in kinds:
        return Value(EncounterState.ADMITTED, _one(kinds, "no-discharge")[0].stamp.source())
    found = said(_one(kinds, "seen"), "state")
    if found is None and "move" in kinds:
        stamp = min(cell[0].stamp for cell in kinds["move"])
        return Value(EncounterState.ADMITTED, stamp.source())
    if found is None or not isinstance(found[0], str):
        return None
    return Value(EncounterState(found[0]), found[1].source())


def _happened(kinds: Kinds, kind: str) -> Value[Moment] | None:
    cell = _one(kinds, kind)
    return value_moment(cell, "at") if cell else None


def _discharged(
    kinds: Kinds, content: Cell, state: Value[EncounterState]
) -> Value[Moment] | None:
    if state.value is not EncounterState.DISCHARGED:
        return None
    cell = _standing(kinds, "discharge", "no-discharge")
    return value_moment(content, "discharged") or (value_moment(cell, "at") if cell else None)


def _moves(kinds: Kinds) -> tuple[BedMove, ...]:
    made = sorted(kinds.get("move", ()), key=_at)
    stated = [_one(kinds, "seen")]
    for cancel in sorted(kinds.get("no-move", ()), key=lambda cell: cell[0].stamp):
        undone = _undone_by(cancel, made)
        made = [cell for cell in made if cell is not undone]
        if undone is not None:
            stated = [cell for cell in [*stated, cancel] if not _repeats(cell, undone, cancel)]
    made = _still_listed(made, _one(kinds, "listed"))
    told_later = [cell[0].stamp for kind in ("move", "no-move") for cell in kinds.get(kind, ())]
    located = [
        cell
        for cell in stated
        if cell
        and (found := said(cell, "location"))
        and not any(stamp > found[1] for stamp in told_later)
    ]
    told = [(_at(cell)[0], cell) for cell in made]
    told += [(cell[0].stamp.event, cell) for cell in located]
    told.sort(key=lambda pair: (pair[0], pair[1][0].stamp))
    moves = [move for at, cell in told if (move := _move(cell, at))]
    return tuple(
        move
        for before, move in pairwise([None, *moves])
        if move is not None and (before is None or before.location != move.location)
    )


def _still_listed(made: list[Cell], listed: Cell) -> list[Cell]:
    """Return the moves without those that a newer list of places (FHIR) no longer holds.

    A list is believed for the time from its first place on.
    """
    starts = field(listed, "starts") if listed else None
    known = (
        {each for each in starts if isinstance(each, int)}
        if isinstance(starts, list)
        else set()
    )
    if not known:
        return made
    first, stamp = min(known), listed[0].stamp
    return [
        cell
        for cell in made
        if cell[0].stamp > stamp or _at(cell)[0] < first or _at(cell)[0] in known
    ]


def _repeats(statement: Cell, undone: Cell, cancel: Cell) -> bool:
    """Say whether a place was only told because of a transfer that was undone afterwards.

    So is the place of the cancel itself where its sender repeats the place that it undoes.
    """
    if not statement or field(statement, "location") != field(undone, "location"):
        return False
    return undone[0].stamp < statement[0].stamp <= cancel[0].stamp


def _undone_by(cancel: Cell, made: list[Cell]) -> Cell | None:
    """Return the transfer that an A12 takes back: named by time, else the last told."""
    earlier = [
        cell for cell in made if text(cell, "transfer") and cell[0].stamp < cancel[0].stamp
    ]
    named = moment(cancel, "at")
    for cell in earlier:
        if named is not None and (at := moment(cell, "at")) and at.at == named.at:
            return cell
    return max(earlier, key=lambda cell: cell[0].stamp, default=None)


def _move(cell: Cell, at: int) -> BedMove | None:
    found = said(cell, "location")
    place = location_of(found[0]) if found else None
    if found is None or place is None:
        return None
    return BedMove(place, at, found[1].source())


def location_of(row: object) -> Location | None:
    """Return the location that a field holds."""
    match row:
        case [str(ward), str(room), str(bed), str(facility)]:
            return Location(ward, room, bed, facility)
        case _:
            return None


def _location(kinds: Kinds, moves: tuple[BedMove, ...]) -> Value[Location] | None:
    if moves:
        return Value(moves[-1].location, moves[-1].source)
    stated = [
        cell for kind in ("no-move", "no-discharge", "planned") for cell in kinds.get(kind, ())
    ]
    for cell in sorted(stated, key=_at, reverse=True):
        if place := location_of(field(cell, "location")):
            return Value(place, cell[0].stamp.source())
    return None
