"""Makes a second box that does not run the first."""

from __future__ import annotations

from typing import Any

import msgspec

from wardkeep.adapters.clock import now
from wardkeep.adapters.copying_line import CopyingLine
from wardkeep.adapters.errors import FirstSilentError
from wardkeep.adapters.key_ring import KeyRing
from wardkeep.adapters.writer_lock import WriterLock
from wardkeep.app.errors import FirstAnswersError, NotFollowingError
from wardkeep.app.first import follower_identity, read_first, read_following
from wardkeep.app.folder import HospitalFolder
from wardkeep.app.follower_book import FollowerBook
from wardkeep.app.promotion import Decision, decide_promotion, finish_promotion, since
from wardkeep.app.settings import load_site
from wardkeep.app.site_keys import ask_before_locking, open_keys
from wardkeep.kernel.errors import WardkeepError

_NOTHING_TO_DO = (
    "Nothing, it needs no other box: `wardkeep check {path}` tells whether it runs and takes"
    " messages. Never start the box before again on its old folder."
)


def promote_stopped(
    folder: HospitalFolder, why: str, by: str, *, force: bool
) -> dict[str, Any]:
    """Decide that the box is the first and carry it out; return the event as a mapping.

    Raises FirstAnswersError, NotFollowingError, StoreLockedError, StoreFailedError.
    """
    site = load_site(folder)
    ask_before_locking(folder)
    with WriterLock(folder.serve_lock), WriterLock(folder.writer_lock):
        ring = open_keys(folder)
        finish_promotion(folder, site, ring)
        if read_first(folder) is None:
            raise not_a_copy(folder)
        if not force and _answers(folder, ring):
            raise FirstAnswersError("the first still answers")
        decision = Decision(why, by, now(), force)
        promotion = decide_promotion(folder, ring, read_following(folder), decision)
        finish_promotion(folder, site, ring)
    return dict(msgspec.to_builtins(promotion.taken_over))


def not_a_copy(folder: HospitalFolder) -> NotFollowingError:
    """Return what to say to whoever takes the folder for one that follows another box.

    Of one that was promoted: since when it is the first, by its own operations ledger.
    """
    here = folder.path
    if not (folder.following / "before.json").is_file():
        return NotFollowingError(f"{here} follows no other box: it is a first")
    advice = _NOTHING_TO_DO.format(path=here)
    try:
        taken = FollowerBook(folder).copies().taken_over
    except (WardkeepError, OSError) as fault:
        said = f"{here} is the first; since when cannot be read: {fault}"
        return NotFollowingError(said, advice=advice)
    when = f" since {since(taken.at)}, by {taken.by}: {taken.why}" if taken else ""
    return NotFollowingError(f"{here} is the first{when}", advice=advice)


def _answers(folder: HospitalFolder, ring: KeyRing) -> bool:
    first = read_first(folder)
    if first is None:
        return False
    context = follower_identity(folder, ring).client_context()
    try:
        CopyingLine((first.host, first.port), context, bytes.fromhex(first.pin)).close()
    except FirstSilentError:
        return False
    return True
