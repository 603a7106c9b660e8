"""What could be done before an attack: changes of the map, their cost, what they would save."""

from __future__ import annotations

from collections.abc import Iterator
from fnmatch import fnmatchcase
from typing import TypeAlias

import msgspec
import numpy as np
from numpy.typing import NDArray

from wardkeep.foresight.engines.whole_attack import Replicas
from wardkeep.foresight.errors import MeasureError
from wardkeep.foresight.parameters import Assumptions
from wardkeep.hospital.map.errors import MapItemError
from wardkeep.hospital.map.whole import AnyItem, HospitalMap

Value: TypeAlias = str | bool | int | float | list[str]
_ROUNDING = 1e-6
_SURE = 1.96
"""Standard errors on both sides of a mean that hold it with 95 %."""


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
    assume: dict[str, float] = {}
    """Numbers of the forecast that are otherwise with it, by the names of Assumptions."""


class Measures(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The file of `--measures`."""

    measures: tuple[Measure, ...]


class Effect(msgspec.Struct, frozen=True, kw_only=True):
    """What a measure changes, replica by replica with the same chances.

    `patients` and `euros`: the mean that is avoided, with `patients_error` and `euros_error`
    to each side of it (95 %). `worse`: share of the replicas that lose more patients with it.
    `detonations`: by how much fewer of the replicas detonate. `euros_a_patient`: its cost for
    each patient avoided in one attack; None where nothing sure is avoided.
    """

    measure: str
    name: str
    cost: float
    hours: float
    changed: int
    detonations: float
    patients: float
    patients_error: float
    euros: float
    euros_error: float
    worse: float
    euros_a_patient: float | None


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
    return msgspec.structs.replace(assumed, **measure.assume)


def effect(
    measure: Measure,
    changed: int,
    without: tuple[Replicas, NDArray[np.float64]],
    with_it: tuple[Replicas, NDArray[np.float64]],
) -> Effect:
    """Return what a measure changes between replicas of the same seed and numbers.

    Each comes with its euros a replica.
    """
    fewer = without[0].patients.sum(axis=1) - with_it[0].patients.sum(axis=1)
    saved = without[1] - with_it[1]
    patients, patients_error = _mean(fewer)
    euros, euros_error = _mean(saved)
    struck = [np.isfinite(each[0].detonated).mean() for each in (without, with_it)]
    return Effect(
        measure=measure.id,
        name=measure.name,
        cost=measure.euros,
        hours=measure.hours,
        changed=changed,
        detonations=float(struck[0] - struck[1]),
        patients=patients,
        patients_error=patients_error,
        euros=euros,
        euros_error=euros_error,
        worse=float((fewer < -_ROUNDING).mean()),
        euros_a_patient=measure.euros / patients if patients > patients_error else None,
    )


def _mean(numbers: NDArray[np.float64]) -> tuple[float, float]:
    count = max(len(numbers), 1)
    error = float(numbers.std(ddof=1)) / count**0.5 if count > 1 else float("inf")
    return float(numbers.mean()), _SURE * error
