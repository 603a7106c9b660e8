"""What no order of restoring can beat.

Let services be ordered by the hours c_l in which they are back in some schedule on m crews, R_s
the servers that s needs, p_j the hours of server j. Once l is back, all of R_l and of the R_s
of earlier s is done, so m c_l >= p(R_l united with those R_s). Share the hours of each server
over the services that need it, x_js >= 0 with sum over s at most p_j: then

    m c_l >= p(R_l) + sum over earlier s of e_sl,   e_sl = sum of x_js over j in R_s not in R_l.

Weighted and summed, one of each pair of services is the earlier, so

    m sum w_l c_l >= sum w_l p(R_l) + sum over pairs of min(w_l e_sl, w_s e_ls),

whatever the shares: concave in them, and raised by a subgradient. Beginning from shares that
bring hours to weight as near as can be over all services, which is Sidney's decomposition. With
it the longest chain: c_l >= hours of the longest chain in R_l, which may stand for any l whose
part of the sum is less.
"""

from __future__ import annotations

from wardkeep.foresight.restoring.problem import RestoreProblem

ROUNDS = 60
"""Steps of the subgradient: further ones raised the bound of 200 servers by less than 0.1 %."""
_BALANCING = 60
_STEP, _SLOWER = 0.1, 10.0
_ROUNDING = 1e-9
"""Sums of floats may lie above what they stand for; this is far more than they do."""
Shares = list[dict[int, float]]
Square = list[list[float]]


def lower_bound(problem: RestoreProblem, rounds: int = ROUNDS) -> float:
    """Return a cost that no schedule of the problem is below."""
    return _Bound(problem).best(rounds) * (1 - _ROUNDING)


class _Bound:
    def __init__(self, problem: RestoreProblem) -> None:
        goals = [goal for goal in problem.goals if goal.weight > 0 and goal.needs]
        self._problem, self._goals = problem, goals
        self._weights = [goal.weight for goal in goals]
        numbers = range(len(goals))
        self._users = [
            [each for each in numbers if server in goals[each].needs]
            for server in range(len(problem.servers))
        ]
        self._others = [
            [each for each in numbers if server not in goals[each].needs]
            for server in range(len(problem.servers))
        ]
        self._own = [goal.weight * problem.work(goal.needs) for goal in goals]
        self._chains = [goal.weight * _longest(problem, goal.needs) for goal in goals]

    def best(self, rounds: int) -> float:
        shares = self._balanced()
        pairs, earlier = self._pairs(shares)
        best = self._value(pairs)
        for number in range(rounds):
            self._step(shares, earlier, _STEP / (1 + number / _SLOWER))
            pairs, earlier = self._pairs(shares)
            best = max(best, self._value(pairs))
        return best

    def _balanced(self) -> Shares:
        """Return shares with hours as even to weight as can be, server after server."""
        hours = self._problem.hours
        shares = [
            dict.fromkeys(users, hours[server] / len(users)) if users else {}
            for server, users in enumerate(self._users)
        ]
        sums = [0.0] * len(self._goals)
        for each in shares:
            for goal, share in each.items():
                sums[goal] += share
        for _ in range(_BALANCING):
            for server, each in enumerate(shares):
                if len(each) > 1:
                    self._level(each, sums, hours[server])
        return shares

    def _level(self, shares: dict[int, float], sums: list[float], hours: float) -> None:
        """Share a server's hours anew, to where sums are lowest against the weight."""
        weights = self._weights
        for goal, share in shares.items():
            sums[goal] -= share
        weight, total = 0.0, hours
        for goal in sorted(shares, key=lambda each: (sums[each] / weights[each], each)):
            if weight and total / weight <= sums[goal] / weights[goal]:
                break
            weight += weights[goal]
            total += sums[goal]
        level = total / weight
        for goal in tuple(shares):
            share = max(0.0, level * weights[goal] - sums[goal])
            shares[goal] = share
            sums[goal] += share

    def _pairs(self, shares: Shares) -> tuple[Square, list[list[bool]]]:
        """Return what each pair costs at least, and who of it had better be the earlier."""
        count, weights = len(self._goals), self._weights
        extra = [[0.0] * count for _ in range(count)]
        for server, each in enumerate(shares):
            others = self._others[server]
            for goal, share in each.items():
                row = extra[goal]
                for other in others:
                    row[other] += share
        pairs = [[0.0] * count for _ in range(count)]
        earlier = [[False] * count for _ in range(count)]
        for one in range(count):
            for other in range(one):
                first = weights[other] * extra[one][other]
                second = weights[one] * extra[other][one]
                pairs[one][other] = pairs[other][one] = min(first, second)
                earlier[one][other], earlier[other][one] = first <= second, first > second
        return pairs, earlier

    def _step(self, shares: Shares, earlier: list[list[bool]], step: float) -> None:
        """Move a part of each server's hours to the service that the subgradient names."""
        for server, each in enumerate(shares):
            others = self._others[server]
            if len(each) < 2 or not others:  # noqa: PLR2004  nothing to share, or all need it
                continue
            gains = {
                goal: sum(self._weights[other] for other in others if earlier[goal][other])
                for goal in each
            }
            best = max(gains.items(), key=lambda pair: (pair[1], -pair[0]))[0]
            for goal in each:
                each[goal] *= 1 - step
            each[best] += step * self._problem.hours[server]

    def _value(self, pairs: Square) -> float:
        """Return the bound; services whose longest chain says more stand with that."""
        crews = self._problem.crews
        parts = [own + sum(row) for own, row in zip(self._own, pairs, strict=True)]
        left = set(range(len(parts)))
        value = 0.0
        while left:
            best = max(left, key=lambda each: (self._chains[each] - parts[each] / crews, each))
            if self._chains[best] <= parts[best] / crews:
                break
            left.discard(best)
            value += self._chains[best]
            for each in left:
                parts[each] -= pairs[each][best]
        inner = sum(self._own[each] for each in sorted(left))
        inner += sum(pairs[one][other] for one in left for other in left if other < one)
        return value + inner / crews


def _longest(problem: RestoreProblem, servers: frozenset[int]) -> float:
    """Return the hours of the longest chain among servers that hold all they wait for."""
    found: dict[int, float] = {}
    todo = sorted(servers)
    while todo:
        server = todo[-1]
        missing = [each for each in problem.before[server] if each not in found]
        if missing:
            todo += missing
            continue
        todo.pop()
        ahead = max((found[each] for each in problem.before[server]), default=0.0)
        found[server] = ahead + problem.hours[server]
    return max(found.values(), default=0.0)
