"""What laboratories and imaging found, and what is still awaited from them."""

from __future__ import annotations

from enum import StrEnum

import msgspec

from wardkeep.chart.medication import OrderState
from wardkeep.chart.values import Coded, Source
from wardkeep.kernel.times import Moment


class ResultState(StrEnum):
    """OBX-11 in words."""

    PRELIMINARY = "preliminary"
    FINAL = "final"
    CORRECTED = "corrected"
    WITHDRAWN = "withdrawn"
    PENDING = "pending"


class Result(msgspec.Struct, frozen=True, kw_only=True):
    """One laboratory value at one time."""

    value: str
    unit: str = ""
    reference: str = ""
    abnormal: str = ""
    state: ResultState
    at: Moment | None
    corrected_from: tuple[str, ...] = ()
    """Earlier final values of this very result, oldest first; printed struck."""
    notes: tuple[str, ...] = ()
    source: Source


class ResultSeries(msgspec.Struct, frozen=True, kw_only=True):
    """One analysis of one patient, newest value first."""

    coding: Coded
    specimen: str = ""
    results: tuple[Result, ...]


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """A report in words (imaging, microbiology, letters)."""

    report: str
    coding: Coded
    section: str = ""
    text: str
    state: ResultState
    at: Moment | None = None
    imaging: bool = False
    source: Source


class PendingOrder(msgspec.Struct, frozen=True, kw_only=True):
    """An order (laboratory, imaging, consult) with no final result yet."""

    order: str
    coding: Coded
    section: str = ""
    state: OrderState
    due: Moment | None = None
    requester: str = ""
    priority: str = ""
    source: Source


class PendingSpecimen(msgspec.Struct, frozen=True, kw_only=True):
    """A specimen that was collected and has no final result."""

    specimen: str
    kind: str = ""
    order: str = ""
    coding: Coded
    collected: Moment | None = None
    received: Moment | None = None
    source: Source
