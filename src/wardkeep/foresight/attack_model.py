"""The map as an attack graph: what can be taken from where, by which step, and who notices.

Only classes of steps and their times: nothing here tells how a step is done.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from wardkeep.foresight.alike import lumped
from wardkeep.foresight.engines.attack_path import AttackGraph, attack_graph
from wardkeep.foresight.engines.chance import CONSTANT, LOGNORMAL
from wardkeep.foresight.neighbours import crossed_at
from wardkeep.foresight.parameters import STEPS, Assumptions, Step
from wardkeep.hospital.map.item import Item, named_in, reference_to
from wardkeep.hospital.map.machines import Device, Server, Workstations
from wardkeep.hospital.map.outside import RemoteAccess
from wardkeep.hospital.map.people import Account
from wardkeep.hospital.map.places import TAKEN_BY, Ports, Reach
from wardkeep.hospital.map.whole import HospitalMap

_STEPS: tuple[Step, ...] = tuple(STEPS)
_ENTERED_BY: frozenset[Ports] = frozenset({"any", "management"})
Machine = Server | Workstations | Device


class AttackModel(NamedTuple):
    """The graph; the names of its nodes; by directory domain, the node of its control.

    `watched`: further nodes of which each replica tells when they were taken. The targets of
    the graph are the domains, then these, then where the way in leads.
    """

    graph: AttackGraph
    nodes: tuple[str, ...]
    domains: Mapping[str, int]
    watched: tuple[str, ...]
    landings: tuple[str, ...]
    """The machines, and footholds in segments, to which the way in leads."""


class _Edges:
    """Nodes by name in the order of their coming, and edges between them."""

    def __init__(self) -> None:
        self.nodes: dict[str, int] = {}
        self.all_needed: set[str] = set()
        self.edges: list[tuple[int, int, int]] = []

    def node(self, name: str) -> int:
        return self.nodes.setdefault(name, len(self.nodes))

    def add(self, source: str, target: str, step: Step) -> None:
        edge = (self.node(source), self.node(target), _STEPS.index(step))
        self.edges.append(edge)


def entries(whole: HospitalMap) -> tuple[str, ...]:
    """Return the ways in that the map knows: mail to each site's offices, each access.

    Of offices that are alike the first is named.
    """
    whole = lumped(whole).whole
    offices = [f"mail to {each.id}" for each in whole.of(Workstations) if not each.ward]
    accesses = [reference_to(each) for each in whole.of(RemoteAccess) if each.targets]
    return (*offices, *accesses)


def usual_entries(whole: HospitalMap) -> tuple[str, ...]:
    """Return mail to the largest offices, and the two accesses that are guarded worst.

    By identity came 67 % of entries (Sophos 2026). Of an access, one that stands open and has
    no second factor comes first, then whoever reaches most; what nobody said counts as so.
    """
    whole = lumped(whole).whole
    offices = [each for each in whole.of(Workstations) if not each.ward]
    accesses = [each for each in whole.of(RemoteAccess) if each.targets]
    offices.sort(key=lambda each: (-each.count, each.id))
    accesses.sort(key=_guarded)
    mail = tuple(f"mail to {each.id}" for each in offices[:1])
    return (*mail, *map(reference_to, accesses[:2]))


def _guarded(access: RemoteAccess) -> tuple[bool, bool, int, str]:
    weak = (access.second_factor is True, access.standing is False)
    return (*weak, -len(access.targets), access.id)


def attack_model(whole: HospitalMap, assumed: Assumptions, entry: str) -> AttackModel:
    """Return the graph for one way in (of `entries`); raises UnsoundModelError.

    Workstations and devices that are several fall with the first of them, and it alone raises
    an alarm: `alike.lumped` puts together what is alike.
    """
    return attack_models(whole, assumed, (entry,))[0]


def attack_models(
    whole: HospitalMap, assumed: Assumptions, ways: Sequence[str]
) -> tuple[AttackModel, ...]:
    """Return the graph for each of several ways in; raises UnsoundModelError."""
    edges = _Edges()
    for step in (_ways_in, _within_segments, _with_passwords, _to_domains):
        step(whole, edges)
    starts = [edges.node(f"in|{each}") for each in ways]
    domains = {
        name.removeprefix("domain|"): number
        for name, number in edges.nodes.items()
        if name.startswith("domain|")
    }
    watched = tuple(each for each in crossed_at(whole) if each in edges.nodes)
    names = tuple(edges.nodes)
    graph = attack_graph(
        np.array([word_of(name) for name in names], np.uint64),
        _columns(edges),
        [_law(step) for step in _STEPS],
        _gates(whole, edges, assumed),
        (_STEPS.index("notice"), _STEPS.index("decide"), _STEPS.index("cut")),
        ([], [*domains.values(), *(edges.nodes[each] for each in watched)]),
    )
    led = {start: _led_to(edges, start) for start in starts}
    return tuple(
        AttackModel(
            graph._replace(
                entry=np.array([start], np.int64),
                targets=np.array([*graph.targets, *led[start]], np.int64),
            ),
            names,
            domains,
            watched,
            tuple(names[each] for each in led[start]),
        )
        for start in starts
    )


def _led_to(edges: _Edges, start: int) -> list[int]:
    """Return the machines and footholds to which a way in leads."""
    asked = {number for name, number in edges.nodes.items() if name.startswith("asked for")}
    ends = (target for source, target, _ in edges.edges if source == start)
    return [each for each in dict.fromkeys(ends) if each not in asked]


def _columns(edges: _Edges) -> tuple[list[int], list[int], list[int]]:
    rows = edges.edges
    return [row[0] for row in rows], [row[1] for row in rows], [row[2] for row in rows]


def word_of(name: str) -> int:
    """Return 64 bits of a name: what chance is hashed from, the same in every model."""
    return int.from_bytes(hashlib.blake2b(name.encode(), digest_size=8).digest(), "little")


def _law(step: Step) -> tuple[float, float, float, float]:
    law = STEPS[step]
    shape = CONSTANT if law.median == 0 else LOGNORMAL
    return shape, law.median, law.spread, law.success


def _gates(
    whole: HospitalMap, edges: _Edges, assumed: Assumptions
) -> tuple[list[int], list[float], list[int]]:
    needs = [2 if name in edges.all_needed else 1 for name in edges.nodes]
    alarms = [_alarm(name, whole.items.get(name), assumed) for name in edges.nodes]
    alike = [getattr(whole.items.get(name), "count", 1) for name in edges.nodes]
    return needs, alarms, [max(each, 1) for each in alike]


def _alarm(name: str, item: Item | None, assumed: Assumptions) -> float:
    if name.startswith("asked for a factor|"):
        return assumed.alarm_second_factor
    if not isinstance(item, Server | Workstations | Device):
        return 0.0
    watched = isinstance(item, Server | Workstations) and item.watched is True
    return assumed.alarm_watched if watched else assumed.alarm_unwatched


def _machines(whole: HospitalMap) -> Iterator[Machine]:
    yield from whole.of(Server)
    yield from whole.of(Workstations)
    yield from whole.of(Device)


def _ways_in(whole: HospitalMap, edges: _Edges) -> None:
    for group in whole.of(Workstations):
        if not group.ward:
            edges.add(f"in|mail to {group.id}", reference_to(group), "foothold")
    for access in whole.of(RemoteAccess):
        second = access.second_factor is True
        step = _through(access)
        if second:
            edges.add(
                f"in|{reference_to(access)}", f"asked for a factor|{access.id}", "foothold"
            )
        for target in named_in(access, "targets"):
            end = f"foothold|{target}" if target.startswith("segment:") else target
            edges.add(f"in|{reference_to(access)}", end, step)


def _through(access: RemoteAccess) -> Step:
    if access.second_factor is True:
        return "log-in-second-factor"
    return "supplier-access-on-request" if access.standing is False else "supplier-access"


def _within_segments(whole: HospitalMap, edges: _Edges) -> None:
    """Make a taken machine a foothold in its segment, from which others are tried."""
    for machine in _machines(whole):
        segment = f"segment:{machine.segment}"
        if not machine.segment:
            continue
        edges.add(reference_to(machine), f"foothold|{segment}", "foothold")
        edges.add(f"reached|{segment}", reference_to(machine), _exploit(machine))
        shared = isinstance(machine, Workstations) and machine.shared_administrator is True
        if shared:
            edges.add(f"shared|{segment}", reference_to(machine), "shared-administrator")
            edges.add(reference_to(machine), f"shared from|{segment}", "foothold")
    _between_segments(whole, edges)


def _between_segments(whole: HospitalMap, edges: _Edges) -> None:
    """Have what is held in a segment tried on those that it reaches."""
    reached: dict[str, set[str]] = {}
    for reach in whole.of(Reach):
        if reach.ports in TAKEN_BY:
            reached.setdefault(f"segment:{reach.target}", set()).add(f"segment:{reach.source}")
    for segment in {f"segment:{each.segment}" for each in _machines(whole) if each.segment}:
        for source in sorted({segment, *reached.get(segment, ())}):
            edges.add(f"foothold|{source}", f"reached|{segment}", "foothold")
            if f"shared from|{source}" in edges.nodes and f"shared|{segment}" in edges.nodes:
                edges.add(f"shared from|{source}", f"shared|{segment}", "foothold")


def _exploit(machine: Machine) -> Step:
    said = machine.patchable if isinstance(machine, Device) else machine.patched
    if said is None:
        return "exploit-unknown"
    return "exploit-patched" if said else "exploit-unpatched"


def _with_passwords(whole: HospitalMap, edges: _Edges) -> None:
    """Have a password stolen where it is used; it opens what it administers, if reached."""
    in_segment: dict[str, list[Machine]] = {}
    for machine in _machines(whole):
        in_segment.setdefault(f"segment:{machine.segment}", []).append(machine)
    _entered(whole, edges, in_segment)
    for account in whole.of(Account):
        for session in named_in(account, "sessions"):
            edges.add(session, f"password|{account.id}", "steal-credential")
        _usable(edges, account)
        for machine in _administered(whole, account, in_segment):
            both = _password_and_way(edges, account.id, f"segment:{machine.segment}")
            edges.add(both, reference_to(machine), "log-in")


def _usable(edges: _Edges, account: Account) -> None:
    """Have a password open its account: at once, or past a second factor, which is one hurdle.

    Drawn for each machine anew, of many machines one would always open.
    """
    password, usable = f"password|{account.id}", f"usable|{account.id}"
    if account.second_factor is not True:
        edges.add(password, usable, "foothold")
        return
    edges.add(password, usable, "log-in-second-factor")
    edges.add(password, f"asked for a factor|{account.id}", "foothold")


def _entered(whole: HospitalMap, edges: _Edges, segments: Iterable[str]) -> None:
    entered: dict[str, list[str]] = {}
    for reach in whole.of(Reach):
        if reach.ports in _ENTERED_BY:
            entered.setdefault(f"segment:{reach.target}", []).append(f"segment:{reach.source}")
    for segment in segments:
        for source in sorted({segment, *entered.get(segment, ())}):
            edges.add(f"foothold|{source}", f"entered|{segment}", "foothold")


def _password_and_way(edges: _Edges, account: str, segment: str) -> str:
    both = f"password and way|{account}|{segment}"
    if both not in edges.all_needed:
        edges.all_needed.add(both)
        edges.add(f"usable|{account}", both, "foothold")
        edges.add(f"entered|{segment}", both, "foothold")
    return both


def _administered(
    whole: HospitalMap, account: Account, in_segment: Mapping[str, Iterable[Machine]]
) -> Iterator[Machine]:
    for target in named_in(account, "administers"):
        if target.startswith("segment:"):
            yield from (each for each in in_segment.get(target, ()) if _opens(account, each))
        else:
            item = whole.items.get(target)
            if isinstance(item, Server | Workstations | Device):
                yield item


def _opens(account: Account, machine: Machine) -> bool:
    if isinstance(machine, Device):
        return False
    return machine.domain == account.domain


def _to_domains(whole: HospitalMap, edges: _Edges) -> None:
    """Who holds a server of tier 0 of a domain can come to hold the domain."""
    for server in whole.of(Server):
        if server.tier == 0 and server.domain:
            edges.add(reference_to(server), f"domain|{server.domain}", "take-domain")
