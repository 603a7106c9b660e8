"""Another hospital or a supplier is struck now: what links us to it, and what each cut costs.

After the strike of May 2022 the hospitals of the neighbouring country had to answer exactly
this of their exchanges with the struck group and of the doctors who work in both.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator

import msgspec

from wardkeep.hospital.map.errors import NotOnTheMapError
from wardkeep.hospital.map.falls import ServiceFall, what_falls
from wardkeep.hospital.map.item import Item, named_in, reference_to
from wardkeep.hospital.map.machines import Application, Device, Server, Workstations
from wardkeep.hospital.map.outside import Channel, Exchange, Neighbour, RemoteAccess, Supplier
from wardkeep.hospital.map.people import Account
from wardkeep.hospital.map.places import TAKEN_BY, Reach
from wardkeep.hospital.map.whole import HospitalMap
from wardkeep.kernel.wording import N_

_CROSSES: frozenset[Channel] = frozenset({"infection", "credentials"})


class Link(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that links us to who is struck.

    `channels`: how harm may cross; empty where nobody said. `ends_at`: where it comes in.
    `machines` can be taken from there through one more segment at most, `first_tier` of them
    control the others (tier 0). `can_be_cut` by us; None: NOT RECORDED. `services` and `home`:
    what works worse without it, which no map says of accesses and accounts; `when_cut`: what
    care does then, as the map says it.
    """

    item: str
    name: str
    channels: tuple[Channel, ...]
    ends_at: tuple[str, ...]
    machines: int
    first_tier: int
    can_be_cut: bool | None
    services: tuple[ServiceFall, ...]
    home: tuple[str, ...]
    when_cut: str

    @property
    def patients_a_day(self) -> float:
        """Patients a day of the services that work worse without it."""
        return sum(each.patients_a_day or 0 for each in self.services)

    @property
    def is_way_in_alone(self) -> bool:
        """Whether it is an access or account: no map says which care works by it."""
        return self.item.startswith(("access:", "account:"))

    @property
    def may_carry_the_attack(self) -> bool:
        """Whether it must be thought of as a way in: said, or nobody said that it is none."""
        return not self.channels or not _CROSSES.isdisjoint(self.channels)


class Assessment(msgspec.Struct, frozen=True, kw_only=True):
    """All links, those to cut first at the top; what falls when all that is theirs is gone.

    Theirs are exchanges and the systems that they keep running, accesses and accounts not.

    `not_recorded`: what the map would have to say for this page to be whole.
    """

    struck: str
    name: str
    links: tuple[Link, ...]
    without_them: tuple[ServiceFall, ...]
    not_recorded: tuple[str, ...]


def assess(whole: HospitalMap, name: str) -> Assessment:
    """Return what links us to a neighbour or supplier, by its id, `kind:id` or name.

    Raises NotOnTheMapError, with those that are.
    """
    struck = struck_one(whole, name)
    reference = reference_to(struck)
    links = sorted(
        _links(whole, reference),
        key=lambda each: (
            not each.may_carry_the_attack,
            each.patients_a_day,
            -each.first_tier,
            -each.machines,
            each.item,
        ),
    )
    gone = [reference, *(each.item for each in links if not each.is_way_in_alone)]
    return Assessment(
        struck=reference,
        name=struck.name or struck.id,
        links=tuple(links),
        without_them=what_falls(whole, gone).services,
        not_recorded=tuple(f"{each.item}: {each.what}" for each in missing(whole, links)),
    )


def struck_one(whole: HospitalMap, name: str) -> Neighbour | Supplier:
    """Return the neighbour or supplier of a name; raises NotOnTheMapError."""
    known: list[Neighbour | Supplier] = [*whole.of(Neighbour), *whole.of(Supplier)]
    wanted = _plain(name)
    exact = [
        each
        for each in known
        if wanted in {_plain(reference_to(each)), _plain(each.id), _plain(each.name)}
    ]
    found = exact or [each for each in known if wanted and wanted in _plain(each.name)]
    if len(found) == 1:
        return found[0]
    listed = ", ".join(f"{reference_to(each)} ({each.name})" for each in found or known)
    if found:
        raise NotOnTheMapError(
            f"{name!r} may be any of several: {listed}", advice="Name one as kind:id."
        )
    raise NotOnTheMapError(
        f"{name!r} is no neighbour and no supplier on the map",
        advice=f"It knows {listed or 'none'}; import neighbours, exchanges and accesses.",
    )


def _plain(text: str) -> str:
    apart = unicodedata.normalize("NFKD", text)
    return "".join(each for each in apart if not unicodedata.combining(each)).casefold().strip()


def _links(whole: HospitalMap, struck: str) -> Iterator[Link]:
    for exchange in whole.of(Exchange):
        if struck in named_in(exchange, "neighbour"):
            yield _link(whole, exchange, exchange.channels, named_in(exchange, "ends_at"))
    for access in whole.of(RemoteAccess):
        if struck in named_in(access, "supplier"):
            yield _link(
                whole, access, ("infection", "credentials"), named_in(access, "targets")
            )
    for account in whole.of(Account):
        if struck in named_in(account, "also_in", "supplier"):
            ends = named_in(account, "sessions", "administers")
            yield _link(whole, account, ("credentials",), ends)
    for item in _kept_by(whole, struck):
        yield _link(whole, item, ("dependency",), ())


def _kept_by(whole: HospitalMap, struck: str) -> Iterator[Application | Device | Server]:
    """Yield what a supplier keeps running; of an application's servers, the application."""
    kept = [each for each in whole.of(Application) if struck in named_in(each, "supplier")]
    told = {server for each in kept for server in named_in(each, "servers")}
    yield from kept
    yield from (each for each in whole.of(Device) if struck in named_in(each, "supplier"))
    for server in whole.of(Server):
        if struck in named_in(server, "supplier") and reference_to(server) not in told:
            yield server


def _link(
    whole: HospitalMap,
    item: Exchange | RemoteAccess | Account | Application | Device | Server,
    channels: tuple[Channel, ...],
    ends_at: tuple[str, ...],
) -> Link:
    machines, first_tier = _within_reach(whole, ends_at)
    ours = isinstance(item, RemoteAccess | Account)
    cut = None if ours else what_falls(whole, [reference_to(item)])
    return Link(
        item=reference_to(item),
        name=item.name,
        channels=channels,
        ends_at=ends_at,
        machines=machines,
        first_tier=first_tier,
        can_be_cut=item.can_be_cut if isinstance(item, Exchange) else True,
        services=cut.services if cut else (),
        home=cut.home if cut else (),
        when_cut=item.when_cut if isinstance(item, Exchange) else "",
    )


def _within_reach(whole: HospitalMap, ends_at: Iterable[str]) -> tuple[int, int]:
    """Return machines, and those of tier 0, in the segments of an end and one segment on."""
    segments = {each for end in ends_at for each in _segments(whole, end)}
    onward = {
        f"segment:{reach.target}"
        for reach in whole.of(Reach)
        if reach.ports in TAKEN_BY and f"segment:{reach.source}" in segments
    }
    within = segments | onward
    machines = first_tier = 0
    for server in whole.of(Server):
        if f"segment:{server.segment}" in within:
            machines += 1
            first_tier += server.tier == 0
    others: list[Workstations | Device] = [*whole.of(Workstations), *whole.of(Device)]
    machines += sum(each.count for each in others if f"segment:{each.segment}" in within)
    return machines, first_tier


def _segments(whole: HospitalMap, end: str) -> tuple[str, ...]:
    if end.startswith("segment:"):
        return (end,)
    item = whole.items.get(end)
    if isinstance(item, Application):
        servers = (whole.items.get(each) for each in named_in(item, "servers"))
        return tuple(f"segment:{each.segment}" for each in servers if isinstance(each, Server))
    if isinstance(item, Server | Workstations | Device) and item.segment:
        return (f"segment:{item.segment}",)
    return ()


class Missing(msgspec.Struct, frozen=True):
    """What the map would have to say of a link and does not, in English, to be translated."""

    item: str
    what: str


def missing(whole: HospitalMap, links: Iterable[Link]) -> Iterator[Missing]:
    """Yield what is not recorded of the links, link by link."""
    for link in links:
        for what in _lacks(link, whole.items[link.item]):
            yield Missing(link.item, what)


def _lacks(link: Link, item: Item) -> Iterator[str]:
    if isinstance(item, Exchange):
        if not item.channels:
            yield N_("how harm may cross it")
        if link.can_be_cut is None:
            yield N_("whether it can be cut by us")
        if not item.when_cut:
            yield N_("what care does when it is cut")
    if isinstance(item, RemoteAccess) and item.standing is None:
        yield N_("whether it stands open")
    if isinstance(item, RemoteAccess | Account) and item.second_factor is None:
        yield N_("whether a second factor guards it")
    if not link.ends_at and not isinstance(item, Application | Device | Server):
        yield N_("where it comes in")
