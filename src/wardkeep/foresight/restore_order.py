"""The order in which a forecast restores: the plan's greedy over all servers, made once."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from wardkeep.foresight.engines.restore_hours import Jobs
from wardkeep.foresight.restoring.estate import lost_estate
from wardkeep.foresight.restoring.numbers import PlanNumbers
from wardkeep.foresight.restoring.search import greedy_order
from wardkeep.hospital.map.item import reference_to
from wardkeep.hospital.map.machines import Server
from wardkeep.hospital.map.whole import HospitalMap


def restore_jobs(
    whole: HospitalMap, nodes: Mapping[str, int], crews: int
) -> tuple[Jobs, list[Server]]:
    """Return every server as a job in the order of the plan, and the servers in that order.

    `nodes`: the number of each server's node. Raises RestoreCycleError.
    """
    servers = {each.id: each for each in whole.of(Server)}
    problem = lost_estate(whole, tuple(servers), crews, PlanNumbers()).problem
    order = greedy_order(problem)
    place = {server: number for number, server in enumerate(order)}
    rows = [[place[each] for each in problem.before[server]] for server in order]
    names = [problem.servers[each] for each in order]
    jobs = Jobs(
        np.array([nodes[reference_to(servers[name])] for name in names], np.int32),
        np.array([problem.hours[each] for each in order], np.float64),
        np.cumsum([0, *map(len, rows)], dtype=np.int64),
        np.array([each for row in rows for each in row], np.int32),
    )
    return jobs, [servers[name] for name in names]
