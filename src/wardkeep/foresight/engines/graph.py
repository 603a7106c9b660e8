"""Who reaches whom, as arrays: the edges out of node v stand at offsets[v] to offsets[v + 1].

The engines run without checks of bounds, so whatever they are handed is made and checked here.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from wardkeep.foresight.errors import UnsoundModelError

# Two node numbers share one word of the agenda.
MOST_NODES = 2**31 - 1


class Graph(NamedTuple):
    """Directed edges, sorted by where they start; `names` are what chance is hashed from."""

    offsets: NDArray[np.int64]
    targets: NDArray[np.int32]
    names: NDArray[np.uint64]
    """One word a node that is the same for the same thing in every model that is compared."""


def graph(
    names: ArrayLike, sources: ArrayLike, targets: ArrayLike
) -> tuple[Graph, NDArray[np.int64]]:
    """Return the graph, and for each of its edges the place that it had in the arguments.

    `names`: one whole number of at most 64 bits a node, each once. Raises UnsoundModelError.
    """
    named = _names(names)
    count = len(named)
    begin, end = (
        node_numbers("sources", sources, count),
        node_numbers("targets", targets, count),
    )
    if len(begin) != len(end):
        raise UnsoundModelError(f"{len(begin)} sources do not fit {len(end)} targets.")
    order = np.argsort(begin, kind="stable")
    offsets = np.zeros(count + 1, np.int64)
    np.cumsum(np.bincount(begin, minlength=count), out=offsets[1:])
    return Graph(offsets, end[order].astype(np.int32), named), order


def node_numbers(what: str, given: ArrayLike, count: int) -> NDArray[np.int64]:
    """Return node numbers that lie within 0 and `count`, or raise UnsoundModelError."""
    numbers = np.asarray(given)
    if numbers.size == 0:
        return np.zeros(0, np.int64)
    if numbers.ndim != 1 or not np.issubdtype(numbers.dtype, np.integer):
        raise UnsoundModelError(f"{what} is not one row of whole numbers.")
    bad = np.flatnonzero((numbers < 0) | (numbers >= count))
    if bad.size:
        place = int(bad[0])
        raise UnsoundModelError(
            f"{what}[{place}] is {numbers[place]}, and there are {count} nodes."
        )
    return numbers.astype(np.int64)


def amounts(what: str, given: ArrayLike, count: int) -> NDArray[np.float64]:
    """Return `count` finite numbers of at least 0, or raise UnsoundModelError."""
    numbers = np.array(given, np.float64)
    if numbers.shape != (count,):
        raise UnsoundModelError(f"{what} has the shape {numbers.shape}; {count} are needed.")
    bad = np.flatnonzero(~(np.isfinite(numbers) & (numbers >= 0)))
    if bad.size:
        place = int(bad[0])
        raise UnsoundModelError(f"{what}[{place}] is {numbers[place]}: not finite or below 0.")
    return numbers


def whole_amounts(what: str, given: ArrayLike, count: int) -> NDArray[np.int64]:
    """Return `count` whole numbers of at least 0, or raise UnsoundModelError."""
    numbers = amounts(what, given, count)
    if (bad := np.flatnonzero(numbers != np.floor(numbers))).size:
        raise UnsoundModelError(f"{what}[{bad[0]}] is {numbers[bad[0]]}, not a whole number.")
    return numbers.astype(np.int64)


def _names(names: ArrayLike) -> NDArray[np.uint64]:
    named = np.asarray(names)
    if named.ndim != 1 or not np.issubdtype(named.dtype, np.integer):
        raise UnsoundModelError("names is not one row of whole numbers.")
    if named.size > MOST_NODES:
        raise UnsoundModelError(f"{named.size} nodes are more than {MOST_NODES}.")
    words = named.astype(np.uint64)
    if np.unique(words).size != words.size:
        raise UnsoundModelError("two nodes have the same name: they would share their chance.")
    return words
