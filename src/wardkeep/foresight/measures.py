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


class Measure(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One thing that could be done: its cost in euros and in hours of the hospital's people."""

    id: str
    name: str
    euros: float
    hours: float
    changes: tuple[Change, ...] = ()
    assume: dict[str, int | float] = {}
    """Numbers of the forecast that are otherwise with it, by the names of Assumptions."""


class Measures(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The file of `--measures`."""

    measures: tuple[Measure, ...]


class Outcome(NamedTuple):
    """What each replica cost, in one way in after another; one number a replica."""

    detonated: NDArray[np.bool_]
    patients: NDArray[np.float64]
    """Not treated when due; as the next two of clinical services."""
    late: NDArray[np.float64]
    waited: NDArray[np.float64]
    """Patient-hours."""
    euros: NDArray[np.float64]


class Burden(msgspec.Struct, frozen=True, kw_only=True):
    """What one attack that is tried costs in the mean, with how far the mean may lie (95 %).

    Over all ways in; attacks that are stopped in time count, with nothing.
    """

    attacks: int
    detonates: float
    late: float
    late_error: float
    patient_hours: float
    patient_hours_error: float
    euros: float
    euros_error: float


def burden(found: Outcome) -> Burden:
    """Return the means of an outcome."""
    late, late_error = mean_of(found.late)
    hours, hours_error = mean_of(found.waited)
    euros, euros_error = mean_of(found.euros)
    return Burden(
        attacks=len(found.detonated),
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
    one attack; None where nothing sure is avoided.
    """

    measure: str
    name: str
    cost: float
    hours: float
    changed: int
    detonations: float
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


def with_measure(
    whole: HospitalMap, assumed: Assumptions, measure: Measure
) -> tuple[HospitalMap, Assumptions, int]:
    """Return map and numbers as they are with a measure, and how many items it changes.

    Raises MeasureError where a field or number that it names is none.
    """
    items = dict(whole.items)
    changed = 0
    for change in measure.changes:
        for reference in sorted(_matching(items, change)):
            changed += 1
            if change.remove:
                del items[reference]
            else:
                items[reference] = _changed(items[reference], change, measure)
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
        return msgspec.convert(told, type(item))
    except (msgspec.ValidationError, MapItemError) as fault:
        raise MeasureError(f"measure {measure.id!r}: {fault}") from fault


def _assumed(assumed: Assumptions, measure: Measure) -> Assumptions:
    known = {field.name for field in msgspec.structs.fields(Assumptions)}
    if unknown := sorted(measure.assume.keys() - known):
        raise MeasureError(
            f"measure {measure.id!r} assumes {', '.join(unknown)}: no number of a forecast",
            advice=f"Its numbers are {', '.join(sorted(known))}.",
        )
    told = msgspec.structs.asdict(assumed) | measure.assume
    try:
        return msgspec.convert(told, Assumptions)
    except msgspec.ValidationError as fault:
        raise MeasureError(f"measure {measure.id!r} assumes: {fault}") from fault


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
    patients, patients_error = mean_of(without.patients - with_it.patients)
    late, late_error = mean_of(without.late - with_it.late)
    hours, hours_error = mean_of(waited)
    euros, euros_error = mean_of(without.euros - with_it.euros)
    return Effect(
        measure=measure.id,
        name=measure.name,
        cost=measure.euros,
        hours=measure.hours,
        changed=changed,
        detonations=float(without.detonated.mean() - with_it.detonated.mean()),
        patients=patients,
        patients_error=patients_error,
        late=late,
        late_error=late_error,
        patient_hours=hours,
        patient_hours_error=hours_error,
        euros=euros,
        euros_error=euros_error,
        worse=float((waited < -_ROUNDING).mean()),
        euros_a_patient_hour=measure.euros / hours if hours > hours_error else None,
    )
