"""The chart of a patient as it goes into the codes on paper: what a ward needs to go on.

Paper is the last backup: with the pages, the ward's key and no server the chart is there again,
and the next sheets with their due times can be made of it. So the copy holds the values that
sheets are made of, not their words. What is left out for want of room is counted, and the
sheets made of it say so. Allergies, orders that stand and their newest doses never are.
"""

from __future__ import annotations

import lzma
from collections.abc import Iterator, Sequence

import msgspec
from msgspec.structs import replace

from wardkeep.chart.compact import compact, restore
from wardkeep.chart.model import (
    Coded,
    Dose,
    MedicationOrder,
    OrderState,
    PatientChart,
    Result,
    ResultSeries,
)
from wardkeep.chart.ports import StreamStatus, Unread
from wardkeep.hospital.site import Paper, RecordSystem, Rules, Ward
from wardkeep.kernel.times import DAY
from wardkeep.pack.contents import WardData
from wardkeep.pack.errors import UnreadableCopyError
from wardkeep.pack.from_paper import LeftOut
from wardkeep.pack.unfed_systems import unfed_systems

ROOM = 2_900
"""Bytes of a packed copy: with signature and seal four codes of 800 (pack.paper_codes)."""

LARGEST = 256 * 1024
"""Nothing that is read back may unpack to more: a chart has some 10 kB."""

_FORMAT = 1
# A tenth smaller than deflate; bytes in a row do not lie in words of two or four (pb=0).
_PRESS = [
    {"id": lzma.FILTER_LZMA1, "preset": 6, "lc": 3, "lp": 0, "pb": 0, "dict_size": 65_536}
]
CARRYING = 3
"""So many patients of a ward, the first by bed, carry its settings too: one of their pages is
enough, and the codes of all others stay as small as they are."""
AS_ORDERED = Coded("", "")
"""The drug of a dose that its order names as well: told once."""
_STANDS = frozenset({OrderState.ACTIVE, OrderState.HELD})


class WardSettings(msgspec.Struct, frozen=True, kw_only=True):
    """What the settings say of a ward (None: nothing), and the systems that do not feed it."""

    ward: Ward | None = None
    systems: tuple[RecordSystem, ...] = ()


class PaperCopy(msgspec.Struct, frozen=True, kw_only=True):
    """One patient of a ward as of `now` (UTC microseconds), and how the ward's sheets are made.

    `patients` is how many the ward had: who reads too few pages is told.
    """

    ward: str
    language: str
    patients: int
    now: int
    streams: tuple[StreamStatus, ...]
    charted_up_to: int | None = None
    charting_lag_minutes: int = 90
    doses_fed: bool = True
    rules: Rules
    left_out: LeftOut = LeftOut()
    chart: PatientChart
    lacks: bool = False
    """The charts were begun without what erased days had said: sheets say NOT WHOLE."""
    unread: Unread = Unread()
    """What could not be read then: sheets ask, where a silent one would say "none"."""
    paper: Paper = Paper()
    settings: WardSettings | None = None
    """None: this copy does not carry them, another of the ward may (`CARRYING`)."""


def pack_copy(copy: PaperCopy) -> bytes:
    """Return a copy as bytes: format, its time, length of the compact rest, that rest pressed.

    Format 1: one byte 0x01, UTC microseconds (8 bytes, big-endian), length (4), LZMA1 raw.
    """
    body = compact(copy, copy.now)
    pressed = lzma.compress(body, format=lzma.FORMAT_RAW, filters=_PRESS)
    head = bytes([_FORMAT]) + copy.now.to_bytes(8, "big") + len(body).to_bytes(4, "big")
    return head + pressed


def unpack_copy(packed: bytes) -> PaperCopy:
    """Return what `pack_copy` packed. Raises UnreadableCopyError."""
    if packed[:1] != bytes([_FORMAT]):
        raise UnreadableCopyError("the codes hold a copy of another format")
    base, length = int.from_bytes(packed[1:9], "big"), int.from_bytes(packed[9:13], "big")
    if not 0 < length <= LARGEST:
        raise UnreadableCopyError(f"the codes tell of a chart of {length} bytes")
    try:
        unpress = lzma.LZMADecompressor(lzma.FORMAT_RAW, filters=_PRESS)
        return restore(PaperCopy, unpress.decompress(packed[13:], length), base)
    except (lzma.LZMAError, EOFError, ValueError) as fault:
        raise UnreadableCopyError(f"the codes hold no chart: {fault}") from fault


def fitting(copy: PaperCopy, room: int = ROOM) -> bytes | None:
    """Return a copy packed into `room` bytes, with what leaves out least; None where none fits.

    The ward's settings go before anything of the chart. Of that, first what sheets do not show
    now, then results, reports and older doses.
    """
    for smaller in _smaller(copy):
        for settings in dict.fromkeys((copy.settings, None)):
            packed = pack_copy(replace(smaller, settings=settings))
            if len(packed) <= room:
                return packed
    return None


def _smaller(copy: PaperCopy) -> Iterator[PaperCopy]:
    """Yield copies that leave out more and more; each counts all that it leaves out."""
    chart = copy.chart
    stand = tuple(each for each in chart.orders if _stands(each))
    # An ended order goes with its doses: without it they would look as if nobody ordered them.
    given = {dose.order for dose in chart.doses if dose.at.at >= copy.now - DAY}
    orders = tuple(each for each in chart.orders if each in stand or each.order in given)
    newest = _newest_doses(chart.doses, orders)
    recent = tuple(d for d in chart.doses if d.at.at >= copy.now - DAY or d in newest)
    cut = replace(
        chart,
        orders=_shorter_orders(orders),
        doses=_shorter(recent, orders),
        encounters=tuple(replace(each, moves=()) for each in chart.encounters[:1]),
        results=_last(chart.results, 2),
    )
    bare = replace(cut, results=(), reports=(), appointments=())
    steps = (
        cut,
        replace(cut, results=_last(chart.results, 1)),
        replace(cut, results=_last(chart.results, 1), reports=()),
        bare,
        replace(bare, doses=_shorter(newest, orders)),
        replace(
            bare,
            orders=_shorter_orders(stand),
            doses=_shorter(_newest_doses(chart.doses, stand), stand),
        ),
    )
    for step in steps:
        yield replace(copy, chart=step, left_out=_left_out(chart, step))


def _stands(order: MedicationOrder) -> bool:
    """Say whether an order stands, or a person must look whether it does."""
    return order.state.value in _STANDS or bool(order.flags)


def _shorter_orders(orders: Sequence[MedicationOrder]) -> tuple[MedicationOrder, ...]:
    return tuple(replace(each, filler="") for each in orders)


def _shorter(doses: Sequence[Dose], orders: Sequence[MedicationOrder]) -> tuple[Dose, ...]:
    drugs = {each.order: each.drug.value for each in orders}
    return tuple(
        replace(
            each, dose="", drug=AS_ORDERED if drugs.get(each.order) == each.drug else each.drug
        )
        for each in doses
    )


def _newest_doses(doses: Sequence[Dose], orders: Sequence[MedicationOrder]) -> tuple[Dose, ...]:
    """Return the newest dose of each order; `doses` are newest first."""
    first: dict[str, Dose] = {}
    for dose in doses:
        first.setdefault(dose.order, dose)
    return tuple(first[each.order] for each in orders if each.order in first)


def _last(series: Sequence[ResultSeries], count: int) -> tuple[ResultSeries, ...]:
    return tuple(replace(each, results=each.results[:count]) for each in series)


def _results(chart: PatientChart) -> list[Result]:
    return [result for series in chart.results for result in series.results]


def _left_out(whole: PatientChart, cut: PatientChart) -> LeftOut:
    return LeftOut(
        results=len(_results(whole)) - len(_results(cut)),
        reports=len(whole.reports) - len(cut.reports),
        doses=len(whole.doses) - len(cut.doses),
        orders=len(whole.orders) - len(cut.orders),
        others=len(whole.appointments)
        - len(cut.appointments)
        + len(whole.encounters)
        - len(cut.encounters),
    )


def settings_of(ward: WardData) -> WardSettings:
    """Return what the settings say of a ward: its sheets need it, and no server is left."""
    code = ward.summary.ward
    declared = next((each for each in ward.site.wards if each.code == code), None)
    systems = (replace(each, wards=()) for each in unfed_systems(ward.site, code))
    return WardSettings(ward=declared, systems=tuple(systems))


def copy_of(
    chart: PatientChart, ward: WardData, language: str, settings: WardSettings | None = None
) -> PaperCopy:
    """Return the whole copy of one patient of a ward, with the ward's settings or without."""
    summary = ward.summary
    return PaperCopy(
        ward=summary.ward,
        language=language,
        patients=len(ward.charts),
        now=ward.now,
        streams=ward.streams,
        charted_up_to=summary.charted_up_to,
        charting_lag_minutes=summary.charting_lag_minutes,
        doses_fed=summary.doses_fed,
        rules=_of_sheets(ward, chart),
        chart=chart,
        lacks=summary.lacks,
        unread=ward.unread,
        paper=ward.site.paper,
        settings=settings,
    )


def _of_sheets(ward: WardData, chart: PatientChart) -> Rules:
    """Return the rules that a patient's sheets follow; how messages are read is past."""
    rules = ward.site.rules
    declared = [each for each in ward.site.wards if each.code == ward.summary.ward]
    used = {order.timing.value.code for order in chart.orders}
    hours = {code: at for code, at in rules.standard_hours.items() if code in used}
    return Rules(
        timezone=rules.timezone,
        compute_next_due=rules.compute_next_due and all(each.next_due for each in declared),
        standard_hours=hours,
    )
