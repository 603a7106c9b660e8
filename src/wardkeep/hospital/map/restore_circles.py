"""Where servers would wait for each other if they were lost together, so that none comes first.

A server waits for what is stated on the map (its host, and what it is restored after), and for
one of the servers that hold its copies. Servers are numbers here: the map's check lays all of
them, a plan those that it is asked for.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import TypeAlias

from wardkeep.hospital.map.item import named_in, reference_to
from wardkeep.hospital.map.machines import Application, BackupCopy
from wardkeep.hospital.map.whole import HospitalMap

Options: TypeAlias = Sequence[frozenset[int]]
"""Any one is enough: the lost servers without which a copy cannot be read. None: no wait."""
Circle: TypeAlias = tuple[int, ...]
"""Each waits for the next, the last for the first."""


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


def stated_circles(stated: Sequence[Collection[int]]) -> tuple[Circle, ...]:
    """Return circles of what is stated, no server in two of them; none only if there is none.

    One that shares a server with another is not told beside it.
    """
    left = _behind_circles(stated)
    seen: set[int] = set()
    found: list[Circle] = []
    for start in sorted(left):
        path: list[int] = []
        server = start
        while server not in seen:
            seen.add(server)
            path.append(server)
            server = min(left[server])
        if server in path:
            found.append(tuple(path[path.index(server) :]))
    return tuple(found)


def _behind_circles(stated: Sequence[Collection[int]]) -> dict[int, set[int]]:
    """Return the servers that wait for a circle or are in one, and for which of those."""
    left = {server: set(waits) for server, waits in enumerate(stated)}
    free = [server for server, waits in left.items() if not waits]
    after = _turned(left)
    while free:
        done = free.pop()
        del left[done]
        for server in after[done]:
            left[server].discard(done)
            if not left[server]:
                free.append(server)
    return left


def copies_in_circles(
    stated: Sequence[frozenset[int]], options: Sequence[Options]
) -> tuple[Mapping[int, Circle], ...]:
    """Return the servers that would wait for themselves if they waited for a copy.

    Each with such a circle that begins with it and goes on to who holds a copy. Some may need
    to come back without a copy before it is known of others that they must: these stand in the
    next mapping. What waits for a circle of what is stated is left out.
    """
    taking = _Taking(stated, options)
    found = []
    while circles := taking.without_copies():
        found.append(circles)
    return tuple(found)


class _Taking:
    """Takes servers as soon as all they wait for are taken, whatever the work."""

    def __init__(self, stated: Sequence[frozenset[int]], options: Sequence[Options]) -> None:
        self._stated, self._options = stated, list(options)
        self._taken: set[int] = set()
        everybody = range(len(stated))
        self._after = _turned({each: self._ahead(each) for each in everybody})
        self._take(everybody)

    def without_copies(self) -> dict[int, Circle]:
        """Give up the copies of each circle that waits for nobody else, and go on."""
        left = [each for each in range(len(self._stated)) if each not in self._taken]
        ahead = {each: self._ahead(each) - self._taken for each in left}
        given_up = [
            each
            for each in _innermost(ahead)
            if self._options[each] and not self._has_a_copy(each)
        ]
        found = {each: self._circle(each, ahead) for each in given_up}
        for each in given_up:
            self._options[each] = ()
        self._take(given_up)
        return found

    def _ahead(self, server: int) -> frozenset[int]:
        return self._stated[server].union(*self._options[server])

    def _has_a_copy(self, server: int) -> bool:
        options = self._options[server]
        return not options or any(each <= self._taken for each in options)

    def _take(self, offered: Iterable[int]) -> None:
        todo = list(offered)
        while todo:
            server = todo.pop()
            open_to = server not in self._taken and self._stated[server] <= self._taken
            if open_to and self._has_a_copy(server):
                self._taken.add(server)
                todo += self._after[server]

    def _circle(self, server: int, ahead: Mapping[int, frozenset[int]]) -> Circle:
        """Return the shortest circle of a server over one that holds a copy of it."""
        holders = ahead.keys() & frozenset[int]().union(*self._options[server])
        line = sorted(holders - {server}) or [server]
        came, place = dict.fromkeys(line, server), 0
        while (last := line[place]) != server and server not in ahead[last]:
            fresh = sorted(ahead[last] - came.keys())
            came |= dict.fromkeys(fresh, last)
            line += fresh
            place += 1
        way: list[int] = []
        while last != server:
            way.append(last)
            last = came[last]
        return (server, *reversed(way))


def _turned(ahead: Mapping[int, Collection[int]]) -> dict[int, list[int]]:
    """Return by server who waits for it."""
    after: dict[int, list[int]] = {each: [] for each in ahead}
    for server, waits in ahead.items():
        for each in waits:
            after[each].append(server)
    return after


def _innermost(ahead: Mapping[int, frozenset[int]]) -> list[int]:
    """Return all circles of servers that wait for each other and for nobody else.

    Searched from who is awaited to who waits, each server belongs to the search that met it
    first. A circle is innermost if the search met all that its first server waits for.
    """
    after = _turned(ahead)
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
