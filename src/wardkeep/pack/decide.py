"""When a ward's pack is built again, and when it is held until a person has decided.

A changed ward does not rebuild the others.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import msgspec

from wardkeep.hospital.site import Brake
from wardkeep.kernel.times import HOUR, MINUTE, SECOND
from wardkeep.pack.brake import Look, Losses, losses, too_much, worst
from wardkeep.pack.errors import NoReasonError, NotHeldError
from wardkeep.pack.events import PackBuilt, PackHeld, PackKept, PackReleased
from wardkeep.pack.state import Hold, Shelf

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


BACK = "the ward has what it had before"
"""Why a pack is released by itself."""
WHOLE = "the charts are whole again"
"""Why one that was held for charts that lacked something is."""

_LONGEST_WHY = 500


def hold(ward: str, looks: Sequence[Look], now: Look, brake: Brake) -> list[PackHeld]:
    """Hold a ward's pack where what it lost is unusual beside earlier `looks`, oldest first.

    So it is where the charts lack what erased days had said, and did not when it was sound.
    """
    lacks = bool(looks) and _began_to_lack(looks[-1], now)
    lost = losses(looks[-1], now) if lacks else worst(looks, now, brake)
    if lost is None:
        return []
    return [_held_for(ward, lost, looks[-1], now, lacks=lacks)]


def release_by_itself(hold: Hold, sound: Look, now: Look, brake: Brake) -> list[PackReleased]:
    """Release a ward that has again what the sound look had, whatever it is held for.

    Half of the share that held it still counts as lost: what comes and goes is not released.
    One that was held for charts that lacked something is, once they are whole, unless too much
    is gone all the same (`hold_on`).
    """
    if _began_to_lack(sound, now):
        return []
    if hold.held.charts_lack and too_much(sound, now, brake) is None:
        return [PackReleased(ward=hold.held.ward, at=now.at, by="wardkeep", why=WHOLE)]
    lost = losses(sound, now)
    if lost.hit >= brake.least_patients or 2 * lost.percent >= brake.share_percent:
        return []
    return [PackReleased(ward=hold.held.ward, at=now.at, by="wardkeep", why=BACK)]


def hold_on(hold: Hold, sound: Look, now: Look, brake: Brake) -> list[PackHeld]:
    """Hold a ward for what it lost, now that the charts that it was held for are whole again.

    However long they were not: what a forger took meanwhile is no less gone.
    """
    if not hold.held.charts_lack or _began_to_lack(sound, now):
        return []
    lost = too_much(sound, now, brake)
    if lost is None:
        return []
    return [_held_for(hold.held.ward, lost, sound, now, lacks=False)]


def release(shelf: Shelf, ward: str, by: str, why: str, now: int) -> list[PackReleased]:
    """Say that what the ward lost is true. Raises NotHeldError, NoReasonError."""
    return [PackReleased(ward=_held(shelf, ward), at=now, by=by, why=_reason(why))]


def keep(shelf: Shelf, ward: str, by: str, why: str, now: int) -> list[PackKept]:
    """Say that the pack stays held. Raises NotHeldError, NoReasonError."""
    return [PackKept(ward=_held(shelf, ward), at=now, by=by, why=_reason(why))]


def _began_to_lack(sound: Look, now: Look) -> bool:
    return now.lacks and not sound.lacks


def _held_for(ward: str, lost: Losses, sound: Look, now: Look, *, lacks: bool) -> PackHeld:
    told = {name: getattr(lost, name) for name in lost.__struct_fields__}
    return PackHeld(ward=ward, at=now.at, sound_at=sound.at, charts_lack=lacks, **told)


def _held(shelf: Shelf, ward: str) -> str:
    if ward not in shelf.held:
        raise NotHeldError(f"the pack of ward {ward!r} is not held")
    return ward


def _reason(why: str) -> str:
    if not why.strip():
        raise NoReasonError("no reason was given")
    return why.strip()[:_LONGEST_WHY]
