"""What names lead to: what one that is not on the map may mean, and what leads nowhere."""

from __future__ import annotations

from collections.abc import Iterator

from wardkeep.hospital.map.item import named_in, reference_to
from wardkeep.hospital.map.machines import Application, Device, Server, Workstations
from wardkeep.hospital.map.outside import Exchange, RemoteAccess
from wardkeep.hospital.map.places import Reach, Segment
from wardkeep.hospital.map.whole import HospitalMap


class Meant:
    """Says what stands on a map that somebody may have meant by a name that does not."""

    def __init__(self, whole: HospitalMap) -> None:
        self._whole = whole
        self._called: dict[str, list[str]] = {}
        for reference, item in whole.items.items():
            for name in dict.fromkeys((item.id.casefold(), item.name.casefold())):
                self._called.setdefault(name, []).append(reference)

    def by(self, target: str) -> str:
        """Return the one thing of that id or name, in whatever case, that the field takes.

        The kind that was named goes before others; "" where none or several could be meant.
        """
        kind, _, name = target.partition(":")
        takes = self._taken(target)
        found = [
            each
            for each in self._called.get(name.casefold(), ())
            if each.partition(":")[0] in takes
        ]
        same = [each for each in found if each.partition(":")[0] == kind]
        likely = same or found
        return likely[0] if len(likely) == 1 else ""

    def _taken(self, target: str) -> set[str]:
        """Return the kinds that every field which names the target takes."""
        kinds: set[str] | None = None
        for field, namer in self._whole.named_from[target]:
            refers = type(self._whole.items[namer]).REFERS.get(field, ())
            kinds = {*refers} if kinds is None else kinds & {*refers}
        return kinds or set()


def leading_nowhere(whole: HospitalMap) -> Iterator[str]:
    """Yield each access and exchange of which no target holds a machine on the map.

    An access without targets is one; of an exchange without ends nobody said that it has one.
    """
    held = _with_machines(whole)
    for access in whole.of(RemoteAccess):
        if not any(_holds(whole, held, each) for each in named_in(access, "targets")):
            yield reference_to(access)
    for exchange in whole.of(Exchange):
        ends = named_in(exchange, "ends_at")
        if ends and not any(_holds(whole, held, each) for each in ends):
            yield reference_to(exchange)


def empty_segments(whole: HospitalMap) -> Iterator[tuple[str, str]]:
    """Yield each segment of the house without a machine that another reaches, and by what."""
    held = _with_machines(whole)
    reached = {f"segment:{each.target}": reference_to(each) for each in whole.of(Reach)}
    for segment in whole.of(Segment):
        reference = reference_to(segment)
        if segment.zone != "outside" and reference not in held and reference in reached:
            yield reference, reached[reference]


def _with_machines(whole: HospitalMap) -> set[str]:
    machines: tuple[Server | Workstations | Device, ...] = (
        *whole.of(Server),
        *whole.of(Workstations),
        *whole.of(Device),
    )
    return {f"segment:{each.segment}" for each in machines if each.segment}


def _holds(whole: HospitalMap, held: set[str], target: str) -> bool:
    item = whole.items.get(target)
    if isinstance(item, Segment):
        return target in held
    if isinstance(item, Application):
        return any(f"server:{each}" in whole.items for each in item.servers)
    return item is not None
