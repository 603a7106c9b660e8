"""Which lost servers wait for the server that holds their copies, and where they cannot.

A server whose every copy lies on a lost server waits for one of those: that which adds the
least work. Servers are taken in the order of all work before them, so that no copy that is out
of reach yet could add less. Where nothing is left to take, copies lie on what waits for the
servers they save: these are restored without them, and that is told.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from heapq import heappop, heappush

import msgspec

from wardkeep.hospital.map.item import named_in, reference_to
from wardkeep.hospital.map.machines import Application, BackupCopy
from wardkeep.hospital.map.whole import HospitalMap

Options = Sequence[frozenset[int]]
"""Any one is enough: the lost servers without which a copy cannot be read. None: no wait."""


class CopyWaits(msgspec.Struct, frozen=True):
    """By server, all that it waits for; of those that wait for a copy, for whom.

    `without`: servers that no copy can wait for, by whom each of their copies is held.
    """

    before: tuple[frozenset[int], ...]
    held: Mapping[int, frozenset[int]]
    without: Mapping[int, frozenset[int]]


def copies_on(whole: HospitalMap, lost: Collection[str]) -> dict[str, set[str]]:
    """Return by lost server (`server:id`) on which servers its copies lie.

    None for those with no copy on the map, or with one that is offline or lies on no server.
    """
    found: dict[str, set[str]] = {}
    for copy in whole.of(BackupCopy):
        on = named_in(copy, "on")
        free = copy.offline is True or not on
        for server in _saved(whole, copy):
            if server in lost:
                found.setdefault(server, set()).update(("",) if free else on)
    return {server: on for server, on in found.items() if "" not in on}


def _saved(whole: HospitalMap, copy: BackupCopy) -> Iterator[str]:
    for reference in named_in(copy, "of"):
        item = whole.items.get(reference)
        if isinstance(item, Application):
            yield from named_in(item, "servers")
        elif item is not None:
            yield reference_to(item)


def copy_waits(
    stated: Sequence[frozenset[int]], options: Sequence[Options], hours: Sequence[float]
) -> CopyWaits:
    """Return what servers wait for: what is stated, which holds no circle, and their copies."""
    order = _Order(stated, options, hours)
    order.all()
    before = tuple(
        waits | order.held.get(server, frozenset()) for server, waits in enumerate(stated)
    )
    return CopyWaits(before, order.held, order.without)


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
        self._options: list[Options] = list(options)
        self.held: dict[int, frozenset[int]] = {}
        self.without: dict[int, frozenset[int]] = {}
        # By server that is taken: all before it and itself, a bit each, and their work.
        self._all: dict[int, int] = {}
        self._work: dict[int, float] = {}
        self._line: list[tuple[float, int]] = []
        self._after: list[set[int]] = [set() for _ in stated]
        for server, choices in enumerate(options):
            if choices and all(server in each for each in choices):
                self._leave(server)
            for each in self._ahead(server):
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

    def _ahead(self, server: int) -> frozenset[int]:
        return self._stated[server].union(*self._options[server])

    def _offer(self, server: int) -> None:
        """Put a server in line if all it waits for is taken, and with it one of its copies."""
        if self._stated[server] <= self._all.keys() and self._choices(server):
            heappush(self._line, (self._least(server)[0], server))

    def _choices(self, server: int) -> list[frozenset[int]]:
        options = self._options[server] or (frozenset[int](),)
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
        left = [each for each in range(len(self._stated)) if each not in self._all]
        ahead = {each: self._ahead(each) - self._all.keys() for each in left}
        for server in _innermost(ahead):
            if not self._choices(server):
                self._leave(server)
            self._offer(server)

    def _leave(self, server: int) -> None:
        self.without[server] = frozenset[int]().union(*self._options[server])
        self._options[server] = ()


def _innermost(ahead: Mapping[int, frozenset[int]]) -> list[int]:
    """Return all circles of servers that wait for each other and for nobody else.

    Searched from who is awaited to who waits, each server belongs to the search that met it
    first. A circle is innermost if the search met all that its first server waits for.
    """
    after: dict[int, list[int]] = {each: [] for each in ahead}
    for server, waits in ahead.items():
        for each in waits:
            after[each].append(server)
    seen: set[int] = set()
    found: list[int] = []
    for start in ahead:
        if start in seen:
            continue
        met = _reached(after, start, seen, None)
        seen |= met
        circle = _reached(ahead, start, set(), met)
        found += circle if circle <= met else ()
    return sorted(found)


def _reached(
    links: Mapping[int, Collection[int]], start: int, seen: set[int], within: set[int] | None
) -> set[int]:
    """Return what is reached and not seen before; no further than one step out of `within`."""
    found, todo = {start}, [start]
    while todo:
        each = todo.pop()
        if within is None or each in within:
            fresh = [other for other in links[each] if other not in found and other not in seen]
            found.update(fresh)
            todo += fresh
    return found
