"""What a ledger had and has no more, and who took note of it.

Rules:
- A ledger is shortened when somebody saw an entry of it that is not there: its newest entries,
  its newest files, a file between two others. It is rolled back when another entry stands where
  one was seen.
- What was erased on purpose (PeriodErased) is no loss. Damage that anybody can see, as a page
  or a file that cannot be read, is none either: intake goes on behind it; `verify` names it.
- A loss that was accepted is not asked about again; it stays known.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from enum import StrEnum

import msgspec

from wardkeep.ledger.checkpoint import Head
from wardkeep.ledger.encoding import OperationsEvent

PART = "ledger.losses"
UNSEEN = 100_000
"""Numbers left out behind a head that was perhaps not the last: more than the fastest intake
gives out between two witnesses. Whoever follows the ledger may have read some of them."""


class LossKind(StrEnum):
    """How entries went."""

    TAIL_REMOVED = "tail-removed"
    """The newest entries are gone: an older copy lies here, or a log or a file is gone."""
    FILE_GONE = "file-gone"
    """Entries between two files are gone, or the first ones."""
    MISSING = "missing"
    """Entries within a file are gone."""
    REWRITTEN = "rewritten"
    """Another entry stands here than was seen: an older or other state was written on."""


class Seen(msgspec.Struct, frozen=True):
    """A head that somebody saw: when (UTC microseconds) and who holds it, in words."""

    head: Head
    at: int
    by: str


class Loss(msgspec.Struct, frozen=True, kw_only=True):
    """Entries `first` to `last` of a ledger that are not what they were.

    `file` is where they were or would be; `seen` who holds a head of them, and `since` when
    that head was seen (UTC microseconds; 0 where nobody tells).
    """

    ledger: str
    kind: LossKind
    first: int
    last: int
    file: str
    seen: str = ""
    since: int = 0

    @property
    def entries(self) -> int:
        """How many entries are meant."""
        return self.last - self.first + 1


class LossAccepted(msgspec.Struct, frozen=True, tag="LossAccepted.v1"):
    """`by` decided at `at` (UTC microseconds) to go on without these entries, and why.

    `by` is "os:" and a user of the machine, or "serve" where a running server found the loss
    and went on so that the hospital kept its intake.
    """

    at: int
    by: str
    why: str
    losses: tuple[Loss, ...]


_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(LossAccepted)


def to_event(event: LossAccepted) -> OperationsEvent:
    """Return the operations entry that keeps it."""
    return OperationsEvent(PART, "LossAccepted", 1, event.at, event.by, _encoder.encode(event))


def from_event(event: OperationsEvent) -> LossAccepted | None:
    """Return what an operations entry of this part says, None if it is of another.

    Raises the errors of encoding.UNDECODABLE.
    """
    return _decoder.decode(event.body) if event.part == PART else None


def not_accepted(losses: Iterable[Loss], accepted: Sequence[LossAccepted]) -> list[Loss]:
    """Return the losses that nobody accepted yet."""
    known = [each for event in accepted for each in event.losses]
    return [loss for loss in losses if not any(_covers(each, loss) for each in known)]


def _covers(known: Loss, loss: Loss) -> bool:
    # The numbers that are left out behind a loss are not there either.
    return (
        known.ledger == loss.ledger
        and known.first <= loss.first
        and loss.last <= known.last + UNSEEN
    )
