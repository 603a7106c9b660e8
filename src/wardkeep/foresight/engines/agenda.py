"""What is to happen next: a heap with four branches, for the compiled engines.

Four branches, each family of which lies in one line of the processor's cache: a heap of two
touches three times as many (LaMarca, Ladner: The influence of caches on the performance of
heaps, 1996). That is why the earliest entry stands at FIRST and not at 0.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from wardkeep.foresight.engines.compiled import compiled_in_place

Agenda = NDArray[np.void]
"""Entries of `when`, in hours, and `what`; the caller keeps how many there are."""
FIRST: Final = 3
_ENTRY = np.dtype([("when", np.float64), ("what", np.int64)])
_LINE = 64


def agenda(capacity: int) -> Agenda:
    """Return room for `capacity` entries; memory is taken only as entries come."""
    room = np.empty(capacity + FIRST + _LINE // _ENTRY.itemsize, _ENTRY)
    # Entry 4 is the first of a family: entry 0 must begin a line.
    return room[-room.ctypes.data % _LINE // _ENTRY.itemsize :]


@compiled_in_place
def put(todo: Agenda, entries: int, when: float, what: int) -> int:
    """Add an entry; return how many there are now."""
    hole = entries + FIRST
    while hole > FIRST:
        above = (hole >> 2) + 2
        if todo[above]["when"] <= when:
            break
        todo[hole]["when"] = todo[above]["when"]
        todo[hole]["what"] = todo[above]["what"]
        hole = above
    todo[hole]["when"] = when
    todo[hole]["what"] = what
    return entries + 1


@compiled_in_place
def take(todo: Agenda, entries: int) -> int:
    """Remove the earliest entry, which stands at FIRST; return how many are left."""
    last = entries - 1 + FIRST
    when, what = todo[last]["when"], todo[last]["what"]
    hole = FIRST
    while True:
        least = (hole - 2) << 2
        if least >= last:
            break
        earliest = todo[least]["when"]
        for each in range(least + 1, min(least + 4, last)):
            if todo[each]["when"] < earliest:
                least, earliest = each, todo[each]["when"]
        if earliest >= when:
            break
        todo[hole]["when"] = earliest
        todo[hole]["what"] = todo[least]["what"]
        hole = least
    todo[hole]["when"] = when
    todo[hole]["what"] = what
    return entries - 1
