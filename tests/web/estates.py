"""Maps for the pages: the sample hospital's, a small one with hostile text, a huge one."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import cast

from tests.foresight.restoring.estates import sample
from tests.web.handmade import HOSTILE, NOW

from wardkeep.adapters.errors import MapUnreadableError
from wardkeep.hospital.map.care import Fallback, Mode, Need, Service
from wardkeep.hospital.map.item import Item
from wardkeep.hospital.map.machines import Application, Server, Workstations
from wardkeep.hospital.map.outside import Channel, Exchange, Neighbour, RemoteAccess, Supplier
from wardkeep.hospital.map.places import Place, Segment
from wardkeep.hospital.map.whole import AnyItem, HospitalMap, Layer, merged
from wardkeep.kernel.times import DAY
from wardkeep.web.map_port import KnownMap, MapPart

AS_OF = NOW - 3 * DAY

SMALL: Sequence[Item] = (
    Place(id="val", name="Val", beds=200),
    Segment(id="room", site="val", zone="servers"),
    Server(id="hv", name=HOSTILE, site="val", segment="room", tier=0),
    Server(id="lis1", site="val", segment="room", host="hv", tier=1, note="x" * 10_000),
    Server(id="lost", name="W" * 10_000),
    Workstations(id="pc", site="val", segment="room", count=40),
    Application(id="lis", name="Laboratory system", servers=("lis1",), supplier="acme"),
    Service(id="lab", name="Laboratory", site="val", a_day=480),
    Service(id="pharmacy", name="Pharmacy", site="val"),
    Need(id="n1", service="lab", of=("application:lis",)),
    Need(id="n2", service="pharmacy", of=("server:gone",), without=Mode.DEGRADED),
    Fallback(id="f", service="lab", mode=Mode.PAPER, share=0.5, holds_hours=72),
    Supplier(id="acme", name="Acme"),
    RemoteAccess(id="vpn", supplier="supplier:acme", targets=("server:lis1",)),
)


class Desk:
    """A map that is known already; or none that can be read."""

    def __init__(self, known: KnownMap | None) -> None:
        self.found = known

    def known(self) -> KnownMap:
        if self.found is None:
            raise MapUnreadableError("map/servers.server.age: it is damaged")
        return self.found


def known(*items: Item) -> KnownMap:
    told = tuple(cast("AnyItem", each) for each in items)
    layer = Layer(source="inventory", part="server", rank=1, at=AS_OF, items=told)
    return KnownMap(merged([layer]), (MapPart("inventory", "server", AS_OF, len(told)),))


def small() -> KnownMap:
    return known(*SMALL)


@cache
def known_sample() -> KnownMap:
    return known(*sample().items.values())


@cache
def known_entangled() -> KnownMap:
    return known(*sample().items.values(), *entangling())


@cache
def huge() -> KnownMap:
    """50,000 servers of one site that one hypervisor carries, and 2,000 sites more."""
    return known(
        *SMALL,
        *(
            Server(id=f"s{n}", site="val", segment=f"net{n % 300}", host="hv", tier=n % 3)
            for n in range(50_000)
        ),
        *(Place(id=f"p{n}") for n in range(2_000)),
        *(Workstations(id=f"w{n}", site=f"p{n}", count=3) for n in range(2_000)),
    )


ENTANGLED = Neighbour(id="many", name="Centre hospitalier universitaire de la Grande-Vallée")


def entangling() -> list[Item]:
    """Thirty exchanges with long names with one neighbour, of which nobody said much."""
    name = "Échange de résultats et d'images avec le service des urgences et la maternité"
    found: list[Item] = [ENTANGLED]
    for n in range(30):
        channels: tuple[Channel, ...] = () if n % 2 else ("dependency", "disconnection")
        ends = tuple(f"server:dpi{place:02}" for place in range(1, 6))
        found += [
            Exchange(
                id=f"x{n}",
                name=f"{name} {n}",
                neighbour="many",
                channels=channels,
                ends_at=ends,
            ),
            Need(id=f"x{n}", service="laboratoire", of=(f"exchange:x{n}",)),
            Need(id=f"y{n}", service="imagerie-hr", of=(f"exchange:x{n}",)),
            Need(id=f"z{n}", service="maisons", of=(f"exchange:x{n}",)),
        ]
    needs = (each.id for each in sample().of(Service))
    return [
        *found,
        *(
            Need(id=f"s{n}", service=each, of=("exchange:x0",), without=Mode.DEGRADED)
            for n, each in enumerate(needs)
        ),
    ]


NOTHING = KnownMap(HospitalMap({}))
