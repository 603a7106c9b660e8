"""What is to happen next: a heap with four branches in two arrays, for the compiled engines.

Four branches because a heap of two touches twice as many lines of memory on its way (LaMarca,
Ladner: The influence of caches on the performance of heaps, 1996).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from wardkeep.foresight.engines.compiled import compiled


class Agenda(NamedTuple):
    """`when` in hours and `what`; the caller keeps how many entries there are."""

    when: NDArray[np.float64]
    what: NDArray[np.int64]


def agenda(capacity: int) -> Agenda:
    """Return room for `capacity` entries; memory is taken only as entries come."""
    return Agenda(np.empty(capacity, np.float64), np.empty(capacity, np.int64))


@compiled
def put(todo: Agenda, entries: int, when: float, what: int) -> int:
    """Add an entry; return how many there are now."""
    hole = entries
    while hole > 0:
        above = (hole - 1) >> 2
        if todo.when[above] <= when:
            break
        todo.when[hole] = todo.when[above]
        todo.what[hole] = todo.what[above]
        hole = above
    todo.when[hole] = when
    todo.what[hole] = what
    return entries + 1


@compiled
def take(todo: Agenda, entries: int) -> int:
    """Remove the earliest entry, which stands at 0; return how many are left."""
    left = entries - 1
    when, what = todo.when[left], todo.what[left]
    hole = 0
    while True:
        first = 4 * hole + 1
        if first >= left:
            break
        least = first
        for each in range(first + 1, min(first + 4, left)):
            if todo.when[each] < todo.when[least]:
                least = each
        if todo.when[least] >= when:
            break
        todo.when[hole] = todo.when[least]
        todo.what[hole] = todo.what[least]
        hole = least
    todo.when[hole] = when
    todo.what[hole] = what
    return left
