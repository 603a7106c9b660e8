"""What falls if something falls: through machines and applications to services and patients."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping
from typing import TypeVar

import msgspec

from wardkeep.hospital.map.care import LOST, Fallback, HomePatients, Mode, Need, Service
from wardkeep.hospital.map.item import Item, named_by, named_in, reference_to
from wardkeep.hospital.map.machines import Application, Device, Server, Workstations
from wardkeep.hospital.map.outside import Exchange
from wardkeep.hospital.map.places import BuildingService, Segment
from wardkeep.hospital.map.whole import HospitalMap

Some = TypeVar("Some", Need, Fallback)
_NONE: frozenset[str] = frozenset()
FALLS_WITH: Mapping[type[Item], frozenset[str]] = {
    Server: frozenset({"host", "segment", "site"}),
    Workstations: frozenset({"segment", "site"}),
    Segment: frozenset({"site"}),
    Device: frozenset({"segment", "site"}),
    Application: frozenset({"needs", "servers"}),
    Exchange: frozenset({"neighbour", "ends_at"}),
    BuildingService: frozenset({"controllers"}),
}
"""By kind, the fields that name what it falls with; services go by their site and needs."""


class ServiceFall(msgspec.Struct, frozen=True, kw_only=True):
    """How a service works then.

    `lacks`: what it needs and has no longer. `fallback`: the one it works by, empty for none.
    `share` of its usual patients, None where nobody said; `holds_hours` likewise.
    """

    service: str
    mode: Mode
    lacks: tuple[str, ...]
    fallback: str = ""
    share: float | None = None
    holds_hours: float | None = None
    patients_a_day: float | None = None


class Falls(msgspec.Struct, frozen=True, kw_only=True):
    """All that falls.

    `because`: by reference, what made it fall; for what fell first, itself. `services` that no
    longer work in full, the worst first; `home`: items of patients watched at home.
    """

    because: Mapping[str, str]
    services: tuple[ServiceFall, ...]
    home: tuple[str, ...]


def what_falls(whole: HospitalMap, first: Iterable[str]) -> Falls:
    """Return what falls when the items `first` (`kind:id`) do.

    Nothing comes back in it: what is restored, and when, is another question. Where the map
    does not say whether something works on alone or by hand, it is counted as falling.
    """
    falling = _Falling(whole)
    for reference in first:
        falling.put(reference, reference)
    falling.spread()
    services = sorted(
        falling.services.values(),
        key=lambda each: (-each.mode.depth, -(each.patients_a_day or 0), each.service),
    )
    home = [
        reference_to(each)
        for each in whole.of(HomePatients)
        if any(target in falling.because for _, target in named_by(each))
    ]
    return Falls(because=falling.because, services=tuple(services), home=tuple(home))


class _Falling:
    def __init__(self, whole: HospitalMap) -> None:
        self._whole = whole
        self.because: dict[str, str] = {}
        self.services: dict[str, ServiceFall] = {}
        self._next: deque[str] = deque()

    def put(self, reference: str, because: str) -> None:
        if reference not in self.because:
            self.because[reference] = because
            self._next.append(reference)

    def spread(self) -> None:
        while self._next:
            fallen = self._next.popleft()
            for field, namer in self._whole.named_from.get(fallen, ()):
                self._look(namer, field, fallen)

    def _look(self, namer: str, field: str, fallen: str) -> None:
        item = self._whole.items[namer]
        if isinstance(item, Need | Fallback):
            self._serve(f"service:{item.service}")
        elif isinstance(item, Service) and field == "site":
            self._serve(namer)
        elif self._goes(item, field):
            self.put(namer, fallen)

    def _goes(self, item: Item, field: str) -> bool:
        """Tell whether an item falls, now that something fell which it names in a field."""
        if field not in FALLS_WITH.get(type(item), _NONE):
            return False
        match item:
            case Device():
                return item.stands_alone is not True
            case Application() if field == "servers":
                return self._too_few(item)
            case BuildingService():
                return item.by_hand is not True and not self._standing(item, field)
            case Exchange() if field == "ends_at":
                return not self._standing(item, field)
            case _:
                return True

    def _too_few(self, item: Application) -> bool:
        needed = len(item.servers) if item.servers_needed is None else item.servers_needed
        return len(self._standing(item, "servers")) < needed

    def _standing(self, item: Item, field: str) -> list[str]:
        return [target for target in named_in(item, field) if target not in self.because]

    def _serve(self, reference: str) -> None:
        """See again how a service works, and let what needs it know when it is lost."""
        service = self._whole.items.get(reference)
        if not isinstance(service, Service):
            return
        fall = self._fall_of(service, reference)
        if fall is None:
            return
        self.services[reference] = fall
        if fall.mode in LOST:
            self.put(reference, fall.lacks[0])

    def _fall_of(self, service: Service, reference: str) -> ServiceFall | None:
        lacks = [each for each in named_in(service, "site") if each in self.because]
        worst = Mode.CLOSED if lacks else Mode.FULL
        for need in self._of(reference, Need):
            standing = self._standing(need, "of")
            wanted = len(need.of) if need.at_least is None else need.at_least
            if len(standing) < wanted:
                lacks += [each for each in named_in(need, "of") if each in self.because]
                worst = max(worst, need.without, key=lambda mode: mode.depth)
        if not lacks or worst is Mode.FULL:
            return None
        found = ServiceFall(
            service=reference,
            mode=worst,
            lacks=tuple(dict.fromkeys(lacks)),
            patients_a_day=service.patients_a_day,
        )
        return self._fallen_back(found)

    def _fallen_back(self, fall: ServiceFall) -> ServiceFall:
        able = [
            each
            for each in self._of(fall.service, Fallback)
            if each.mode.depth <= fall.mode.depth
            and len(self._standing(each, "needs")) == len(each.needs)
        ]
        if not able:
            return fall
        best = min(able, key=lambda each: (each.mode.depth, -(each.share or 0), each.id))
        return msgspec.structs.replace(
            fall,
            mode=best.mode,
            fallback=reference_to(best),
            share=best.share,
            holds_hours=best.holds_hours,
        )

    def _of(self, service: str, kind: type[Some]) -> list[Some]:
        named = self._whole.named_from.get(service, ())
        found = (self._whole.items[each] for field, each in named if field == "service")
        return [each for each in found if isinstance(each, kind)]
