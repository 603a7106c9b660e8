"""What an attack on this house would do to its neighbours, by the channel it takes.

Infection: a machine at which an exchange with the neighbour ends was taken, or lies in a domain
that was. Credentials: a password that is used in both houses was stolen. Dependency: what the
neighbour needs of this house stopped. Disconnection: the attack is seen, and links are cut in
defence, as at CHU Saint-Pierre in 2023, whose neighbours lost more by that than by malware.
What happens behind the neighbour's own door is its own map's to say.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import msgspec
import numpy as np
from numpy.typing import NDArray

from wardkeep.foresight.engines.whole_attack import Replicas
from wardkeep.foresight.figures import Range, range_of
from wardkeep.hospital.map.item import named_in, reference_to
from wardkeep.hospital.map.machines import Application, Server
from wardkeep.hospital.map.outside import Channel, Exchange, Neighbour
from wardkeep.hospital.map.people import Account
from wardkeep.hospital.map.whole import HospitalMap

CHANNELS: tuple[Channel, ...] = ("infection", "credentials", "dependency", "disconnection")


class NeighbourHit(msgspec.Struct, frozen=True, kw_only=True):
    """How often an attack on this house reaches a neighbour by one channel.

    `share`: of all attacks that were drawn, those that were stopped in time among them; None
    where the map says that passwords are shared and not whose. `over`: the exchanges and
    accounts over which it may. `hours`: of `dependency`, the hours without what it needs, over
    the attacks that encrypted; None otherwise, and where none did.
    """

    neighbour: str
    name: str
    channel: Channel
    share: float | None
    over: tuple[str, ...]
    hours: Range | None = None


def depended_on(whole: HospitalMap) -> tuple[str, ...]:
    """Return the exchanges on which a neighbour depends."""
    found = (each for each in whole.of(Exchange) if "dependency" in each.channels)
    return tuple(reference_to(each) for each in found)


def crossed_at(whole: HospitalMap) -> tuple[str, ...]:
    """Return the nodes of the attack graph from which an attack may cross to a neighbour."""
    nodes: dict[str, None] = {}
    for exchange in whole.of(Exchange):
        if "infection" in exchange.channels:
            nodes.update(dict.fromkeys(_ends(whole, exchange)))
    nodes.update((f"password|{each.id}", None) for each in whole.of(Account) if each.also_in)
    return tuple(nodes)


def neighbours_hit(
    whole: HospitalMap, columns: tuple[tuple[str, ...], tuple[str, ...]], made: Replicas
) -> tuple[NeighbourHit, ...]:
    """Return each neighbour and channel that the map tells of, in the order of CHANNELS.

    `columns`: the names of those of `made.taken` (domains as `domain|NAME`, then nodes) and of
    `made.links`.
    """
    taken, links = columns
    place = {name: number for number, name in enumerate(taken)}
    return tuple(
        hit
        for neighbour in whole.of(Neighbour)
        for hit in (
            *_infected(whole, neighbour, place, made),
            *_opened(whole, neighbour, place, made),
            *_without(whole, neighbour, links, made),
            *_cut_off(whole, neighbour, made),
        )
    )


def _exchanges(whole: HospitalMap, neighbour: Neighbour, channel: Channel) -> list[Exchange]:
    own = reference_to(neighbour)
    return [
        each
        for each in whole.of(Exchange)
        if channel in each.channels and own in named_in(each, "neighbour")
    ]


def _infected(
    whole: HospitalMap, neighbour: Neighbour, place: dict[str, int], made: Replicas
) -> Iterator[NeighbourHit]:
    over = _exchanges(whole, neighbour, "infection")
    nodes = {name for each in over for name in (*_ends(whole, each), *_domains(whole, each))}
    if over:
        yield _hit(neighbour, "infection", _any(made, place, nodes), map(reference_to, over))


def _opened(
    whole: HospitalMap, neighbour: Neighbour, place: dict[str, int], made: Replicas
) -> Iterator[NeighbourHit]:
    own = reference_to(neighbour)
    accounts = [each for each in whole.of(Account) if own in named_in(each, "also_in")]
    over = [*accounts, *_exchanges(whole, neighbour, "credentials")]
    if over:
        stolen = _any(made, place, {f"password|{each.id}" for each in accounts})
        hit = _hit(neighbour, "credentials", stolen, map(reference_to, over))
        yield hit if accounts else msgspec.structs.replace(hit, share=None)


def _without(
    whole: HospitalMap, neighbour: Neighbour, links: tuple[str, ...], made: Replicas
) -> Iterator[NeighbourHit]:
    over = [reference_to(each) for each in _exchanges(whole, neighbour, "dependency")]
    if over:
        hours = made.links[:, [links.index(each) for each in over]].max(axis=1)
        hit = _hit(neighbour, "dependency", hours > 0, over)
        struck = np.isfinite(made.detonated)
        yield msgspec.structs.replace(hit, hours=range_of(hours[struck]))


def _cut_off(
    whole: HospitalMap, neighbour: Neighbour, made: Replicas
) -> Iterator[NeighbourHit]:
    over = _exchanges(whole, neighbour, "disconnection")
    if over:
        seen = np.isfinite(made.detonated) | np.isfinite(made.cut)
        yield _hit(neighbour, "disconnection", seen, map(reference_to, over))


def _hit(
    neighbour: Neighbour, channel: Channel, rows: NDArray[np.bool_], over: Iterable[str]
) -> NeighbourHit:
    return NeighbourHit(
        neighbour=reference_to(neighbour),
        name=neighbour.name,
        channel=channel,
        share=float(rows.mean()) if rows.size else 0.0,
        over=tuple(over),
    )


def _any(made: Replicas, place: dict[str, int], nodes: Iterable[str]) -> NDArray[np.bool_]:
    """Return the replicas in which one of some nodes was taken."""
    columns = [place[each] for each in nodes if each in place]
    return np.asarray(np.isfinite(made.taken[:, columns]).any(axis=1), np.bool_)


def _servers(whole: HospitalMap, exchange: Exchange) -> Iterator[Server]:
    for end in named_in(exchange, "ends_at"):
        item = whole.items.get(end)
        names = named_in(item, "servers") if isinstance(item, Application) else (end,)
        found = (whole.items.get(each) for each in names)
        yield from (each for each in found if isinstance(each, Server))


def _ends(whole: HospitalMap, exchange: Exchange) -> Iterator[str]:
    for end in named_in(exchange, "ends_at"):
        if end.startswith("segment:"):
            yield f"foothold|{end}"
    yield from (reference_to(each) for each in _servers(whole, exchange))


def _domains(whole: HospitalMap, exchange: Exchange) -> Iterator[str]:
    yield from (f"domain|{each.domain}" for each in _servers(whole, exchange) if each.domain)
