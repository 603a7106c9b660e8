"""Another hospital or a supplier is struck now: one page, to act by and to print."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import get_args

import msgspec
from litestar import Response, get

from wardkeep.foresight.assessment import Assessment, Link, assess, missing
from wardkeep.hospital.map.care import LOST, Service
from wardkeep.hospital.map.errors import NotOnTheMapError
from wardkeep.hospital.map.machines import Application, Device, Server
from wardkeep.hospital.map.outside import Channel, Neighbour, Supplier
from wardkeep.hospital.map.placing import in_order
from wardkeep.hospital.map.whole import HospitalMap
from wardkeep.web.map_port import KnownMap
from wardkeep.web.map_screen import LONGEST_ASKED, SEE_MAP, page_of_map, with_map
from wardkeep.web.screen import Asked, Screen

MOST_LINKS = 100
ROWS_ON_PAPER = 11
_LEAST_OF_OTHERS = 4
_MISSING_ON_PAPER = {False: 6, True: 2}
_FULL = 7
"""What the one page of A4 holds: of more it says how many, and they are on the screen. Ways in
come first: others get at least four rows. With more than _FULL rows each is cut at three lines,
and less is asked for."""
_MOST_TO_CHOOSE = 60


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """A link with what the page says of cutting it.

    `channels`: those that carry an attack first. `kept`: not a link but a system of ours that
    they keep running. `site`: where it stands.
    `patients` a day of the services that lose by it, of `unknown` of them nobody said.
    """

    link: Link
    channels: tuple[Channel, ...]
    kept: bool
    site: str
    patients: float
    unknown: int


@get("/map/struck", opt=SEE_MAP, sync_to_thread=True)
def map_struck(screen: Asked) -> Response[bytes]:
    """Show what links us to ?item=, a neighbour or supplier; without it, who that may be."""
    asked = screen.parameter("item")[:LONGEST_ASKED]

    def made(known: KnownMap) -> Response[bytes]:
        if not asked:
            return _chooser(screen, known, "")
        try:
            found = assess(known.whole, asked)
        except NotOnTheMapError:
            return _chooser(screen, known, asked)
        return page_of_map(screen, known, "map_struck.html", _context(known.whole, found))

    return with_map(screen, f"map {asked}" if asked else "map", made)


def _chooser(screen: Screen, known: KnownMap, unknown: str) -> Response[bytes]:
    whole = known.whole
    context = {
        "unknown": unknown,
        "lists": [
            (str(kind.__struct_config__.tag), in_order(whole.of(kind)))
            for kind in (Neighbour, Supplier)
        ],
        "most": _MOST_TO_CHOOSE,
    }
    status = 404 if unknown else 200
    return page_of_map(screen, known, "map_struck_choice.html", context, status)


def _context(whole: HospitalMap, found: Assessment) -> Mapping[str, object]:
    told = [_told(whole, each) for each in found.links]
    carrying = [each for each in told if each.link.may_carry_the_attack]
    others = _most_care_first(told)
    ways_in = ROWS_ON_PAPER - min(len(others), _LEAST_OF_OTHERS)
    lost = [each for each in found.without_them if each.mode in LOST]
    return {
        "struck": found.struck,
        "carrying": carrying[:MOST_LINKS],
        "others": others[:MOST_LINKS],
        "carrying_on_paper": ways_in,
        "others_on_paper": ROWS_ON_PAPER - min(ways_in, len(carrying)),
        "number": len(told),
        "stop": len(lost),
        "worse": len(found.without_them) - len(lost),
        "without_them": found.without_them[:MOST_LINKS],
        "missing": _missing(whole, found.links),
        "missing_on_paper": _MISSING_ON_PAPER[len(told) > _FULL],
        "full": len(told) > _FULL,
    }


def _most_care_first(told: Sequence[Told]) -> list[Told]:
    """Return what carries nothing: it is kept, and what stops most care is watched first."""
    others = [each for each in told if not each.link.may_carry_the_attack]
    return sorted(others, key=lambda each: (-each.patients, -len(each.link.services)))


def _told(whole: HospitalMap, link: Link) -> Told:
    services = [whole.items[each.service] for each in link.services]
    unknown = sum(
        isinstance(each, Service) and each.sort != "office" and each.patients_a_day is None
        for each in services
    )
    return Told(
        link=link,
        channels=tuple(sorted(link.channels, key=get_args(Channel).index)),
        kept=isinstance(whole.items[link.item], Application | Device | Server),
        site=str(getattr(whole.items[link.item], "site", "")),
        patients=link.patients_a_day,
        unknown=unknown,
    )


def _missing(whole: HospitalMap, links: Sequence[Link]) -> list[tuple[str, list[str]]]:
    found: dict[str, list[str]] = {}
    for each in missing(whole, links[:MOST_LINKS]):
        found.setdefault(each.item, []).append(each.what)
    return list(found.items())
