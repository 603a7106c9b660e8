"""When what was lost works again: times up a graph of things that need so many of others.

A node works again when its own part does and `needed` of those below it do: the hour is the
greater of its own and the needed-th smallest of theirs. AND (all), OR (one) and k of n are the
same rule. Nodes that need each other in a circle start together: the least hours for which the
rule holds everywhere (Tarski: a lattice-theoretical fixpoint theorem, 1955).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from wardkeep.foresight.engines.compiled import compiled


class Needs(NamedTuple):
    """What each node needs; those below node v stand at offsets[v] to offsets[v + 1].

    An order in which most stand after what they need makes it fast; any order is right.
    """

    offsets: NDArray[np.int64]
    below: NDArray[np.int32]
    needed: NDArray[np.int32]
    """How many of those below must work; 0 to all of them."""


@compiled
def work_again(needs: Needs, own: NDArray[np.float64], hours: NDArray[np.float64]) -> None:
    """Put into `hours` when each node works again, 0 for what never stopped, inf for never.

    `own`: hours until a node's own part works again. Both have one place a node.
    """
    nodes = len(needs.needed)
    widest = 0
    for node in range(nodes):
        hours[node] = own[node]
        widest = max(widest, needs.offsets[node + 1] - needs.offsets[node])
    room = np.empty(widest, np.float64)
    changed = True
    while changed:
        changed = False
        for node in range(nodes):
            begin, end = needs.offsets[node], needs.offsets[node + 1]
            wanted = needs.needed[node]
            if wanted == 0:
                continue
            for place in range(begin, end):
                room[place - begin] = hours[needs.below[place]]
            when = _smallest(room, end - begin, wanted)
            if when > hours[node]:
                hours[node] = when
                changed = True


@compiled
def _smallest(room: NDArray[np.float64], count: int, wanted: int) -> float:
    """Return the wanted-th smallest of the first `count` numbers."""
    if wanted == count:
        most = room[0]
        for place in range(1, count):
            most = max(most, room[place])
        return float(most)
    for done in range(wanted):
        least = done
        for place in range(done + 1, count):
            if room[place] < room[least]:
                least = place
        room[done], room[least] = room[least], room[done]
    return float(room[wanted - 1])
