"""What it costs the wards that a service is not back: patients an hour, and how sure that is.

A service loses (patients a day / 24) x (share of them that it does not treat) an hour. The
share is what its fallback leaves, while it holds (low) and once it no longer does (high), else
the number of its mode. Its weight in the plan is the usual loss times what an item of its sort
counts: an analysis or an invoice is no patient.
"""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from wardkeep.foresight.restoring.numbers import PlanNumbers, Range
from wardkeep.hospital.map.care import Fallback, HomePatients, Mode, Service
from wardkeep.hospital.map.falls import Falls, ServiceFall
from wardkeep.hospital.map.item import named_in
from wardkeep.hospital.map.whole import HospitalMap


class Loss(msgspec.Struct, frozen=True, kw_only=True):
    """Items an hour that are not treated as usual, at least, usually and at most."""

    low: float
    usual: float
    high: float


class LostCare(msgspec.Struct, frozen=True, kw_only=True):
    """A service, or patients watched at home, that does not work in full.

    `needs`: from where what it needs is followed. `guesses`: which of its numbers no map holds.
    """

    reference: str
    name: str
    sort: str
    mode: Mode
    an_hour: Loss
    weight: float
    needs: tuple[str, ...]
    guesses: tuple[str, ...]


def lost_care(whole: HospitalMap, falls: Falls, numbers: PlanNumbers) -> tuple[LostCare, ...]:
    """Return the care that does not work in full while what fell is down."""
    return (*_services(whole, falls, numbers), *_homes(whole, falls, numbers))


def _services(whole: HospitalMap, falls: Falls, numbers: PlanNumbers) -> Iterator[LostCare]:
    for fall in falls.services:
        service = whole.items[fall.service]
        if not isinstance(service, Service):
            continue
        share, guesses = _not_treated(whole, fall, numbers)
        a_day = _volume(service)
        if a_day is None:
            a_day = numbers.a_day
            guesses = (*guesses, f"{numbers.a_day:g} a day: no volume is recorded")
        an_hour = _loss(a_day, share)
        counts = {
            "clinical": numbers.clinical,
            "support": numbers.support,
            "office": numbers.office,
            "home": numbers.home,
        }[service.sort]
        if service.id in numbers.importance:
            times = numbers.importance[service.id]
            guesses = (*guesses, f"each counts as {times:g}, by the site's numbers")
            counts *= times
        if service.sort != "clinical":
            guesses = (
                *guesses,
                f"one item of sort {service.sort} counts as {counts:g} patients",
            )
        yield LostCare(
            reference=fall.service,
            name=service.name or service.id,
            sort=service.sort,
            mode=fall.mode,
            an_hour=an_hour,
            weight=counts * an_hour.usual,
            needs=(fall.service,),
            guesses=guesses,
        )


def _homes(whole: HospitalMap, falls: Falls, numbers: PlanNumbers) -> Iterator[LostCare]:
    """Yield the patients watched at home: without, they are called, if somebody wrote how."""
    for reference in falls.home:
        home = whole.items[reference]
        if not isinstance(home, HomePatients):
            continue
        mode = Mode.DEGRADED if home.when_it_fails else Mode.CLOSED
        guesses = [f"not watched, {mode}: by the numbers of the mode"]
        if home.patients is None:
            guesses.append(f"{numbers.a_day:g} patients: no number is recorded")
        patients = numbers.a_day if home.patients is None else float(home.patients)
        an_hour = _loss(patients, numbers.not_treated(mode))
        yield LostCare(
            reference=reference,
            name=home.name or home.id,
            sort="home",
            mode=mode,
            an_hour=an_hour,
            weight=numbers.home * an_hour.usual,
            needs=named_in(home, "needs"),
            guesses=tuple(guesses),
        )


def _volume(service: Service) -> float | None:
    """Return items of an average day, of offices too."""
    if service.week:
        return sum(service.week) * 24 / len(service.week)
    return service.a_day


def _loss(a_day: float, share: Range) -> Loss:
    an_hour = a_day / 24
    return Loss(low=an_hour * share.low, usual=an_hour * share.usual, high=an_hour * share.high)


def _not_treated(
    whole: HospitalMap, fall: ServiceFall, numbers: PlanNumbers
) -> tuple[Range, tuple[str, ...]]:
    """Return the share of its patients that a service does not treat, and what is guessed."""
    of_mode = numbers.not_treated(fall.mode)
    fallback = whole.items.get(fall.fallback)
    if fall.share is None or not isinstance(fallback, Fallback):
        sure = fall.mode is Mode.CLOSED and not fall.fallback
        return of_mode, () if sure else (f"{fall.mode}: by the numbers of the mode",)
    low = _within(1 - fall.share)
    if fallback.share_after is None:
        high = max(low, of_mode.high)
        return _between(low, high), ("what its fallback leaves in the end: of the mode",)
    return _between(low, max(low, _within(1 - fallback.share_after))), ()


def _between(low: float, high: float) -> Range:
    return Range(low=low, usual=(low + high) / 2, high=high)


def _within(share: float) -> float:
    return min(max(share, 0.0), 1.0)
