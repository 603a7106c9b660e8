"""What references lead to: of each resource that others name, what its newest version says.

Rules kept here:
- What is learned of a target is a register: the version that says to be the newest is kept,
  whenever it arrives, as everything else in the chart (docs/adr/0014).
- It holds what the resource itself says and follows no further reference: an answer does not
  depend on what else is known.
- Targets are known per feed: two systems may number their resources alike.
"""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from wardkeep.chart.change import Fields


class Known(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """What is known of a target: when that was said (UTC microseconds), and the facts.

    `digest` decides between two versions of one instant.
    """

    at: int
    digest: int
    facts: Fields


class Lesson(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """What one entry says of one target."""

    target: str
    known: Known


Lookup = Callable[[str, str], Known | None]
"""From feed and target to what is known, None where nothing was heard."""


def nothing_known(_feed: str, _target: str) -> Known | None:
    """Return None: for readers of what refers to nothing outside itself."""
    return None


def is_newer(one: Known, other: Known | None) -> bool:
    """Say whether one version takes the place of the other."""
    return other is None or (one.at, one.digest) > (other.at, other.digest)


class Directory:
    """Targets of all feeds, and which entries asked for them; in memory."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, str], Known] = {}
        self._asked: dict[tuple[str, str], set[int]] = {}

    def lookup(self, feed: str, target: str) -> Known | None:
        """Return what is known of a target."""
        return self._known.get((feed, target))

    def learn(self, feed: str, lessons: tuple[Lesson, ...]) -> list[str]:
        """Take what an entry says of targets; return those that are known otherwise now."""
        changed = []
        for lesson in lessons:
            before = self._known.get((feed, lesson.target))
            if is_newer(lesson.known, before):
                self._known[feed, lesson.target] = lesson.known
                if before is None or before.facts != lesson.known.facts:
                    changed.append(lesson.target)
        return changed

    def ask(self, feed: str, targets: tuple[str, ...], sequence: int) -> None:
        """Note that an entry depends on targets, known or not."""
        for target in targets:
            self._asked.setdefault((feed, target), set()).add(sequence)

    def askers(self, feed: str, targets: list[str]) -> list[int]:
        """Return the entries that depend on any of the targets, in order."""
        found: set[int] = set()
        for target in targets:
            found |= self._asked.get((feed, target), set())
        return sorted(found)
