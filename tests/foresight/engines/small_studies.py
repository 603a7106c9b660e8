"""Small studies with every engine, told bit by bit: the same whoever computes them."""

from __future__ import annotations

import numpy as np

from wardkeep.foresight.engines import attack_path, chance, lumped_spread, percolation


def complete(hosts: int) -> tuple[np.ndarray, np.ndarray]:
    """Return the edges of a net in which everybody reaches everybody."""
    sources, targets = np.nonzero(~np.eye(hosts, dtype=bool))
    return sources, targets


def chain(hosts: int) -> tuple[np.ndarray, np.ndarray]:
    """Return the edges of a net in which each host reaches the next."""
    return np.arange(hosts - 1), np.arange(1, hosts)


def told() -> str:
    """Return the results as text in which no bit is rounded."""
    hours = [0.02, 0.05, 0.1]
    net = percolation.contacts(range(12), complete(12), np.ones(132), [0])
    by_host = percolation.spread(net, 5, range(6), hours, 0.4)
    flat = lumped_spread.groups(range(3), complete(3), [0.5] * 6, [4, 5, 6], [1, 0, 0])
    by_group = lumped_spread.spread(flat, 5, range(6), hours, 0.4)
    by_step = attack_path.attacks(_steps(), 5, range(6))
    counts = np.array([chance.binomial(90, 0.3, each / 9) for each in range(1, 9)])
    tables = (*by_host, *by_group, *by_step, counts)
    return "\n".join(f"{table.tobytes().hex()}" for table in tables)


def _steps() -> attack_path.AttackGraph:
    """Return two ways in, an account's secret that both reach, and what needs it and reach."""
    sources, targets, laws = [0, 0, 1, 2, 3, 1, 4], [1, 2, 3, 3, 4, 4, 5], [0, 1, 1, 2, 3, 3, 2]
    return attack_path.attack_graph(
        range(6),
        (sources, targets, laws),
        [(1, 2, 0, 0.8), (2, 1, 0.7, 0.9), (1, 1, 0, 1), (0, 0, 0, 1)],
        ([1, 1, 1, 1, 2, 1], [0, 0.2, 0.2, 0.5, 0, 0], [1, 1, 5, 1, 1, 1]),
        (2, 2, 2),
        ([0], [4, 5]),
    )
