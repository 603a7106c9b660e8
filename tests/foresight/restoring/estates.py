"""Maps to lose servers of: a small hospital, and the sample hospital's."""

from __future__ import annotations

from functools import cache
from typing import cast

from wardkeep.hospital.map.care import Fallback, Mode, Need, Service
from wardkeep.hospital.map.item import Item, reference_to
from wardkeep.hospital.map.machines import Application, Server
from wardkeep.hospital.map.places import Place, Segment
from wardkeep.hospital.map.table import TableMapping, read_table
from wardkeep.hospital.map.whole import KINDS, AnyItem, HospitalMap
from wardkeep.sample.estate import tables

SMALL = (
    Place(id="hr"),
    Segment(id="room", site="hr"),
    Segment(id="empty"),
    Server(id="hv", site="hr", segment="room", tier=0, restore_hours=4),
    Server(id="ad1", segment="room", host="hv", tier=0, restore_hours=6),
    Server(id="ad2", segment="room", tier=0, restore_hours=7),
    Server(id="lis", segment="room", restored_after=("ad1",), tier=1, restore_hours=3),
    Server(id="record", restored_after=("ad1",), tier=1),
    Server(id="games", restore_hours=1),
    Application(id="directory", servers=("ad1", "ad2"), servers_needed=1),
    Application(id="laboratory", servers=("lis",), needs=("directory",)),
    Application(id="charts", servers=("record",), needs=("directory", "laboratory")),
    Service(id="lab", name="Laboratory", a_day=480),
    Need(id="n1", service="lab", of=("laboratory",)),
    Fallback(
        id="f", service="lab", mode=Mode.PAPER, share=0.5, holds_hours=72, share_after=0.25
    ),
    Service(id="wards", name="Wards", a_day=240),
    Need(id="n2", service="wards", of=("charts",), without=Mode.DEGRADED),
)


def map_of(*items: Item) -> HospitalMap:
    return HospitalMap({reference_to(each): cast("AnyItem", each) for each in items})


@cache
def sample() -> HospitalMap:
    """The map that comes with the product."""
    items: list[Item] = []
    for kind, rows in tables().items():
        headings = list(dict.fromkeys(name for row in rows for name in row))
        texts = [[_text(row.get(name)) for name in headings] for row in rows]
        mapping = TableMapping(kind=kind)
        items += read_table(KINDS[kind], headings, enumerate(texts), mapping).items
    return map_of(*items)


def _text(said: object) -> str:
    return "" if said is None else str(said)
