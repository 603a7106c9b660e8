"""Makes a second box the first: its copies become ledgers that it writes.

Each ledger goes on in a file of its own behind a gap, so that no number is given out twice
whatever the first gave out last. The decision is written down before anything is changed, and
carried out to its end at the next start if it was cut off.
"""

from __future__ import annotations

import msgspec

from wardkeep.adapters.chained_file import (
    INDEXED,
    TRAILING,
    ChainedFile,
    readable_head,
    start_of,
)
from wardkeep.adapters.files import write_private
from wardkeep.adapters.key_ring import KeyRing
from wardkeep.adapters.ledger_folder import (
    by_day,
    by_month,
    copy_mark,
    files_of,
    never,
    next_stem,
    taken_over,
)
from wardkeep.adapters.operations_store import open_access, open_operations, read_looks
from wardkeep.app.first import LEDGERS, Following, read_first
from wardkeep.app.folder import HospitalFolder
from wardkeep.app.follower_book import entry_of
from wardkeep.app.own_ledgers import kept_events
from wardkeep.copies.events import LedgersTakenOver
from wardkeep.hospital.site import Site
from wardkeep.kernel.wall_clock import utc
from wardkeep.ledger.checkpoint import Head
from wardkeep.ledger.encoding import OperationsEvent
from wardkeep.ledger.errors import StoreFailedError
from wardkeep.ledger.loss import UNSEEN
from wardkeep.ledger.witness import GapLeft, to_event

_PERIODS = {"clinical": by_day, "operations": never, "access": by_month}


class Decision(msgspec.Struct, frozen=True):
    """Why, by whom and when (UTC microseconds) a box became the first."""

    why: str
    by: str
    at: int
    forced: bool = False


class GoingOn(msgspec.Struct, frozen=True):
    """One ledger: the file that goes on, behind which head, how many numbers are left out."""

    stem: str
    before: Head
    upto: int


class Promotion(msgspec.Struct, frozen=True):
    """A decision with all that is needed to carry it out."""

    taken_over: LedgersTakenOver
    ledgers: dict[str, GoingOn]


_decoder = msgspec.json.Decoder(Promotion)


def decide_promotion(
    folder: HospitalFolder,
    ring: KeyRing,
    following: Following | None,
    decision: Decision,
) -> Promotion:
    """Write down that this box is the first; the copies must be closed. Raises OSError.

    `following` is how the copying stood at last.
    """
    first = read_first(folder)
    copied = following.ledgers if following else {}
    going = {}
    for ledger in LEDGERS:
        before = _newest(folder, ledger, ring)
        seen = max(before.sequence, copied[ledger].seen if ledger in copied else 0)
        stem = next_stem(folder.path / ledger, _PERIODS[ledger](decision.at))
        going[ledger] = GoingOn(stem, before, seen + UNSEEN)
    promotion = Promotion(
        LedgersTakenOver(
            why=decision.why,
            before=f"{first.host}:{first.port}" if first else "",
            held={ledger: each.before.sequence for ledger, each in going.items()},
            seen={ledger: each.upto - UNSEEN for ledger, each in going.items()},
            as_of=following.as_of if following else 0,
            forced=decision.forced,
            at=decision.at,
            by=decision.by,
        ),
        going,
    )
    write_private(folder.following / "promotion.json", msgspec.json.encode(promotion))
    return promotion


def finish_promotion(folder: HospitalFolder, site: Site, ring: KeyRing) -> None:
    """Carry out a promotion that was decided; nothing to do where none was.

    Done again it changes nothing that was done. Raises StoreFailedError.
    """
    path = folder.following / "promotion.json"
    try:
        promotion = _decoder.decode(path.read_bytes())
    except FileNotFoundError:
        return
    except (OSError, msgspec.DecodeError) as fault:
        raise StoreFailedError(f"{path} cannot be read: {fault}") from fault
    for ledger in ("operations", "access"):
        _begin(folder, site, ring, ledger, promotion.ledgers[ledger])
    _write_down(folder, site, ring, promotion)
    # Last: whoever reads on behind the gap finds written down why it is there.
    _begin(folder, site, ring, "clinical", promotion.ledgers["clinical"])
    (folder.following / "first.json").replace(folder.following / "before.json")
    path.unlink()


def _newest(folder: HospitalFolder, ledger: str, ring: KeyRing) -> Head:
    for path in reversed(files_of(folder.path / ledger)):
        if (head := readable_head(path, ring)) is not None:
            return head
    return start_of(ledger)


def _begin(
    folder: HospitalFolder, site: Site, ring: KeyRing, ledger: str, going: GoingOn
) -> None:
    path = folder.path / ledger / f"{going.stem}.db"
    if not path.exists():
        taken_over(path).touch(mode=0o600)
        form = TRAILING if ledger == "clinical" else INDEXED
        after = Head(ledger, going.upto, going.before.head)
        ChainedFile.create(path, ring, site.cipher, after, form).close()
    copy_mark(path.parent).unlink(missing_ok=True)


def _write_down(
    folder: HospitalFolder, site: Site, ring: KeyRing, promotion: Promotion
) -> None:
    """Write the decision, and what this box decided and saw meanwhile, as the first entries."""
    taken = promotion.taken_over
    gaps = [
        to_event(GapLeft(taken.at, going.before, going.upto))
        for going in promotion.ledgers.values()
    ]
    events: list[OperationsEvent] = [entry_of(taken), *gaps, *kept_events(folder, ring)]
    operations = open_operations(folder.operations, ring, site.cipher)
    if operations.last.sequence == promotion.ledgers["operations"].upto:
        operations.append(events)
    operations.close()
    looks = read_looks(folder.own_access, ring) if files_of(folder.own_access) else []
    access = open_access(folder.access, ring, site.cipher)
    if access.last.sequence == promotion.ledgers["access"].upto:
        access.append(looks)
    access.close()


def since(at: int) -> str:
    """Return a moment as UTC text, for what a verb prints."""
    return utc(at) if at else "never"
