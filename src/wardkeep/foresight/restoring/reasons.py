"""Why each server and each service has its place in a plan, in words.

Every sentence is computed: what waits for a server, what an hour of work on a service gives
back, and what the other way round would cost by laying that order too.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

from wardkeep.foresight.restoring.estate import LostEstate
from wardkeep.foresight.restoring.problem import closed
from wardkeep.foresight.restoring.schedule import Schedule, claimed, scheduled
from wardkeep.foresight.restoring.search import turned_services

_NAMED = 3
_SAME = 0.5
"""Patients: less than that between two orders is no difference worth a word."""


class Reasons:
    """The reasons of one schedule.

    `turn`: goals in the order in which they are back. `users`: by server, the goals that need
    it, first back first. `own`: by goal, its servers that none before it needs.
    """

    def __init__(self, estate: LostEstate, laid: Schedule) -> None:
        self._estate, self._problem, self._laid = estate, estate.problem, laid
        self.own = claimed(self._problem, laid)
        self.turn = tuple(self.own)
        self.users: list[list[int]] = [[] for _ in self._problem.servers]
        for goal in self.turn:
            for server in self._problem.goals[goal].needs:
                self.users[server].append(goal)

    def of_server(self, server: int) -> str:
        """Return why a server has its place."""
        said = [
            *self._carries(server),
            *self._awaited(server),
            *self._ahead(server),
            *self._copied(server),
        ]
        users = self.users[server]
        if not users:
            if self._awaiting[server]:
                return "; ".join([*said, "no service on the map needs it itself"])
            return "; ".join([*said, "no service on the map needs it: it fills free hours"])
        first = (
            f"{self._name(users[0])} needs it (back in hour {_h(self._laid.back[users[0]])})"
        )
        more = f" and {_many(len(users) - 1, 'service')} later" if len(users) > 1 else ""
        return "; ".join([first + more, *said])

    def _carries(self, server: int) -> list[str]:
        own = self._problem.servers[server]
        carried = sum(each.host == own for each in self._estate.servers)
        return [f"host of {_many(carried, 'lost machine')}"] if carried else []

    def _awaited(self, server: int) -> list[str]:
        number = self._awaiting[server]
        return [f"{_many(number, 'server')} cannot be restored before it"] if number else []

    def _ahead(self, server: int) -> list[str]:
        ahead = self._problem.before[server]
        if not ahead:
            return []
        last = sorted(ahead, key=lambda each: (-self._laid.ends[each], each))
        names = ", ".join(self._problem.servers[each] for each in last[:_NAMED])
        more = f" and {len(last) - _NAMED} more" if len(last) > _NAMED else ""
        return [f"after {names}{more} (up in hour {_h(self._laid.ends[last[0]])})"]

    def _copied(self, server: int) -> list[str]:
        copies = self._estate.copies
        if server in copies.without:
            return ["WITHOUT ITS COPY: see the warning"]
        held = sorted(copies.held.get(server, ()))
        names = ", ".join(self._problem.servers[each] for each in held)
        return [f"its copy lies on {names}"] if held else []

    @cached_property
    def _awaiting(self) -> list[int]:
        """By server, how many wait for it, also through others."""
        count = len(self._problem.servers)
        return [len(closed(self._problem.after, [server])) - 1 for server in range(count)]

    def of_service(self, goal: int, order: Sequence[int]) -> str:
        """Return why a service is back before the next one, which waits for other work."""
        if not self.own[goal]:
            return "nothing more to restore: it stands on what the services before it needed"
        place = self.turn.index(goal) + 1
        after = next((each for each in self.turn[place:] if self.own[each]), None)
        if after is None:
            return "the last that work is done for"
        return self._compared(goal, after, order)

    def _compared(self, goal: int, after: int, order: Sequence[int]) -> str:
        mine, other = _n(self._gives(goal)), _n(self._gives(after))
        name = self._name(after)
        lost = self._other_way_round(goal, after, order)
        if lost < _SAME:
            return f"before {name}, by chance: the other way round is no worse"
        if self._gives(goal) < self._gives(after):
            words = (
                f"before {name}: an hour of work on that gives back more ({other} patients an"
            )
            words += f" hour, here {mine}), but the hours of the crews fall worse"
        else:
            words = f"before {name} because an hour of work on it gives back {mine} patients an"
            words += f" hour, on {name} {other}"
        return f"{words}; the other way round {_patients(lost)} more are not treated as usual"

    def _gives(self, goal: int) -> float:
        return self._problem.goals[goal].weight / max(self._problem.work(self.own[goal]), 1e-9)

    def _other_way_round(self, goal: int, after: int, order: Sequence[int]) -> float:
        """Return what it costs to do the work of the next service before that of this one."""
        turned = turned_services(self._problem, order, self.own[goal], after)
        return scheduled(self._problem, turned).cost - self._laid.cost

    def _name(self, goal: int) -> str:
        return self._estate.care[goal].name


def copy_warnings(estate: LostEstate) -> tuple[str, ...]:
    """Return in a sentence each whose copies lie on what is restored after them."""
    names = estate.problem.servers
    found = []
    for server, holders in sorted(estate.copies.without.items()):
        own = names[server]
        others = sorted(holders - {server})
        if not others:
            where = f"{own} itself"
            way_out = "keep one elsewhere before an attack"
        else:
            where = ", ".join(names[each] for each in others)
            stated = all(server in closed(estate.stated, [each]) for each in others)
            cannot = "restored after" if stated else "restored, through its own copy, after"
            where += f", {'which is' if len(others) == 1 else 'which are'} {cannot} {own}"
            way_out = "break the circle before an attack"
        found.append(
            f"{own}'s copy lies on {where}: restore {own} without its copy, or {way_out}"
        )
    return tuple(found)


def _h(hour: float) -> str:
    return f"{hour:.1f}".removesuffix(".0")


def _n(number: float) -> str:
    return f"{number:.2g}" if number < 1 else f"{number:.1f}"


def _patients(number: float) -> str:
    return _many(round(number), "patient")


def _many(number: int, word: str) -> str:
    return f"{number:,} {word}" if number == 1 else f"{number:,} {word}s"
