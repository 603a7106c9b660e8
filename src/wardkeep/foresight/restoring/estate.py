"""A map and what is lost of it as a problem of restoring.

Lost servers are the work; what only falls with them runs again as soon as its carrier does. A
server waits for its host, for what it is `restored_after`, and for one that holds a copy of it,
if all that do are lost. What an application needs is no reason to wait: its servers can be
restored at once, but no service is back before all that its needs reach is.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from wardkeep.foresight.restoring.copies import CopyWaits
from wardkeep.foresight.restoring.numbers import PlanNumbers
from wardkeep.foresight.restoring.problem import RestoreProblem, restore_problem
from wardkeep.foresight.restoring.reach import Reach
from wardkeep.foresight.restoring.weights import LostCare, lost_care
from wardkeep.hospital.map.falls import what_falls
from wardkeep.hospital.map.item import reference_to
from wardkeep.hospital.map.machines import Server
from wardkeep.hospital.map.whole import HospitalMap


class LostEstate(msgspec.Struct, frozen=True):
    """The problem; by server what the map says of it; by goal the care that is lost.

    `stated`: by server, for whom it waits as the map says, its copy aside; `copies`: the rest.
    """

    problem: RestoreProblem
    servers: tuple[Server, ...]
    care: tuple[LostCare, ...]
    stated: tuple[frozenset[int], ...]
    copies: CopyWaits


def lost_estate(
    whole: HospitalMap, lost: Sequence[str], crews: int, numbers: PlanNumbers
) -> LostEstate:
    """Return what must be restored when the servers `lost` (ids) are.

    Raises NotOnTheMapError, and RestoreCycleError where servers wait for each other.
    """
    items = [whole.item(f"server:{each}") for each in lost]
    servers = tuple(each for each in items if isinstance(each, Server))
    places = {reference_to(each): number for number, each in enumerate(servers)}
    hours = [_hours(each, numbers) for each in servers]
    falls = what_falls(whole, places)
    reach = Reach(whole, falls.because, places, hours)
    care = lost_care(whole, falls, numbers)
    work = [(server.id, needed) for server, needed in zip(servers, hours, strict=True)]
    wanted = [(each.weight, reach.servers(each.needs)) for each in care]
    problem = restore_problem(work, reach.before, wanted, crews)
    return LostEstate(problem, servers, care, tuple(reach.stated), reach.copies)


def _hours(server: Server, numbers: PlanNumbers) -> float:
    return numbers.hours(server.tier) if server.restore_hours is None else server.restore_hours
