"""What the replicas say: likelihoods, ranges and days, never a point without its range."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import TypeVar

import msgspec
import numpy as np
from numpy.typing import NDArray

from wardkeep.foresight.engines.attack_path import way_to
from wardkeep.foresight.engines.whole_attack import Replicas
from wardkeep.foresight.figures import Range, range_of
from wardkeep.foresight.measures import Outcome
from wardkeep.foresight.neighbours import NeighbourHit, neighbours_hit
from wardkeep.foresight.points import at_points
from wardkeep.foresight.replicas import Study
from wardkeep.foresight.way_words import Step, steps
from wardkeep.hospital.map.care import Mode, Service
from wardkeep.hospital.map.whole import HospitalMap

Name = TypeVar("Name")
_WAYS_LOOKED_AT = 400


class Way(msgspec.Struct, frozen=True):
    """A frequent path to the control of the domain: its share of the attacks, and its steps."""

    share: float
    steps: tuple[Step, ...]


class ServiceForecast(msgspec.Struct, frozen=True, kw_only=True):
    """One service over all attacks that detonated; None where none did.

    `lost`: share of them in which it was diverted or closed at some hour; `hours` in each mode
    but full, and `not_full` together; `full_again`: hours until it works in full for good, at
    most the horizon. `patients` not treated when due, those of them `late` by more than a day
    or treated elsewhere, and their `patient_hours` of waiting: None also where no volume is on
    the map. `euros` of revenue, None also where no revenue is.
    """

    service: str
    name: str
    role: str
    clinical: bool
    lost: float | None
    hours: dict[str, Range] | None
    not_full: Range | None
    full_again: Range | None
    patients: Range | None
    late: Range | None
    patient_hours: Range | None
    euros: Range | None


class Forecast(msgspec.Struct, frozen=True, kw_only=True):
    """What attacks by one way in would do.

    `groups`: as how many the `machines_on_map` were drawn, alike ones as one.
    `detonates`: share of the replicas, with its standard error; `by_worm`: share of the
    replicas in which it is a worm that does. The ranges are over those that detonated: None
    where none did. `back_by_day`: share of the lost servers back, by day after the detonation.
    `patients`, `late`, `patient_hours` and `elsewhere` (to another house, or without) are those
    of the clinical services: who waits for the laboratory waits on a ward. A person whom two
    services await counts twice. None also where the map counts the patients of none of them.
    `no_volume` (clinical ones), `no_revenue`: services that the sums of patients and of euros
    do not hold, since the map does not tell it of them.
    """

    entry: str
    replicas: int
    seed: int
    machines_on_map: int
    groups: int
    detonates: float
    standard_error: float
    by_worm: float
    hours_to_detonation: Range | None
    servers: Range | None
    machines: Range | None
    days_until_all_back: Range | None
    back_by_day: dict[int, Range] | None
    ways: tuple[Way, ...]
    services: tuple[ServiceForecast, ...]
    patients: Range | None
    late: Range | None
    patient_hours: Range | None
    elsewhere: Range | None
    euros: dict[str, Range] | None
    neighbours: tuple[NeighbourHit, ...]
    no_volume: tuple[str, ...]
    no_revenue: tuple[str, ...]


def forecast(
    whole: HospitalMap,
    given: Study,
    made: Replicas,
    about: tuple[str, int],
) -> Forecast:
    """Return what replicas say; `about` is the way in and the seed."""
    struck, services = np.isfinite(made.detonated), given.care.services
    struck_only = Replicas(*(each[struck] for each in made))
    count, share = len(struck), float(struck.mean()) if len(struck) else 0.0
    return Forecast(
        entry=about[0],
        replicas=count,
        seed=about[1],
        machines_on_map=given.alike.machines,
        groups=given.alike.groups,
        detonates=share,
        standard_error=float(np.sqrt(share * (1 - share) / max(count, 1))),
        by_worm=float(made.by_worm[struck].sum()) / max(count, 1),
        hours_to_detonation=range_of(made.detonated[struck]),
        servers=range_of(made.servers[struck]),
        machines=range_of(made.machines[struck]),
        days_until_all_back=range_of(made.all_back[struck] / 24),
        back_by_day=_ranges({day: made.back[struck, day - 1] for day in _days(made)}),
        ways=_ways(given, made, about[1]),
        services=tuple(
            _service(whole, name, number, struck_only) for number, name in enumerate(services)
        ),
        patients=_clinical(whole, services, struck_only.patients),
        late=_clinical(whole, services, struck_only.late),
        patient_hours=_clinical(whole, services, struck_only.waited),
        elsewhere=_clinical(whole, services, struck_only.elsewhere),
        neighbours=neighbours_hit(whole, (_columns(given), given.links), made),
        euros=_ranges(costs(whole, given, struck_only)),
        no_volume=_without_volume(whole, services),
        no_revenue=tuple(each for each in services if not _is_priced(whole, each)),
    )


def _ways(given: Study, made: Replicas, seed: int) -> tuple[Way, ...]:
    """Return the three most frequent paths to the domain that fell, in the words of the map."""
    struck = np.flatnonzero(np.isfinite(made.detonated))[:_WAYS_LOOKED_AT].tolist()
    found: Counter[tuple[Step, ...]] = Counter()
    graph, domains = given.attack.graph, list(given.attack.domains.values())
    for row in struck if domains else ():
        target = domains[int(made.taken[row, : len(domains)].argmin())]
        worm = bool(made.by_worm[row])
        nodes = graph.entry.tolist() if worm else way_to(graph, seed, row, target)
        way = steps(given.alike.whole, (given.attack.nodes[each] for each in nodes))
        found[(*way, Step("worm", "")) if worm else way] += 1
    return tuple(Way(count / len(struck), way) for way, count in found.most_common(3))


def _ranges(numbers: Mapping[Name, NDArray[np.float64]]) -> dict[Name, Range] | None:
    """Return the range of each of some numbers a replica; None where there is no replica."""
    found = {name: told for name, each in numbers.items() if (told := range_of(each))}
    return found or None


def costs(
    whole: HospitalMap, given: Study, made: Replicas
) -> Mapping[str, NDArray[np.float64]]:
    """Return euros a replica: of revenue, of restoring, of outside help, and together."""
    worth = np.array([_worth(whole, name) for name in given.care.services])
    assumed, around = given.assumed, given.around
    struck = np.isfinite(made.detonated)
    revenue = made.patients @ worth if len(worth) else np.zeros(len(struck))
    point = made.point.astype(np.intp)
    an_hour = at_points(assumed, around, "euros_a_crew_hour")[point]
    helped = at_points(assumed, around, "outside_help_euros")[point]
    restoring = made.all_back * assumed.crews * an_hour
    outside = np.where(struck, helped, 0.0)
    return {
        "revenue": revenue,
        "restoring": restoring,
        "outside help": outside,
        "together": revenue + restoring + outside,
    }


def outcome(whole: HospitalMap, given: Study, made: Sequence[Replicas]) -> Outcome:
    """Return what the replicas of all ways in cost, a row a way in."""
    services = given.care.services
    return Outcome(
        np.array([np.isfinite(each.detonated) for each in made]),
        np.array([of_patients(whole, services, each.patients) for each in made]),
        np.array([of_patients(whole, services, each.late) for each in made]),
        np.array([of_patients(whole, services, each.waited) for each in made]),
        np.array([costs(whole, given, each)["together"] for each in made]),
        counted=any(
            _is_clinical(whole, each) and _has_volume(whole, each) for each in services
        ),
    )


def of_patients(
    whole: HospitalMap, services: Sequence[str], made: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return the sum a replica of what the patients of clinical services bore."""
    clinical = [_is_clinical(whole, each) for each in services]
    found: NDArray[np.float64] = made[:, np.array(clinical, bool)].sum(axis=1)
    return found


def _clinical(
    whole: HospitalMap, services: Sequence[str], made: NDArray[np.float64]
) -> Range | None:
    """Return the range over the clinical services; None where the map counts none of them."""
    if not _counts_patients(whole, services):
        return None
    return range_of(of_patients(whole, services, made))


def _counts_patients(whole: HospitalMap, services: Sequence[str]) -> bool:
    """Tell whether the map says of any clinical service how many patients it has."""
    return any(_is_clinical(whole, each) and _has_volume(whole, each) for each in services)


def _without_volume(whole: HospitalMap, services: Sequence[str]) -> tuple[str, ...]:
    clinical = (each for each in services if _is_clinical(whole, each))
    return tuple(each for each in clinical if not _has_volume(whole, each))


def _is_clinical(whole: HospitalMap, service: str) -> bool:
    item = whole.items[service]
    return isinstance(item, Service) and item.sort == "clinical"


def _columns(given: Study) -> tuple[str, ...]:
    """Return the name of each column of `Replicas.taken`."""
    domains = (f"domain|{each}" for each in given.attack.domains)
    return (*domains, *given.attack.watched)


def _has_volume(whole: HospitalMap, service: str) -> bool:
    item = whole.items[service]
    return isinstance(item, Service) and item.patients_a_day is not None


def _is_priced(whole: HospitalMap, service: str) -> bool:
    """Tell whether the map counts a service's patients and says what one brings."""
    item = whole.items[service]
    priced = isinstance(item, Service) and item.euros is not None
    return priced and _has_volume(whole, service)


def _worth(whole: HospitalMap, service: str) -> float:
    item = whole.items[service]
    return (item.euros or 0.0) if isinstance(item, Service) else 0.0


def _days(made: Replicas) -> list[int]:
    return [
        day
        for day in (1, 2, 3, 5, 7, 10, 14, 21, 28, 42, 60, 90, 120)
        if day <= made.back.shape[1]
    ]


def _service(
    whole: HospitalMap, service: str, number: int, struck: Replicas
) -> ServiceForecast:
    item = whole.items[service]
    assert isinstance(item, Service)  # noqa: S101  # the arrays are of the map's services
    worth, known = _worth(whole, service), _has_volume(whole, service)
    hours, patients = struck.hours[:, number], struck.patients[:, number]
    gone = hours[:, Mode.DIVERTED.depth] + hours[:, Mode.CLOSED.depth]
    return ServiceForecast(
        service=service,
        name=item.name or service,
        role=item.role,
        clinical=item.sort == "clinical",
        lost=float((gone > 0).mean()) if len(gone) else None,
        hours=_in_modes(hours),
        not_full=range_of(hours[:, 1:].sum(axis=1)),
        full_again=range_of(struck.full_again[:, number]),
        patients=range_of(patients) if known else None,
        late=range_of(struck.late[:, number]) if known else None,
        patient_hours=range_of(struck.waited[:, number]) if known else None,
        euros=range_of(patients * worth) if _is_priced(whole, service) else None,
    )


def _in_modes(hours: NDArray[np.float64]) -> dict[str, Range] | None:
    """Return the hours in each mode that any replica saw; None where there is no replica."""
    if not len(hours):
        return None
    seen = (mode for mode in Mode if mode is not Mode.FULL and hours[:, mode.depth].any())
    return _ranges({str(mode): hours[:, mode.depth] for mode in seen}) or {}
