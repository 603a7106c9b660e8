"""What a source says otherwise than the last time it was read."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from wardkeep.hospital.map.item import Item, reference_to


class Difference(msgspec.Struct, frozen=True):
    """References, each list in order: what came, what changed, what is no longer said."""

    added: tuple[str, ...]
    changed: tuple[str, ...]
    gone: tuple[str, ...]
    unchanged: int


def difference(before: Iterable[Item], after: Iterable[Item]) -> Difference:
    """Return what differs between two readings of one source."""
    old = {reference_to(each): each for each in before}
    new = {reference_to(each): each for each in after}
    both = old.keys() & new.keys()
    changed = sorted(ref for ref in both if old[ref] != new[ref])
    return Difference(
        tuple(sorted(new.keys() - old.keys())),
        tuple(changed),
        tuple(sorted(old.keys() - new.keys())),
        len(both) - len(changed),
    )
