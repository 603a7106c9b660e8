"""Cuts the packs of a whole house from the charts: pharmacy, laboratory, kitchen and others."""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Sequence
from typing import Protocol

from wardkeep.adapters.pack_builder import WardCharts
from wardkeep.adapters.tall_man_lists import tall_man_list
from wardkeep.adapters.typst_press import Typeset, typeset_list
from wardkeep.adapters.typst_words import translator
from wardkeep.chart.model import PatientChart
from wardkeep.chart.ports import Unread, WardSummary
from wardkeep.hospital.site import Site
from wardkeep.pack.contents import UNREAD_TOLD
from wardkeep.pack.kinds import TELLS_OF_OTHERS, house_pack
from wardkeep.pack.whole_house import HouseData, HouseWard, PackKind
from wardkeep.paper.sheet_code import sheet_number

_SHEET_BITS = 40


class HouseCharts(WardCharts, Protocol):
    """What the lists of a house are cut from: a part of the stores of charts."""

    def records(self) -> list[str]:
        """Return the record number of everybody in the charts."""
        ...

    def patient(self, record: str) -> PatientChart | None:
        """Return a chart."""
        ...


def house_data(
    charts: HouseCharts,
    site: Site,
    kind: PackKind,
    asked: WardSummary | None,
    now: int,
    witness: str,
) -> HouseData:
    """Return what a pack of `kind` is cut from at `now`: of the ward asked for, or of all.

    For one card it holds no patient: only how fresh the house's streams are.
    """
    summaries = () if kind is PackKind.CARD else (asked,) if asked else tuple(charts.wards())
    wards = tuple(_ward(charts, summary, now) for summary in summaries)
    code = asked.ward if asked else None
    return HouseData(
        kind=kind,
        ward=code or "",
        wards=wards,
        others=tuple(_others(charts, wards)) if kind in TELLS_OF_OTHERS and not code else (),
        streams=tuple(charts.streams(now, code)),
        site=site,
        now=now,
        sheet=sheet_number(secrets.randbits(_SHEET_BITS)),
        witness=witness,
        # What could not be read is told by feed; about whom stands in the wards' packs.
        unread=Unread(feeds=charts.unread(summaries[0].ward, now - UNREAD_TOLD).feeds)
        if summaries
        else Unread(),
        look_alikes=tall_man_list(site.paper.tall_man),
    )


def _ward(charts: HouseCharts, summary: WardSummary, now: int) -> HouseWard:
    return HouseWard(
        summary=summary,
        charts=tuple(charts.ward(summary.ward)),
        streams=tuple(charts.streams(now, summary.ward)),
    )


def _others(charts: HouseCharts, wards: Sequence[HouseWard]) -> Iterator[PatientChart]:
    """Yield those who lie in no bed."""
    lying = {chart.record for ward in wards for chart in ward.charts}
    for record in charts.records():
        chart = None if record in lying else charts.patient(record)
        if chart is not None:
            yield chart


def build_list(data: HouseData, language: str) -> Typeset:
    """Return a pack of the house as PDF. Raises TypesettingError."""
    return typeset_list(house_pack(data, language, translator(language)))
