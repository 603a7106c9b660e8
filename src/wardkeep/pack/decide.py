"""When a ward's pack is built again. A changed ward does not rebuild the others."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import msgspec

from wardkeep.kernel.times import HOUR, MINUTE, SECOND
from wardkeep.pack.events import PackBuilt
from wardkeep.pack.state import Shelf

QUIET = 5 * SECOND
"""A ward is built when nothing changed for so long: a round of doses is one pack."""

PATIENCE = 20 * SECOND
"""A ward that never falls quiet is built all the same."""

RESTS = 2 * MINUTE
"""A ward's pack is not built again sooner: forty wards of 1,000 patients change without
a pause, and a pack takes about a second of a core: packs keep to a third of one core."""

GROWS_OLD = 60 * MINUTE
"""An unchanged ward is built again by then: due times and ages move on without a message."""


class Change(msgspec.Struct, frozen=True):
    """A ward's count of changes, and when it was first and last seen beyond its pack.

    Times in UTC microseconds.
    """

    revision: int
    first: int
    last: int


def note_changes(
    changes: Mapping[str, Change], revisions: Mapping[str, int], shelf: Shelf, now: int
) -> dict[str, Change]:
    """Return the wards whose newest pack does not show their last change."""
    waiting: dict[str, Change] = {}
    for ward, revision in revisions.items():
        built = shelf.newest.get(ward)
        if built is not None and built.revision == revision:
            continue
        known = changes.get(ward)
        if known is None:
            waiting[ward] = Change(revision, now, now)
        elif known.revision == revision:
            waiting[ward] = known
        else:
            waiting[ward] = Change(revision, known.first, now)
    return waiting


def due_for_rebuild(
    shelf: Shelf, changes: Mapping[str, Change], wards: Iterable[str], now: int
) -> list[str]:
    """Return the wards to build now, those that wait longest first.

    A ward without a pack waits for nothing.
    """
    due: list[tuple[int, str]] = []
    for ward in wards:
        built = shelf.newest.get(ward)
        change = changes.get(ward)
        if built is None:
            due.append((0, ward))
        elif change is not None and now - built.at >= RESTS and _is_ripe(change, now):
            due.append((change.first, ward))
        elif now - built.at >= GROWS_OLD:
            due.append((built.at, ward))
    return [ward for _, ward in sorted(due)]


def _is_ripe(change: Change, now: int) -> bool:
    return now - change.last >= QUIET or now - change.first >= PATIENCE


def worth_recording(shelf: Shelf, built: PackBuilt) -> bool:
    """Say whether a pack goes into the operations ledger: the first of its ward and UTC hour.

    A busy ward has hundreds of packs a day, and a ledger of years needs to show that they were
    built and how large they were, not each of them.
    """
    standing = shelf.newest.get(built.ward)
    return standing is None or standing.at // HOUR != built.at // HOUR
