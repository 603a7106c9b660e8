"""Which lost servers must stand before a thing of the map works again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from wardkeep.foresight.restoring.copies import copy_waits
from wardkeep.foresight.restoring.problem import closed, refuse_cycle
from wardkeep.hospital.map.care import Need, Service
from wardkeep.hospital.map.item import named_in
from wardkeep.hospital.map.machines import Application, Server
from wardkeep.hospital.map.outside import Exchange
from wardkeep.hospital.map.places import BuildingService
from wardkeep.hospital.map.restore_circles import Options, copies_on
from wardkeep.hospital.map.whole import HospitalMap


class Choice(NamedTuple):
    """Of these things that fell, at least so many must work again; always fewer than all."""

    of: tuple[str, ...]
    wanted: int


class Reach:
    """Follows needs through what fell; what stands needs nothing.

    `lost`: number by `server:id`; `hours` of work by number. Where k of n are needed, those are
    taken that add the least work to what is needed anyway, here or by what was asked before.
    `stated`: by number, who must stand before it as the map says; `copies`: with the servers
    that hold the copies. Raises RestoreCycleError where what is stated is a circle.
    """

    def __init__(
        self,
        whole: HospitalMap,
        fallen: Iterable[str],
        lost: Mapping[str, int],
        hours: Sequence[float],
    ) -> None:
        self._whole, self._fallen = whole, frozenset(fallen)
        self._lost, self._hours = lost, hours
        self._asked: frozenset[int] = frozenset()
        self.stated = [self._waits(reference) for reference in lost]
        refuse_cycle([each.partition(":")[2] for each in lost], self.stated)
        self.copies = copy_waits(self.stated, self._options(), hours)
        self.before = self.copies.before

    def servers(self, references: Iterable[str]) -> frozenset[int]:
        """Return the lost servers without which one of `references` does not work."""
        seen: set[str] = set()
        choices = self._follow(references, seen)
        while choices:
            choice = choices.pop()
            choices += self._follow(self._taken(choice, seen), seen)
        found = closed(self.before, self._numbers(seen))
        self._asked |= found
        return found

    def _waits(self, reference: str) -> frozenset[int]:
        """Return what a lost server waits for: its host and all that it is restored after."""
        ahead = named_in(self._whole.items[reference], "host", "restored_after")
        seen: set[str] = set()
        self._follow((each for each in ahead if each in self._fallen), seen)
        return self._numbers(seen)

    def _options(self) -> list[Options]:
        """Return by lost server who must stand before each of its copies can be read."""
        lies_on = copies_on(self._whole, self._lost)
        return [self._holders(lies_on.get(reference, ())) for reference in self._lost]

    def _holders(self, on: Iterable[str]) -> Options:
        found = []
        for each in sorted(on):
            if each not in self._fallen:
                return ()
            seen: set[str] = set()
            self._follow([each], seen)
            found.append(self._numbers(seen))
        return found

    def _numbers(self, references: Iterable[str]) -> frozenset[int]:
        return frozenset(self._lost[each] for each in references if each in self._lost)

    def _follow(self, references: Iterable[str], seen: set[str]) -> list[Choice]:
        """Add to `seen` all that must work for `references`; return what is left to choose."""
        todo = [each for each in references if each not in seen]
        seen.update(todo)
        choices: list[Choice] = []
        while todo:
            reference = todo.pop()
            if reference in self._lost:
                continue
            for names, wanted in self._ahead(reference):
                fallen = [each for each in names if each in self._fallen]
                missing = wanted - (len(names) - len(fallen))
                if 0 < missing < len(fallen):
                    choices.append(Choice(tuple(fallen), missing))
                elif missing > 0:
                    todo += (fresh := [each for each in fallen if each not in seen])
                    seen.update(fresh)
        return choices

    def _ahead(self, reference: str) -> list[tuple[Sequence[str], int]]:
        """Return what a thing needs: names, and how many of them."""
        item = self._whole.items.get(reference)
        match item:
            case Server():
                return [_all(named_in(item, "host"))]
            case Application():
                servers = named_in(item, "servers")
                return [_all(named_in(item, "needs")), _some(servers, item.servers_needed)]
            case Exchange():
                return [(named_in(item, "ends_at"), 1)]
            case BuildingService():
                return [(named_in(item, "controllers"), 1)]
            case Service():
                named = self._whole.named_from.get(reference, ())
                needs = [self._whole.items[namer] for _, namer in named]
                return [
                    _some(named_in(each, "of"), each.at_least)
                    for each in needs
                    if isinstance(each, Need)
                ]
            case _:
                return []

    def _taken(self, choice: Choice, seen: set[str]) -> Sequence[str]:
        there = sum(each in seen for each in choice.of)
        known = closed(self.before, self._numbers(seen)) | self._asked
        rest = [each for each in choice.of if each not in seen]
        rest.sort(key=lambda each: (self._added(each, known), each))
        return rest[: max(choice.wanted - there, 0)]

    def _added(self, reference: str, known: frozenset[int]) -> float:
        """Return the hours that a thing adds to known work, choices below it left aside."""
        seen: set[str] = set()
        self._follow([reference], seen)
        added = closed(self.before, self._numbers(seen)) - known
        return sum(self._hours[each] for each in sorted(added))


def _all(names: Sequence[str]) -> tuple[Sequence[str], int]:
    return names, len(names)


def _some(names: Sequence[str], wanted: int | None) -> tuple[Sequence[str], int]:
    return names, len(names) if wanted is None else wanted
