"""The desk on which everything that happens becomes messages: agenda, queues, late and doubled.

Every system writes at once (MSH-7) but its message may wait in a queue on the way; then it
comes after messages that were written later. Some are sent twice, byte for byte.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterator
from random import Random

import msgspec

from wardkeep.chart.model import Source
from wardkeep.kernel.times import MINUTE, SECOND
from wardkeep.sample.fhir import FhirWriter
from wardkeep.sample.hl7 import LocalTime, Writer

Action = Callable[[], None]
Tell = Callable[[Source], None]

_QUEUED = 0.004
"""Share of messages that wait minutes in an interface engine; a guess, large enough to test."""
_DOUBLED = 0.003
"""Share of messages sent again because their answer was lost; a guess as well."""


class Sent(msgspec.Struct, frozen=True, array_like=True):
    """One message on its way: when it leaves (UTC microseconds), on which feed, its bytes."""

    at: int
    feed: str
    body: bytes
    resend: bool
    fhir: bool = False
    """Whether the body is a FHIR bundle, not an HL7 v2 message."""


class _Waiting(msgspec.Struct):
    sent: Sent
    source: Source
    tell: Tell


class Desk:
    """Keeps the agenda of the group and the messages under way, both in the order of time."""

    def __init__(
        self, chance: Random, clock: LocalTime, now: int, fhir: frozenset[str] = frozenset()
    ) -> None:
        """`fhir` are the feeds whose systems write FHIR bundles instead of HL7 v2."""
        self._fhir = fhir
        self._bundles = FhirWriter()
        self.chance = chance
        self.clock = clock
        self.now = now
        self.flawless = True
        """True while the first fill is exported: nothing waits and nothing is sent twice."""
        self._writer = Writer(clock)
        self._count = 0
        self._agenda: list[tuple[int, int, Action | _Waiting]] = []

    def plan(self, at: int, action: Action) -> None:
        """Let something happen at a time to come (UTC microseconds)."""
        self._count += 1
        heapq.heappush(self._agenda, (at, self._count, action))

    def send(self, feed: str, kind: str, event: int, segments: list[str], tell: Tell) -> None:
        """Write a message now about what happened at `event`; `tell` runs when it leaves."""
        created = self.now // SECOND * SECOND
        spoken = feed in self._fhir
        if spoken:
            _, control = self._writer.next_number(feed)
            body = self._bundles.write(feed, kind, control, (created, event), segments)
        else:
            control, body = self._writer.write(feed, kind, created, segments)
        source = Source(feed, control, event // SECOND * SECOND, created, 0)
        sent = Sent(self.now + self._wait(feed), feed, body, resend=False, fhir=spoken)
        self._queue(_Waiting(sent, source, tell))

    def _wait(self, feed: str) -> int:
        if self.flawless:
            return 0
        if feed != "laboratory" and self.chance.random() < _QUEUED:
            return self.chance.randint(2 * MINUTE, 40 * MINUTE)
        return self.chance.randint(0, SECOND // 2)

    def _queue(self, waiting: _Waiting) -> None:
        self._count += 1
        heapq.heappush(self._agenda, (waiting.sent.at, self._count, waiting))
        if not self.flawless and not waiting.sent.resend and self.chance.random() < _DOUBLED:
            again = waiting.sent.at + self.chance.randint(SECOND, 90 * SECOND)
            copy = msgspec.structs.replace(waiting.sent, at=again, resend=True)
            self._queue(_Waiting(copy, waiting.source, waiting.tell))

    def run(self, until: int) -> Iterator[Sent]:
        """Let time pass up to and with `until`; yield what is sent, in the order of time."""
        while self._agenda and self._agenda[0][0] <= until:
            at, _, item = heapq.heappop(self._agenda)
            self.now = at
            if isinstance(item, _Waiting):
                if not item.sent.resend:
                    item.tell(item.source)
                yield item.sent
            else:
                item()
        self.now = max(self.now, until)
