"""What could be done before an attack: changes of the map, their cost, what they would save."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fnmatch import fnmatchcase
from typing import NamedTuple, TypeAlias

import msgspec
import numpy as np
from numpy.typing import NDArray

from wardkeep.foresight.errors import MeasureError
from wardkeep.foresight.figures import mean_of
from wardkeep.foresight.parameters import Assumptions
from wardkeep.hospital.map.errors import MapItemError
from wardkeep.hospital.map.item import reference_to
from wardkeep.hospital.map.limits import within_limits
from wardkeep.hospital.map.whole import AnyItem, HospitalMap

Value: TypeAlias = str | bool | int | float | list[str]
_ROUNDING = 1e-6


class Change(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Fields of some items are set, or the items removed.

    `items`: a pattern of `kind:id` (`account:*`); `where`: fields that must be so already.
    """

    items: str
    where: dict[str, Value] = {}
    set: dict[str, Value] = {}
    remove: bool = False


_MOST = 1e9
"""Euros or hours that no measure of a hospital costs."""
_SHARES = frozenset(
    {
        *("alarm_watched", "alarm_unwatched", "alarm_second_factor", "backups_reached"),
        *("push_grows", "worm", "worm_on_patched", "worm_on_unknown"),
    }
)
_NOT_TO_ASSUME = frozenset({"horizon_hours", "euros_a_crew_hour", "outside_help_euros"})
"""What only changes how loss is counted: no measure avoids anything by it."""
_LEAST_ASSUMED, _MOST_ASSUMED = 0.0, 100_000.0


class Measure(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One thing that could be done: its cost in euros and in hours of the hospital's people.

    Raises MeasureError for a cost that is none.
    """

    id: str
    name: str
    euros: float
    hours: float
    changes: tuple[Change, ...] = ()
    assume: dict[str, int | float] = {}
    """Numbers of the forecast that are otherwise with it, by the names of Assumptions."""

    def __post_init__(self) -> None:
        """Refuse costs that are no amounts; raises MeasureError."""
        for name, cost in (("euros", self.euros), ("hours", self.hours)):
            if not 0 <= cost < _MOST:
                raise MeasureError(f"measure {self.id!r}: {name} = {cost} is no cost")


class Outcome(NamedTuple):
    """What each replica cost: a row a way in, a column a replica.

    The same replica number is nearly the same attack in every way in, so that only replicas
    are independent of each other.
    """

    detonated: NDArray[np.bool_]
    patients: NDArray[np.float64]
    """Not treated when due; as the next two of clinical services."""
    late: NDArray[np.float64]
    waited: NDArray[np.float64]
    """Patient-hours."""
    euros: NDArray[np.float64]
    counted: bool = True
    """Whether the map counts the patients of any clinical service: else noughts are no news."""


class Burden(msgspec.Struct, frozen=True, kw_only=True):
    """What one attack that is tried costs in the mean, with how far the mean may lie (95 %).

    Over all ways in; attacks that are stopped in time count, with nothing. `counted`: False
    where the map counts no clinical service's patients: then those numbers say nothing.
    """

    attacks: int
    counted: bool
    detonates: float
    late: float
    late_error: float
    patient_hours: float
    patient_hours_error: float
    euros: float
    euros_error: float


def burden(found: Outcome) -> Burden:
    """Return the means of an outcome."""
    late, late_error = over_replicas(found.late)
    hours, hours_error = over_replicas(found.waited)
    euros, euros_error = over_replicas(found.euros)
    return Burden(
        attacks=found.detonated.size,
        counted=found.counted,
        detonates=float(found.detonated.mean()),
        late=late,
        late_error=late_error,
        patient_hours=hours,
        patient_hours_error=hours_error,
        euros=euros,
        euros_error=euros_error,
    )


class Effect(msgspec.Struct, frozen=True, kw_only=True):
    """What a measure changes, replica by replica with the same chances.

    `patients` (not treated when due), `late` (by more than a day), `patient_hours` (of waiting)
    and `euros`: the mean that is avoided, and to each side of it the `_error` (95 %). `worse`:
    share of the replicas that cost more patient-hours with it. `detonations`: by how much fewer
    of the replicas detonate. `euros_a_patient_hour`: its cost for each patient-hour avoided in
    one attack, and from `_least` to `_most` by how sure that is; None where nothing sure is
    avoided. `replicas`: how many stand for themselves; the ways in of one are alike.
    `counted`: False where the map counts no clinical service's patients.
    """

    measure: str
    name: str
    cost: float
    hours: float
    changed: int
    replicas: int
    counted: bool
    detonations: float
    detonations_error: float
    patients: float
    patients_error: float
    late: float
    late_error: float
    patient_hours: float
    patient_hours_error: float
    euros: float
    euros_error: float
    worse: float
    euros_a_patient_hour: float | None
    euros_a_patient_hour_least: float | None
    euros_a_patient_hour_most: float | None


def with_measure(
    whole: HospitalMap, assumed: Assumptions, measure: Measure
) -> tuple[HospitalMap, Assumptions, int]:
    """Return map and numbers as they are with a measure, and how many items are otherwise.

    Raises MeasureError where a field or number that it names is none.
    """
    items = dict(whole.items)
    for change in measure.changes:
        for reference in sorted(_matching(items, change)):
            if change.remove:
                del items[reference]
            else:
                items[reference] = _changed(items[reference], change, measure)
    changed = sum(items.get(each) != item for each, item in whole.items.items())
    return HospitalMap(items), _assumed(assumed, measure), changed


def _matching(items: dict[str, AnyItem], change: Change) -> Iterator[str]:
    for reference, item in items.items():
        if fnmatchcase(reference, change.items) and _is_so(item, change):
            yield reference


def _is_so(item: AnyItem, change: Change) -> bool:
    told = msgspec.to_builtins(msgspec.structs.asdict(item))
    return all(told.get(field) == value for field, value in change.where.items())


def _changed(item: AnyItem, change: Change, measure: Measure) -> AnyItem:
    told = msgspec.structs.asdict(item)
    told |= change.set
    try:
        changed = msgspec.convert(told, type(item))
        within_limits(changed)
    except (msgspec.ValidationError, MapItemError) as fault:
        raise MeasureError(f"measure {measure.id!r}: {reference_to(item)}: {fault}") from fault
    return changed


def _assumed(assumed: Assumptions, measure: Measure) -> Assumptions:
    known = {field.name for field in msgspec.structs.fields(Assumptions)}
    if unknown := sorted(measure.assume.keys() - known):
        raise MeasureError(
            f"measure {measure.id!r} assumes {', '.join(unknown)}: no number of a forecast",
            advice=f"Its numbers are {', '.join(sorted(known))}.",
        )
    for name, number in measure.assume.items():
        _refuse_assumed(measure, name, number)
    told = msgspec.structs.asdict(assumed) | measure.assume
    try:
        return msgspec.convert(told, Assumptions)
    except msgspec.ValidationError as fault:
        raise MeasureError(f"measure {measure.id!r} assumes: {fault}") from fault


def _refuse_assumed(measure: Measure, name: str, number: float) -> None:
    """Raise MeasureError for a number by which nothing can be drawn, or nothing is avoided."""
    if name in _NOT_TO_ASSUME:
        raise MeasureError(
            f"measure {measure.id!r} assumes {name}: that changes how loss is counted,"
            " not what is lost"
        )
    most = 1.0 if name in _SHARES else _MOST_ASSUMED
    if not _LEAST_ASSUMED <= number <= most or (name not in _SHARES and number == 0):
        raise MeasureError(
            f"measure {measure.id!r} assumes {name} = {number}",
            advice=f"It is more than 0 and at most {most:g}.",
        )


def as_one(measures: Sequence[Measure]) -> Measure:
    """Return several measures as one: what each costs, added up."""
    if len(measures) == 1:
        return measures[0]
    return Measure(
        id=" + ".join(each.id for each in measures),
        name=" + ".join(each.name for each in measures),
        euros=sum(each.euros for each in measures),
        hours=sum(each.hours for each in measures),
    )


def effect(measure: Measure, changed: int, without: Outcome, with_it: Outcome) -> Effect:
    """Return what a measure changes between replicas of the same seed and numbers."""
    waited = without.waited - with_it.waited
    patients, patients_error = over_replicas(without.patients - with_it.patients)
    late, late_error = over_replicas(without.late - with_it.late)
    hours, hours_error = over_replicas(waited)
    euros, euros_error = over_replicas(without.euros - with_it.euros)
    fewer = without.detonated.astype(float) - with_it.detonated
    detonations, detonations_error = over_replicas(fewer)
    sure = hours > hours_error
    return Effect(
        measure=measure.id,
        name=measure.name,
        cost=measure.euros,
        hours=measure.hours,
        changed=changed,
        replicas=without.waited.shape[1],
        counted=without.counted,
        detonations=detonations,
        detonations_error=detonations_error,
        patients=patients,
        patients_error=patients_error,
        late=late,
        late_error=late_error,
        patient_hours=hours,
        patient_hours_error=hours_error,
        euros=euros,
        euros_error=euros_error,
        worse=float((waited < -_ROUNDING).mean()),
        euros_a_patient_hour=measure.euros / hours if sure else None,
        euros_a_patient_hour_least=measure.euros / (hours + hours_error) if sure else None,
        euros_a_patient_hour_most=measure.euros / (hours - hours_error) if sure else None,
    )


def over_replicas(made: NDArray[np.float64]) -> tuple[float, float]:
    """Return the mean of a row a way in, and how far the true one may lie (95 %)."""
    return mean_of(made.mean(axis=0))
