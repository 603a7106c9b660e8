"""One person, two records: A40 joins them (HL7 v2.5.1, 3.3.40)."""

from __future__ import annotations

from wardkeep.chart.model import Source
from wardkeep.sample.admissions import FEED
from wardkeep.sample.desk import Desk
from wardkeep.sample.group import AUTHORITY, SENDERS
from wardkeep.sample.hl7 import segment
from wardkeep.sample.world import Person

_OFFSET = SENDERS[FEED].offset


def merge(desk: Desk, old: Person, survivor: Person) -> None:
    """Tell that `old` is `survivor`, whose number remains."""
    stamp = desk.clock.stamp(desk.now, offset=_OFFSET)
    segments = [
        segment("EVN", {1: "A40", 2: stamp, 5: "ADM02", 6: stamp}),
        survivor.pid,
        segment("MRG", {1: f"{old.record}^^^{AUTHORITY}^MR"}),
    ]

    def tell(source: Source) -> None:
        survivor.take_over(old)
        if survivor.said is None or survivor.said.event <= source.event:
            survivor.said = source
        survivor.said_aside = False

    desk.send(FEED, "ADT^A40^ADT_A39", desk.now, segments, tell)
