"""Rebuilds a ward from its newest pack and holds it against its charts (pack.proof)."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from typing import Protocol
from zoneinfo import ZoneInfo

import msgspec

from wardkeep.adapters import pdf_pages
from wardkeep.adapters.errors import NothingToProveError
from wardkeep.adapters.typst_words import translator
from wardkeep.chart.model import PatientChart
from wardkeep.chart.ports import WardSummary
from wardkeep.hospital.site import Site
from wardkeep.pack.contents import WardData
from wardkeep.pack.events import PackBuilt, ProofMade
from wardkeep.pack.pen import Pen
from wardkeep.pack.proof import MEDICATION, ReadSheet, against_its_charts, against_now


class Packs(Protocol):
    """Where the newest pack of a ward comes from: the shelf, or a place it was delivered to."""

    def newest(self, ward: str) -> tuple[PackBuilt, bytes] | None:
        """Return the newest pack as PDF, None where there is none or it is not whole."""
        ...

    def sound(self, ward: str) -> bytes | None:
        """Return what the ward's sound pack was made of."""
        ...


class LiveCharts(Protocol):
    """The charts of now: a part of chart.ports.Charts."""

    def wards(self) -> list[WardSummary]:
        """Return every ward."""
        ...

    def ward(self, code: str) -> list[PatientChart]:
        """Return the charts of a ward."""
        ...


class ProofReader:
    """Makes proofs; `clock` gives UTC microseconds."""

    def __init__(
        self, packs: Packs, charts: LiveCharts, site: Site, clock: Callable[[], int]
    ) -> None:
        self._packs, self._charts = packs, charts
        self._site, self._clock = site, clock

    def prove(self, ward: str, by: str, minutes: float | None = None) -> ProofMade:
        """Return what a ward's paper is worth; `minutes` until the last ward has its own.

        Raises NothingToProveError where the ward has no pack, or one that is held; then
        UnreadablePdfError, KeyMissingError.
        """
        built, pdf, data = self._newest(ward)
        read = pdf_pages.texts(pdf)
        _, *others = pdf_pages.sheets(read)
        sheets = {
            each.sheet: ReadSheet(tuple(read[page] for page in each.pages)) for each in others
        }
        charts = dict(zip(data.sheets[1:], data.charts, strict=False))
        rules, now = data.site.rules, self._clock()
        pen = Pen(
            translator(built.language), built.language, ZoneInfo(rules.timezone), built.at
        )
        then = against_its_charts(sheets, charts, rules, pen)
        live = against_now(sheets, charts, self._charts.ward(ward), rules, pen, now)
        medication, right = live.of(MEDICATION)
        return ProofMade(
            ward=ward,
            generation=built.generation,
            pack_at=built.at,
            at=now,
            by=by,
            checks=then.checks,
            right=then.right,
            medication=medication,
            medication_right=right,
            wrong=dict(then.wrong),
            wrong_now=dict(live.wrong),
            minutes=minutes,
        )

    def _newest(self, ward: str) -> tuple[PackBuilt, bytes, WardData]:
        found, kept = self._packs.newest(ward), self._packs.sound(ward)
        if found is None or kept is None:
            raise NothingToProveError(f"ward {ward!r} has no whole pack")
        data = _decoded(kept, ward)
        if data.now != found[0].at:
            # A held ward's paper is made of what it had, marked: its charts are in doubt.
            raise NothingToProveError(f"the newest pack of ward {ward!r} is not of its charts")
        return (*found, data)


def _decoded(kept: bytes, ward: str) -> WardData:
    try:
        return msgspec.msgpack.decode(kept, type=WardData)
    except msgspec.DecodeError as fault:
        told = f"ward {ward!r} was built by another release: its next pack can be proved"
        raise NothingToProveError(told) from fault


def shuffled(wards: Sequence[str]) -> list[str]:
    """Return wards in an order by chance: the first that can be proved is."""
    found = list(wards)
    secrets.SystemRandom().shuffle(found)
    return found
