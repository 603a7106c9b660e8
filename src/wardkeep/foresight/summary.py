"""What the replicas say: likelihoods, ranges and days, never a point without its range."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

import msgspec
import numpy as np
from numpy.typing import ArrayLike, NDArray

from wardkeep.foresight.engines.attack_path import way_to
from wardkeep.foresight.engines.whole_attack import Replicas
from wardkeep.foresight.parameters import Assumptions
from wardkeep.foresight.replicas import Study
from wardkeep.hospital.map.care import Mode, Service
from wardkeep.hospital.map.machines import Server
from wardkeep.hospital.map.whole import HospitalMap

_LOWER, _MIDDLE, _UPPER = 10, 50, 90
_WAYS_LOOKED_AT = 400


class Range(msgspec.Struct, frozen=True):
    """What a number is in the lower tenth, the middle and the upper tenth of the replicas."""

    p10: float
    p50: float
    p90: float


class Way(msgspec.Struct, frozen=True):
    """A frequent path to the control of the domain: its share of the attacks, and its steps."""

    share: float
    steps: tuple[str, ...]


class ServiceForecast(msgspec.Struct, frozen=True, kw_only=True):
    """One service over all attacks that detonated.

    `lost`: share of them in which it was diverted or closed at some hour; `hours` in each mode
    but full, and `not_full` together; `patients` not treated, None where no
    volume is on the map; `euros` of revenue, None where no revenue is.
    """

    service: str
    name: str
    lost: float
    hours: dict[str, Range]
    not_full: Range
    patients: Range | None
    euros: Range | None


class Forecast(msgspec.Struct, frozen=True, kw_only=True):
    """What attacks by one way in would do.

    `detonates`: share of the replicas, with its standard error. The ranges are over those that
    detonated. `back_by_day`: share of the lost servers back, by day after the detonation.
    `no_volume`, `no_revenue`: services that the sums of patients and of euros do not hold,
    since the map does not tell it of them.
    """

    entry: str
    replicas: int
    seed: int
    detonates: float
    standard_error: float
    hours_to_detonation: Range | None
    servers: Range
    machines: Range
    days_until_all_back: Range
    back_by_day: dict[int, Range]
    ways: tuple[Way, ...]
    services: tuple[ServiceForecast, ...]
    patients: Range
    euros: dict[str, Range]
    no_volume: tuple[str, ...]
    no_revenue: tuple[str, ...]


def forecast(
    whole: HospitalMap,
    given: Study,
    made: Replicas,
    about: tuple[str, int],
    assumed: Assumptions,
) -> Forecast:
    """Return what replicas say; `about` is the way in and the seed."""
    struck, services = np.isfinite(made.detonated), given.care.services
    count = len(made.detonated)
    share = float(struck.mean()) if count else 0.0
    entry, seed = about
    return Forecast(
        entry=entry,
        replicas=count,
        seed=seed,
        detonates=share,
        standard_error=float(np.sqrt(share * (1 - share) / max(count, 1))),
        hours_to_detonation=_range(made.detonated[struck]) if struck.any() else None,
        servers=_range(made.servers[struck]),
        machines=_range(made.machines[struck]),
        days_until_all_back=_range(made.all_back[struck] / 24),
        back_by_day={day: _range(made.back[struck, day - 1]) for day in _days(made)},
        ways=_ways(whole, given, made, seed),
        services=tuple(
            _service(whole, name, made.hours[struck, number], made.patients[struck, number])
            for number, name in enumerate(services)
        ),
        patients=_range(made.patients[struck].sum(axis=1)),
        euros={
            name: _range(each[struck])
            for name, each in costs(whole, services, made, assumed).items()
        },
        no_volume=tuple(each for each in services if not _has_volume(whole, each)),
        no_revenue=tuple(each for each in services if not _worth(whole, each)),
    )


def _ways(whole: HospitalMap, given: Study, made: Replicas, seed: int) -> tuple[Way, ...]:
    """Return the three most frequent paths to the first domain, in the words of the map."""
    struck = np.flatnonzero(np.isfinite(made.detonated))[:_WAYS_LOOKED_AT].tolist()
    found: Counter[tuple[str, ...]] = Counter()
    for row in struck if given.attack.domains else ():
        target = next(iter(given.attack.domains.values()))
        nodes = way_to(given.attack.graph, seed, row, target)
        found[tuple(_step(whole, given.attack.nodes[each]) for each in nodes)] += 1
    return tuple(Way(count / len(struck), steps) for steps, count in found.most_common(3))


def _step(whole: HospitalMap, node: str) -> str:
    """Return a node in words; servers of one tier and segment go by one name."""
    item = whole.items.get(node)
    if isinstance(item, Server):
        tier = "a server" if item.tier is None else f"a server of tier {item.tier}"
        return f"{tier} in {item.segment or 'a segment that is NOT RECORDED'}"
    return node.replace("|", " ")


def costs(
    whole: HospitalMap, services: Sequence[str], made: Replicas, assumed: Assumptions
) -> Mapping[str, NDArray[np.float64]]:
    """Return euros a replica: of revenue, of restoring, of outside help, and together."""
    worth = np.array([_worth(whole, name) for name in services])
    struck = np.isfinite(made.detonated)
    revenue = made.patients @ worth if len(worth) else np.zeros(len(struck))
    restoring = made.all_back * assumed.crews * assumed.euros_a_crew_hour
    outside = np.where(struck, assumed.outside_help_euros, 0.0)
    return {
        "revenue": revenue,
        "restoring": restoring,
        "outside help": outside,
        "together": revenue + restoring + outside,
    }


def _has_volume(whole: HospitalMap, service: str) -> bool:
    item = whole.items[service]
    return isinstance(item, Service) and item.patients_a_day is not None


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
    whole: HospitalMap, service: str, hours: NDArray[np.float64], patients: NDArray[np.float64]
) -> ServiceForecast:
    item = whole.items[service]
    worth = _worth(whole, service)
    gone = hours[:, Mode.DIVERTED.depth] + hours[:, Mode.CLOSED.depth]
    return ServiceForecast(
        service=service,
        name=item.name or service,
        lost=float((gone > 0).mean()) if len(gone) else 0.0,
        hours={
            str(mode): _range(hours[:, mode.depth])
            for mode in Mode
            if mode is not Mode.FULL and hours[:, mode.depth].any()
        },
        not_full=_range(hours[:, 1:].sum(axis=1)),
        patients=_range(patients) if _has_volume(whole, service) else None,
        euros=_range(patients * worth) if worth else None,
    )


def _range(numbers: ArrayLike) -> Range:
    given = np.asarray(numbers, np.float64)
    if not given.size:
        return Range(0.0, 0.0, 0.0)
    low, middle, high = np.percentile(given, [_LOWER, _MIDDLE, _UPPER])
    return Range(float(low), float(middle), float(high))
