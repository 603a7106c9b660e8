"""Nets for the benchmarks of foresight: hosts in segments, contacts, steps of an attack."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from wardkeep.foresight.engines.attack_path import AttackGraph, attack_graph
from wardkeep.foresight.engines.chance import CONSTANT, EXPONENTIAL, LOGNORMAL
from wardkeep.foresight.engines.lumped_spread import Groups, in_cells

SEGMENT = 125
Pairs = tuple[NDArray[np.int64], NDArray[np.int64]]
# Laws of steps, in hours. Synthetic: they set how much an engine has to do, not what is true.
SURE, REACH, LATERAL, SECRET, EXPLOIT, SESSION, NOTICE, DECIDE, CUT = range(9)
LAWS = [
    (CONSTANT, 0, 0, 1),
    (EXPONENTIAL, 4, 0, 0.9),
    (LOGNORMAL, 6, 1.0, 0.35),
    (LOGNORMAL, 3, 1.0, 0.6),
    (LOGNORMAL, 8, 1.0, 0.5),
    (LOGNORMAL, 1, 1.0, 0.9),
    (LOGNORMAL, 3, 1.0, 1),
    (LOGNORMAL, 1, 0.7, 1),
    (LOGNORMAL, 1, 0.7, 1),
]


def contacts_of(hosts: int, seed: int) -> NDArray[np.int64]:
    """Return undirected contacts, two rows: mean degree 10, 70 % within segments of 125.

    The rest go to servers, one host of twenty, three times in four.
    """
    chance = np.random.default_rng(seed)
    links = 5 * hosts
    near = chance.random(links) < 0.7
    one = chance.integers(0, hosts, links)
    begin = one // SEGMENT * SEGMENT
    beside = begin + chance.integers(0, SEGMENT, links)
    anywhere = chance.integers(0, hosts, links)
    servers = chance.integers(0, max(1, hosts // 20), links) * 20
    far = np.where(chance.random(links) < 0.75, servers, anywhere)
    two = np.minimum(np.where(near, beside, far), hosts - 1)
    low, high = np.minimum(one, two), np.maximum(one, two)
    keep = low != high
    return np.unique(np.stack([low[keep], high[keep]]), axis=1)


def estate(hosts: int, seed: int, alarm: float) -> AttackGraph:
    """Return steps of an attack on an estate: some 1.4 nodes and 9 edges a host.

    Hosts give a foothold in their segment, secrets of accounts and neighbours; footholds give
    reach to nine segments; reach gives exploits, and with an account's secret more hosts.
    """
    chance = np.random.default_rng(seed)
    segments, accounts = -(-hosts // SEGMENT), max(1, hosts // 10)
    exploits, sessions = hosts // 10, hosts // 5
    host = np.arange(hosts)
    foothold = hosts
    reach = foothold + segments
    account = reach + segments
    exploit = account + accounts
    session = exploit + exploits
    count = session + sessions
    segment = host // SEGMENT
    hit = chance.integers(0, hosts, exploits)
    opened = chance.integers(0, hosts, sessions)
    beside = segment.repeat(5) * SEGMENT + chance.integers(0, SEGMENT, 5 * hosts)
    near = np.arange(segments).repeat(8)
    edges = [
        (host, foothold + segment, SURE),
        (foothold + np.arange(segments), reach + np.arange(segments), SURE),
        (foothold + near, reach + chance.integers(0, segments, 8 * segments), REACH),
        (host.repeat(5), np.minimum(beside, hosts - 1), LATERAL),
        (host.repeat(2), account + chance.integers(0, accounts, 2 * hosts), SECRET),
        (reach + segment[hit], exploit + np.arange(exploits), SURE),
        (exploit + np.arange(exploits), hit, EXPLOIT),
        (reach + segment[opened], session + np.arange(sessions), SURE),
        (account + chance.integers(0, accounts, sessions), session + np.arange(sessions), SURE),
        (session + np.arange(sessions), opened, SESSION),
    ]
    needs, alarms = np.ones(count, np.int64), np.zeros(count)
    needs[session:] = 2
    alarms[:hosts] = alarm
    return attack_graph(
        np.arange(count),
        (
            np.concatenate([each[0] for each in edges]),
            np.concatenate([each[1] for each in edges]),
            np.concatenate([np.full(len(each[0]), each[2]) for each in edges]),
        ),
        LAWS,
        (needs, alarms),
        (NOTICE, DECIDE, CUT),
        ([0], [hosts - 1]),
    )


def segments_of(hosts: int, groups_a_segment: int, remote: int, seed: int) -> Groups:
    """Return flat segments of 125 hosts in groups (patched or not), each reaching others.

    A host infects each other of its segment at 1/124 an hour, each of `remote` other segments
    at a hundredth of that; a patched group is hit at a third of the rate.
    """
    chance = np.random.default_rng(seed)
    segments = -(-hosts // SEGMENT)
    count = segments * groups_a_segment
    size = SEGMENT // groups_a_segment
    sizes = np.full(count, size)
    sizes[::groups_a_segment] += SEGMENT - size * groups_a_segment
    others = chance.integers(0, segments, (segments, remote))
    reached = np.concatenate([np.arange(segments)[:, None], others], axis=1)
    shape = (segments, groups_a_segment, remote + 1)
    source = np.broadcast_to(np.arange(count).reshape(segments, -1, 1), shape)
    target = np.broadcast_to(reached[:, None, :], shape)
    rate = np.full(shape, 1 / 12_400)
    rate[:, :, 0] = 1 / 124
    first = np.zeros(count, np.int64)
    first[0] = 1
    ease = np.where(np.arange(count) % groups_a_segment == 0, 1.0, 1 / 3)
    cells = (np.arange(count) // groups_a_segment, ease)
    edges = (source.ravel(), target.ravel(), rate.ravel())
    return in_cells(np.arange(count), cells, edges, sizes, first)
