"""What bedside checks found, folded: the last month's, and every difference that waits.

What is older than KEPT and settled is left out: its events stay in the ledger.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

import msgspec

from wardkeep.bedside.events import (
    BedsideChecked,
    BedsideEvent,
    DifferenceSettled,
    Finding,
    Found,
)
from wardkeep.kernel.times import DAY

PERIOD = 30 * DAY
"""Accuracy is told of so long: a source that was mended must show within a month."""
KEPT = PERIOD + 5 * DAY


class Difference(msgspec.Struct, frozen=True, kw_only=True):
    """One fact that was different at the bedside, by its check and place in it (from 0)."""

    checked: BedsideChecked
    place: int
    settled: DifferenceSettled | None = None

    @property
    def found(self) -> Found:
        """The fact."""
        return self.checked.found[self.place]


class Checks(msgspec.Struct, frozen=True):
    """Checks by their number, oldest first, and what was settled by check and place.

    `unread` counts events that could not be read and were passed over. `readable` is False
    while the ledger gives nothing: what stands here is then as last known, or nothing at all.
    """

    checked: Mapping[str, BedsideChecked] = {}
    settled: Mapping[tuple[str, int], DifferenceSettled] = {}
    unread: int = 0
    readable: bool = True

    @property
    def whole(self) -> bool:
        """Whether what stands nowhere here was never found: else it is not known."""
        return self.readable and not self.unread

    @property
    def bare(self) -> Checks:
        """How far the checks can be read, without what they found."""
        return msgspec.structs.replace(self, checked={}, settled={})

    def differences(self) -> Iterator[Difference]:
        """Yield every difference, the oldest first, settled or not."""
        for each in self.checked.values():
            for place, found in enumerate(each.found):
                if found.finding is Finding.DIFFERENT:
                    settled = self.settled.get((each.check, place))
                    yield Difference(checked=each, place=place, settled=settled)

    def done(self) -> list[Difference]:
        """Return the differences that were settled, the newest settling first."""
        newest = sorted(self.settled.values(), key=lambda each: each.at, reverse=True)
        return [
            Difference(checked=self.checked[each.check], place=each.place, settled=each)
            for each in newest
            if each.check in self.checked
        ]

    def waiting(self) -> tuple[Difference, ...]:
        """Return the differences about which nobody said what was done, oldest first."""
        return tuple(each for each in self.differences() if each.settled is None)


NO_CHECKS = Checks()


def fold(events: Iterable[BedsideEvent], checks: Checks = NO_CHECKS) -> Checks:
    """Return the checks after all `events`; of forms with one number the first counts."""
    checked, settled = dict(checks.checked), dict(checks.settled)
    for event in events:
        match event:
            case BedsideChecked():
                checked.setdefault(event.check, event)
            case DifferenceSettled():
                settled.setdefault((event.check, event.place), event)
    return _kept(msgspec.structs.replace(checks, checked=checked, settled=settled))


def _kept(checks: Checks) -> Checks:
    newest = max((each.at for each in checks.checked.values()), default=0)
    open_ones = {each.checked.check for each in checks.waiting()}
    kept = {
        number: each
        for number, each in checks.checked.items()
        if newest - each.at <= KEPT or number in open_ones
    }
    settled = {key: each for key, each in checks.settled.items() if key[0] in kept}
    return msgspec.structs.replace(checks, checked=kept, settled=settled)
