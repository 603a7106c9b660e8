"""Medication as the MAR shows it: orders with their timing, and the doses recorded."""

from __future__ import annotations

from enum import StrEnum

import msgspec

from wardkeep.chart.values import Clinician, Coded, Flag, Source, Value
from wardkeep.kernel.times import Moment


class OrderState(StrEnum):
    """Where a medication order or request stands."""

    ACTIVE = "active"
    HELD = "held"
    STOPPED = "stopped"
    CANCELLED = "cancelled"
    COMPLETED = "completed"
    REPLACED = "replaced"


class OrderKind(StrEnum):
    """Which block of the MAR an order stands in."""

    REGULAR = "regular"
    AS_NEEDED = "as_needed"
    ONCE = "once"
    INFUSION = "infusion"


class TimingForm(StrEnum):
    """How an order repeats."""

    TIMES = "times"
    """At the listed clock times on each due day."""
    INTERVAL = "interval"
    """Every `every_minutes` from the start (Q8H, Q72H patches)."""
    CODE = "code"
    """A code whose hours are the site's standard hours (BID, QID)."""
    ONCE = "once"
    CONTINUOUS = "continuous"
    AS_NEEDED = "as_needed"
    PHASES = "phases"
    """Tapering or changing, or other doses at other hours: each phase has its own timing and
    dose; they follow one another or stand side by side."""
    UNREADABLE = "unreadable"


class Timing(msgspec.Struct, frozen=True, kw_only=True):
    """When an order is due. `text` is the timing exactly as sent and is always kept."""

    form: TimingForm
    text: str
    code: str = ""
    times: tuple[str, ...] = ()
    """Local wall-clock "HH:MM", sorted."""
    every_minutes: int = 0
    every_days: int = 1
    """For TIMES and CODE: every n-th day from the start (2: every other day). For UNREADABLE:
    what was told of days though from which day on was not (7: once a week)."""
    weekdays: tuple[int, ...] = ()
    """ISO weekdays, 1 is Monday; empty: every day."""
    start: Moment | None = None
    stop: Moment | None = None
    dose: str = ""
    """The dose of this phase as sent, where it differs by phase."""
    phases: tuple[Timing, ...] = ()


class Component(msgspec.Struct, frozen=True, kw_only=True):
    """A base or additive of a mixture (RXC)."""

    kind: str
    drug: Coded
    amount: str = ""
    unit: str = ""


class MedicationOrder(msgspec.Struct, frozen=True, kw_only=True):
    """One line of the MAR. Dose and units are the text as sent, never corrected."""

    order: str
    """Placer number with its namespace, or the filler's where no placer was sent."""
    filler: str = ""
    feed: str
    visit: str = ""
    drug: Value[Coded]
    dose: Value[str] | None = None
    """Amount and unit as sent, e.g. "2.5 mg"; a range stands as "1-2 tab"."""
    give_strength: str = ""
    form: str = ""
    route: Value[Coded] | None = None
    other_routes: tuple[Coded, ...] = ()
    """Further routes that the order allows (RXR repeated), as sent."""
    site: str = ""
    kind: OrderKind
    timing: Value[Timing]
    state: Value[OrderState]
    as_needed_reason: str = ""
    maximum: str = ""
    rate: str = ""
    rate_told: int = 0
    """When the rate was told (UTC microseconds), 0 where none was."""
    components: tuple[Component, ...] = ()
    indication: str = ""
    instructions: tuple[str, ...] = ()
    prescriber: Value[Clinician] | None = None
    verified_by: str = ""
    entered: Moment | None = None
    replaced_by: str = ""
    flags: tuple[Flag, ...] = ()


class DoseOutcome(StrEnum):
    """What came of a dose (RXA-20)."""

    GIVEN = "given"
    PARTIAL = "partial"
    HELD = "held"
    REFUSED = "refused"
    NOT_GIVEN = "not_given"
    UNCLEAR = "unclear"
    """A completion status that table 0322 does not know (shown as sent, never guessed), or a
    dose that may have been deleted."""


class Dose(msgspec.Struct, frozen=True, kw_only=True):
    """One recorded administration (RXA).

    Deleted ones (RXA-21 D) are not in the chart; one that may be is UNCLEAR and flagged.
    """

    dose: str
    """Stable id of the administration: order, sub-id, start time."""
    order: str = ""
    drug: Coded
    amount: str = ""
    outcome: DoseOutcome
    outcome_text: str = ""
    reason: str = ""
    at: Moment
    by: str = ""
    rate: str = ""
    flags: tuple[Flag, ...] = ()
    source: Source
