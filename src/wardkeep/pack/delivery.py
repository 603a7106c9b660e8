"""What stands at each target: which packs it got, and since when it fails. Pure.

A delivery may be repeated without harm: what was cut off is done again from the start.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

import msgspec

from wardkeep.kernel.times import HOUR, MINUTE, SECOND
from wardkeep.pack.house_lists import looks_like_list
from wardkeep.pack.manifest import Listed, Manifest, known_until

FIRST_PAUSE, LONGEST_PAUSE = 15 * SECOND, 10 * MINUTE
"""Between two tries at a target that fails; doubled each time."""
HANGS = "it hangs: nothing was heard of it for minutes"
"""What the alarm of a target says whose delivery neither ends nor fails."""


class Got(msgspec.Struct, frozen=True):
    """The pack of a ward that a target has: its generation, what it knows until, since when.

    `sha256` is that of its sheets: the same generation sealed again is another file. `sheets`
    and `pdf` are how many bytes were encrypted for it; 0 where that was not yet put down.
    """

    generation: int
    sha256: str
    as_of: int
    at: int
    sheets: int = 0
    pdf: int = 0


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """A target: the manifest it has, its packs by ward, and how it fails (times in UTC µs)."""

    counter: int = 0
    at: int | None = None
    wards: dict[str, Got] = {}
    failing_since: int | None = None
    tried: int | None = None
    tries: int = 0
    why: str = ""


class Due(msgspec.Struct, frozen=True):
    """What a target is to get: packs, and the generations of its own that go then."""

    manifest: Manifest
    packs: tuple[Listed, ...]
    goes: tuple[tuple[str, int], ...]


def due(
    standing: Standing, manifest: Manifest, wards: Collection[str], *, every: bool = False
) -> Due | None:
    """Return what a target lacks of a manifest, None where it has it.

    `wards` are those that it gets, every one if empty; `every`: also what it has already.
    """
    wanted = [each for each in manifest.packs if not wards or each.ward in wards]
    packs = tuple(each for each in wanted if every or not _has(standing, each))
    if not packs and (standing.counter == manifest.counter or not wanted):
        return None
    goes = tuple(
        (each.ward, standing.wards[each.ward].generation)
        for each in packs
        if each.ward in standing.wards
        and standing.wards[each.ward].generation != each.generation
    )
    return Due(manifest, packs, goes)


def _has(standing: Standing, pack: Listed) -> bool:
    got = standing.wards.get(pack.ward)
    return got is not None and got.sha256 == pack.html.sha256


def may_try(standing: Standing, now: int) -> bool:
    """Tell whether a target is tried now: at once, then after longer and longer pauses."""
    again = next_try(standing)
    return again is None or now >= again or now < (standing.tried or 0)


def next_try(standing: Standing) -> int | None:
    """Return when a target that fails is tried again (UTC µs), None where it does not fail."""
    if standing.failing_since is None or standing.tried is None:
        return None
    pause: int = min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** min(standing.tries - 1, 10))
    return standing.tried + pause


def delivered(standing: Standing, done: Due, now: int) -> Standing:
    """Return a target that took what was due."""
    got = {
        each.ward: Got(
            each.generation,
            each.html.sha256,
            known_until(each),
            now,
            each.html.size,
            each.pdf.size,
        )
        for each in done.packs
    }
    return Standing(counter=done.manifest.counter, at=now, wards={**standing.wards, **got})


def failed(standing: Standing, why: str, now: int) -> Standing:
    """Return a target that could not be reached or written."""
    return msgspec.structs.replace(
        standing,
        failing_since=now if standing.failing_since is None else standing.failing_since,
        tried=now,
        tries=standing.tries + 1,
        why=why,
    )


def worth_recording(before: Standing, after: Standing, *, asked: bool) -> bool:
    """Say whether an outcome goes into the operations ledger.

    What a person asked for, what turned from good to bad or back, and the first of a UTC hour:
    a busy site delivers hundreds of times a day.
    """
    if asked or (before.failing_since is None) != (after.failing_since is None):
        return True
    if after.failing_since is not None:
        return False
    return before.at is None or after.at is None or before.at // HOUR != after.at // HOUR


def late_wards(
    standing: Standing, wards: Collection[str], now: int, late_after: int
) -> Mapping[str, int | None]:
    """Return the wards whose pack at a target is too old or was never there, and its time."""
    # Lists are made in a rhythm of their own, and say their age themselves.
    found = {ward: standing.wards.get(ward) for ward in wards if not looks_like_list(ward)}
    return {
        ward: None if got is None else got.as_of
        for ward, got in found.items()
        if got is None or now - got.at >= late_after
    }
