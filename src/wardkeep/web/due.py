"""When doses are next due, for a screen: by the rule of the paper, always marked COMPUTED."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from wardkeep.chart.due import LOOK_AHEAD, DueTimes
from wardkeep.chart.model import Dose, MedicationOrder, OrderState, PatientChart
from wardkeep.hospital.site import Rules, Ward
from wardkeep.kernel.times import HOUR
from wardkeep.pack.medicines import Round, by_order, due_of
from wardkeep.pack.timing_words import is_not_daily

# Inpatients of a large group: their orders and doses are kept in memory by it.
_MOST_KEPT = 3000
# Overdue doses drop out of the list a day after (chart.due): no need to be finer than this.
_LONGEST_KEPT = HOUR


class Due(msgspec.Struct, frozen=True, order=True):
    """One dose of an order. `at` in UTC microseconds; `order` its number; `drug` as sent.

    A dose of the past is one that nobody has charted, which does not say that it was not given.
    """

    at: int
    order: str
    drug: str
    not_daily: bool = False


class DueRules(msgspec.Struct, frozen=True):
    """What holds for all doses of a ward.

    Where doses given are not `fed` to the ward nothing is told as not charted: nobody can know.
    """

    rules: Rules
    declared: Ward | None = None
    fed: bool = True

    @property
    def computed(self) -> bool:
        """Whether the site wants computed times here."""
        declared = self.declared is None or self.declared.next_due
        return self.rules.compute_next_due and declared


class DuesTold(msgspec.Struct, frozen=True, kw_only=True):
    """A patient's doses in one line of the board; times in UTC microseconds, None: no such.

    `missed`: the oldest that nobody charted, and `more` beside it; `coming`: the next one due.
    `not_daily` is of the doses that are told, and of those at the same time.
    """

    missed: int | None = None
    more: int = 0
    coming: int | None = None
    not_daily: bool = False


class _Kept(msgspec.Struct, frozen=True):
    orders: tuple[MedicationOrder, ...]
    doses: tuple[Dose, ...]
    ward: DueRules
    made: int
    until: int
    dues: tuple[Due, ...]


class DueBook:
    """Doses as computed lately, so that a board that refreshes computes what changed.

    What was computed from the same orders and doses stands until the next of them is due.
    """

    def __init__(self) -> None:
        self._kept: dict[str, _Kept] = {}

    def dues_of(self, patient: PatientChart, ward: DueRules, now: int) -> tuple[Due, ...]:
        """Return what `dues_of` returns."""
        kept = self._kept.get(patient.record)
        if (
            kept is not None
            and kept.made <= now < kept.until
            and kept.orders == patient.orders
            and kept.doses == patient.doses
            and kept.ward == ward
        ):
            return kept.dues
        if len(self._kept) >= _MOST_KEPT:
            self._kept.clear()
        dues = dues_of(patient, ward, now)
        until = min([now + _LONGEST_KEPT, *(due.at for due in dues if due.at > now)])
        self._kept[patient.record] = _Kept(
            patient.orders, patient.doses, ward, now, until, dues
        )
        return dues


def dues_of(patient: PatientChart, ward: DueRules, now: int) -> tuple[Due, ...]:
    """Return of every active order what is asked about and its next dose, soonest first.

    By the rule of the paper (pack.medicines); () where the site says no.
    """
    if not ward.computed:
        return ()
    of_ward = Round(
        rules=ward.rules,
        columns=(),
        end=now + LOOK_AHEAD[0],
        computed=True,
        doses_fed=ward.fed,
    )
    mine = by_order(patient.doses)
    found: list[Due] = []
    for order in patient.orders:
        if order.state.value is OrderState.ACTIVE:
            found += _dues(order, due_of(order, mine.get(order.order, ()), of_ward, now))
    return tuple(sorted(found))


def _dues(order: MedicationOrder, due: DueTimes) -> list[Due]:
    coming = due.boxes[:1] or ((due.later,) if due.later is not None else ())
    times = (*due.asked, *coming)
    if not times:
        return []
    drug = order.drug.value.text or order.drug.value.code
    not_daily = is_not_daily(order.timing.value)
    return [Due(at, order.order, drug, not_daily) for at in times]


def told(dues: Sequence[Due], now: int) -> DuesTold:
    """Return a patient's doses in one line: what nobody charted never hides the next one."""
    missed = [due for due in dues if due.at <= now]
    coming = min((due.at for due in dues if due.at > now), default=None)
    named = [*missed, *(due for due in dues if due.at == coming)]
    return DuesTold(
        missed=missed[0].at if missed else None,
        more=max(0, len(missed) - 1),
        coming=coming,
        not_daily=any(due.not_daily for due in named),
    )
