"""Counts what senders do at the door; kept in a file that survives the web."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

from wardkeep.adapters.door_figures import DoorFigures, SenderFigures
from wardkeep.web.door.senders import Sender
from wardkeep.wire.fhir_rest.refusal import Refusal


class _Counts:
    def __init__(self) -> None:
        self.requests = self.repeated = self.bytes = 0
        self.last_request: int | None = None
        self.last_peer = self.last_refusal = ""
        self.last_refused: int | None = None
        self.refused: Counter[str] = Counter()

    def figures(self) -> SenderFigures:
        return SenderFigures(
            requests=self.requests,
            repeated=self.repeated,
            bytes=self.bytes,
            last_request=self.last_request,
            last_peer=self.last_peer,
            refused=dict(self.refused),
            last_refusal=self.last_refusal,
            last_refused=self.last_refused,
        )


class Tally:
    """What was taken and refused, by feed; "" stands for who could not be named."""

    def __init__(self, known: DoorFigures, clock: Callable[[], int]) -> None:
        self._clock = clock
        self._counts: dict[str, _Counts] = {}
        self._tokens = dict(known.tokens)
        self.is_changed = False

    def took(self, sender: Sender, peer: str, size: int, *, repeated: bool) -> None:
        """Take note of a body that is durable."""
        counts = self._of(sender.feed.name)
        counts.requests += 1
        counts.repeated += repeated
        counts.bytes += size
        counts.last_request, counts.last_peer = self._clock(), peer
        self._tokens[sender.token] = self._clock()

    def refused(self, feed: str, peer: str, refusal: Refusal) -> None:
        """Take note of a request that was not taken."""
        counts = self._of(feed)
        counts.refused[str(refusal.status)] += 1
        counts.last_refusal = f"{refusal.status} {refusal.text}"
        counts.last_refused, counts.last_peer = self._clock(), peer

    def figures(self) -> DoorFigures:
        """Return the counts as they stand."""
        self.is_changed = False
        senders = {feed: counts.figures() for feed, counts in self._counts.items()}
        return DoorFigures(senders=senders, tokens=dict(self._tokens))

    def _of(self, feed: str) -> _Counts:
        self.is_changed = True
        return self._counts.setdefault(feed, _Counts())
