"""Who is to be looked at next, by buckets of time, for the compiled engines.

Entries of one bucket come in no order: whoever uses it looks again at a host that was reached
by a shorter way since (label correcting; Dial: Algorithm 360, Communications of the ACM 12,
1969; Meyer, Sanders: Delta-stepping, Journal of Algorithms 49, 2003). The shortest ways are
those of a heap bit by bit, at a quarter of its time: an entry is written and read once, where a
heap moves it through all its levels.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from wardkeep.foresight.engines.compiled import compiled_in_place

BUCKETS: Final = 4096
NOTHING: Final = -1


class BucketQueue(NamedTuple):
    """Chains of entries; the caller keeps how many entries were ever put in."""

    heads: NDArray[np.int32]
    """The newest entry of each bucket, or NOTHING; the last one is for all that is later."""
    entries: NDArray[np.void]
    """`what`, and the entry that is `below` in its bucket."""


def bucket_queue(capacity: int) -> BucketQueue:
    """Return room for `capacity` entries; memory is taken only as entries come."""
    return BucketQueue(
        np.full(BUCKETS + 1, NOTHING, np.int32),
        np.empty(capacity, np.dtype([("what", np.int32), ("below", np.int32)])),
    )


@compiled_in_place
def clear(todo: BucketQueue) -> None:
    """Forget all entries."""
    for bucket in range(todo.heads.size):
        todo.heads[bucket] = NOTHING


@compiled_in_place
def put_in(todo: BucketQueue, entries: int, after: float, what: int) -> int:
    """Add an entry so many widths of a bucket after the first; return how many there are now.

    It never rounds to a bucket before that of an earlier entry.
    """
    bucket = int(after) if after < BUCKETS else BUCKETS
    todo.entries[entries]["what"] = what
    todo.entries[entries]["below"] = todo.heads[bucket]
    todo.heads[bucket] = entries
    return entries + 1


@compiled_in_place
def take_from(todo: BucketQueue, bucket: int) -> int:
    """Remove the newest entry of a bucket and return what it is; NOTHING where none is."""
    head = todo.heads[bucket]
    if head == NOTHING:
        return NOTHING
    todo.heads[bucket] = todo.entries[head]["below"]
    return int(todo.entries[head]["what"])
