"""Small studies with every engine, told bit by bit: the same whoever computes them."""

from __future__ import annotations

import numpy as np

from wardkeep.foresight.engines import lumped_spread, percolation


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
    by_group = lumped_spread.spread(
        lumped_spread.pushed(flat, [True, False, True], 30), 5, range(6), hours, 0.4
    )
    tables = (*by_host, *by_group)
    return "\n".join(f"{table.tobytes().hex()}" for table in tables)
