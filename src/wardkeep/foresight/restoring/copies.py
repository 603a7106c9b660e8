"""Which lost servers wait for the server that holds their copies, and where they cannot.

A server whose every copy lies on a lost server waits for one of those: that which adds the
least work. Servers are taken in the order of all work before them, so that no copy that is out
of reach yet could add less. Where nothing is left to take, copies lie on what waits for the
servers they save: these are restored without them, and that is told.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from heapq import heappop, heappush

import msgspec

from wardkeep.hospital.map.restore_circles import Options, copies_in_circles


class CopyWaits(msgspec.Struct, frozen=True):
    """By server, all that it waits for; of those that wait for a copy, for whom.

    `options`: by server, the copies of which any one is enough; `without`: servers that no copy
    can wait for, by whom each of their copies is held.
    """

    before: tuple[frozenset[int], ...]
    options: tuple[Options, ...]
    held: Mapping[int, frozenset[int]]
    without: Mapping[int, frozenset[int]]


def copy_waits(
    stated: Sequence[frozenset[int]], options: Sequence[Options], hours: Sequence[float]
) -> CopyWaits:
    """Return what servers wait for: what is stated, which holds no circle, and their copies."""
    order = _Order(stated, options, hours)
    order.all()
    before = tuple(
        waits | order.held.get(server, frozenset()) for server, waits in enumerate(stated)
    )
    return CopyWaits(before, tuple(order.options), order.held, order.without)


class _Order:
    """Takes servers one after the other, least work first.

    After Knuth (A generalization of Dijkstra's algorithm, Information Processing Letters 6,
    1977).
    """

    def __init__(
        self,
        stated: Sequence[frozenset[int]],
        options: Sequence[Options],
        hours: Sequence[float],
    ) -> None:
        self._stated, self._hours = stated, hours
        self.options: list[Options] = list(options)
        self.held: dict[int, frozenset[int]] = {}
        self.without: dict[int, frozenset[int]] = {}
        self._circles = iter(copies_in_circles(stated, options))
        # By server that is taken: all before it and itself, a bit each, and their work.
        self._all: dict[int, int] = {}
        self._work: dict[int, float] = {}
        self._line: list[tuple[float, int]] = []
        self._after: list[set[int]] = [set() for _ in stated]
        for server, choices in enumerate(options):
            for each in stated[server].union(*choices):
                self._after[each].add(server)

    def all(self) -> None:
        for server in range(len(self._stated)):
            self._offer(server)
        while len(self._all) < len(self._stated):
            if not self._line:
                self._give_up_copies()
            _, server = heappop(self._line)
            if server not in self._all:
                self._take(server)

    def _offer(self, server: int) -> None:
        """Put a server in line if all it waits for is taken, and with it one of its copies."""
        if self._stated[server] <= self._all.keys() and self._choices(server):
            heappush(self._line, (self._least(server)[0], server))

    def _choices(self, server: int) -> list[frozenset[int]]:
        options = self.options[server] or (frozenset[int](),)
        return [each for each in options if each <= self._all.keys()]

    def _least(self, server: int) -> tuple[float, list[int]]:
        """Return the work before a server with the copy that adds the least, and that."""
        stated = self._stated[server]
        choices = self._choices(server)
        return min((self._joint(stated | each)[0], sorted(each)) for each in choices)

    def _joint(self, servers: Collection[int]) -> tuple[float, int]:
        """Return the work before and of some servers together, and who that is."""
        if not servers:
            return 0.0, 0
        most = max(servers, key=lambda each: (self._work[each], each))
        work, whole = self._work[most], self._all[most]
        for each in servers:
            fresh = self._all[each] & ~whole
            whole |= fresh
            while fresh:
                lowest = fresh & -fresh
                work += self._hours[lowest.bit_length() - 1]
                fresh ^= lowest
        return work, whole

    def _take(self, server: int) -> None:
        chosen = frozenset(self._least(server)[1])
        if chosen:
            self.held[server] = chosen
        work, whole = self._joint(self._stated[server] | chosen)
        self._all[server] = whole | 1 << server
        self._work[server] = work + self._hours[server]
        for each in self._after[server]:
            if each not in self._all:
                self._offer(each)

    def _give_up_copies(self) -> None:
        """Leave out of reach the copies of each circle that waits for nobody else."""
        for server in next(self._circles):
            self.without[server] = frozenset[int]().union(*self.options[server])
            self.options[server] = ()
            self._offer(server)
