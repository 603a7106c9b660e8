"""What can be wrong before an engine runs."""

from __future__ import annotations

from typing import ClassVar

from wardkeep.kernel.errors import WardkeepError
from wardkeep.ledger.encoding import UNDECODABLE

UNREADABLE = (*UNDECODABLE, RecursionError)
"""What a decoder raises of bytes from another box; the last: of what is nested too deep."""


class ForesightMissingError(WardkeepError):
    """The packages that foresight computes with are not installed."""

    code: ClassVar[str] = "foresight-missing"
    exit_status: ClassVar[int] = 1
    remedy: ClassVar[str] = (
        "Run `./wardkeep` again without WARDKEEP_EXTRAS, or install requirements/foresight.txt "
        "with pip's --require-hashes; nothing else of Wardkeep needs it."
    )


class UnsoundModelError(WardkeepError):
    """Arrays handed to an engine contradict each other; the array and the place are named."""

    code: ClassVar[str] = "foresight-model"
    exit_status: ClassVar[int] = 2
    remedy: ClassVar[str] = (
        "Correct what the message names in the map or the measure; nothing was computed."
    )


class MeasureError(WardkeepError):
    """A measure cannot be laid over the map: a field, a number or a file that is none."""

    code: ClassVar[str] = "measure"
    exit_status: ClassVar[int] = 2
    remedy: ClassVar[str] = (
        "See that the file is there, and mend what is named; docs/operating.md tells what a"
        " measure is."
    )


class ExportError(WardkeepError):
    """A file for another tool could not be written."""

    code: ClassVar[str] = "export"
    exit_status: ClassVar[int] = 1
    remedy: ClassVar[str] = "Name a folder that can be written to; what was there is as it was."


class ForesightEventError(WardkeepError):
    """An event of foresight in the operations ledger cannot be read."""

    code: ClassVar[str] = "foresight-event"
    exit_status: ClassVar[int] = 1
    remedy: ClassVar[str] = (
        "A newer release wrote it, or the ledger is damaged: `wardkeep verify DIR` tells which."
    )


class KeptForecastError(WardkeepError):
    """What is kept of forecasts cannot be read."""

    code: ClassVar[str] = "kept-forecast"
    exit_status: ClassVar[int] = 1
    remedy: ClassVar[str] = (
        "Move foresight/kept.age, or whole.age for its page, of the hospital folder away; the"
        " next forecast begins anew."
    )


class RiskError(WardkeepError):
    """A risk cannot be accepted or withdrawn as it was said."""

    code: ClassVar[str] = "risk"
    exit_status: ClassVar[int] = 2
    remedy: ClassVar[str] = "`wardkeep map check DIR` lists checks and items."


class RoadMapError(WardkeepError):
    """A measure cannot be planned, told of or dropped as it was said."""

    code: ClassVar[str] = "road-map"
    exit_status: ClassVar[int] = 2
    remedy: ClassVar[str] = "`wardkeep roadmap list DIR` lists what is planned."


class FundingError(WardkeepError):
    """A file of funding calls is none."""

    code: ClassVar[str] = "funding"
    exit_status: ClassVar[int] = 2
    remedy: ClassVar[str] = (
        "Mend what is named; `wardkeep funding sample` prints a file as a pattern."
    )


class NothingEncryptsError(WardkeepError):
    """No attack that was drawn encrypts anything, so that a paper would have no number."""

    code: ClassVar[str] = "nothing-encrypts"
    exit_status: ClassVar[int] = 2
    remedy: ClassVar[str] = (
        "Draw more attacks (--replicas), and see whether the map tells domains and ways in."
    )
