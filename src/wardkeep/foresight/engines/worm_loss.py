"""What a worm takes that is let loose at the way in, until everything is cut."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from wardkeep.foresight.engines.chance import uniform
from wardkeep.foresight.engines.compiled import compiled_in_place
from wardkeep.foresight.engines.lumped_spread import Groups, Standing, worm

_WHERE = 0
# A word of its own, so that nothing else of a replica draws the same number.
_FIRST = np.uint64(0x576F726D)


class Places(NamedTuple):
    """Groups by place: those of place p stand in `groups` at offsets[p] to offsets[p + 1]."""

    offsets: NDArray[np.int64]
    groups: NDArray[np.int32]


class Worm(NamedTuple):
    """The groups that a worm spreads over, and where it matters that it came."""

    groups: Groups
    now: Standing
    landings: Places
    """A place a node of the way in: the machines of which the first is taken."""
    watched: Places
    """A place a column of Replicas.taken: the machines of which one must be taken; none for
    what no worm takes."""
    jobs: NDArray[np.int32]
    """The group of the server of each job; -1: in no segment."""
    unwatched: tuple[NDArray[np.float64], NDArray[np.int64]]
    """Room for no hours that the spread is asked for."""


@compiled_in_place
def let_loose(worms: Worm, key: np.uint64, landing: int, until: float) -> int:
    """Let a worm spread from a landing; return how many machines fall by `until` hours.

    `worms.now.infected` tells of which groups.
    """
    start = _first_group(worms, key, landing)
    if start < 0:
        worms.now.infected[:] = 0
        return 0
    worms.groups.first[start] = 1
    worm(worms.groups, worms.now, key, until, worms.unwatched)
    worms.groups.first[start] = 0
    return int(worms.now.infected.sum())


@compiled_in_place
def reaches(worms: Worm, place: int) -> bool:
    """Return whether the worm took a machine of a place that is watched."""
    for number in range(worms.watched.offsets[place], worms.watched.offsets[place + 1]):
        if worms.now.infected[worms.watched.groups[number]] > 0:
            return True
    return False


@compiled_in_place
def _first_group(worms: Worm, key: np.uint64, landing: int) -> int:
    """Draw of which group the first machine is, each machine as likely; -1: there is none."""
    begin, end = worms.landings.offsets[landing], worms.landings.offsets[landing + 1]
    hosts = 0
    for number in range(begin, end):
        hosts += worms.groups.sizes[worms.landings.groups[number]]
    left = uniform(key, _FIRST, np.uint64(0), _WHERE) * hosts
    for number in range(begin, end):
        group = worms.landings.groups[number]
        left -= worms.groups.sizes[group]
        if left < 0.0:
            return int(group)
    return -1
