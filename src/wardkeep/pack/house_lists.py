"""The lists of the whole house as they stand on the shelf: their codes, keys and rhythm.

On shelf, manifest and targets a list goes by a code of its own, as a ward by its. No ward may
be called so: who forges a feed could else put a ward's pack in a list's place.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from wardkeep.kernel.times import MINUTE
from wardkeep.pack.events import PackBuilt
from wardkeep.pack.whole_house import PackKind

_PREFIX = "list+"
"""A plus sign is quoted in the name of every ward's file (pack.manifest), not in a list's."""
SHELVED = (
    PackKind.EMERGENCY,
    PackKind.LABORATORY,
    PackKind.THEATRE,
    PackKind.KITCHEN,
    PackKind.FRONT_DESK,
    PackKind.PHARMACY,
    PackKind.CARDS,
)
CRISIS = "crisis"


def code_of(kind: PackKind) -> str:
    """Return the code of a list: "list+kitchen"."""
    return f"{_PREFIX}{kind.value}"


CODES: Mapping[str, PackKind] = {code_of(kind): kind for kind in SHELVED}


def looks_like_list(code: str) -> bool:
    """Tell whether a code is one that wards may not have."""
    return code.startswith(_PREFIX)


def holders(kind: PackKind) -> tuple[str, ...]:
    """Return whose keys open a list: those who need it, and the crisis team.

    The book of known patients, too, has a key of its own: it tells of thousands who lie in no
    bed, so that no ward's and no other list's envelope opens it.
    """
    return (kind.value, CRISIS)


def needs_glass(code: str) -> bool:
    """Tell whether a pack is opened with a name and a reason alone, verified or not."""
    return CODES.get(code) is PackKind.CARDS


def due(
    kinds: Sequence[str],
    newest: Mapping[str, PackBuilt],
    begun: int,
    now: int,
    rhythm: tuple[int, int],
) -> PackKind | None:
    """Return the list that is to be made now, the oldest first; None where none is due.

    `newest` by code; `begun` when the server did, `rhythm` every how many minutes and how many
    after the start. Times in UTC microseconds.
    """
    every, first_after = (minutes * MINUTE for minutes in rhythm)
    if now - begun < first_after:
        return None
    made = {
        kind: newest[code_of(kind)].at if code_of(kind) in newest else 0
        for kind in SHELVED
        if kind.value in kinds
    }
    oldest = min(made, key=lambda kind: made[kind], default=None)
    if oldest is None or now - made[oldest] < every:
        return None
    return oldest
