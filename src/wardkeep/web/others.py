"""The group's other sites as this site's screens show them: copies, each with its own as-of.

A page is of another site where its address says so (`site=`). It is made from that site's
copied charts alone; nothing of the two is ever mixed on one page.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

import msgspec

from wardkeep.access.look import Look
from wardkeep.pack.state import Hold
from wardkeep.web.board import Boards
from wardkeep.web.due import DueBook
from wardkeep.web.live import Broadcaster
from wardkeep.web.looks import LookRecorder
from wardkeep.web.ports import Neighbour, Pack, PackShelf, WebDependencies

PARAMETER: Final = "site"
PATHS: Final = frozenset({"/", "/ward", "/patient", "/search", "/live"})
"""The pages that can be of another site: wards, patients, search. All else is its own."""


def address(path: str, site: str = "", **pairs: str) -> str:
    """Return the address of a page of a site by its code, "" is this one."""
    told = {**pairs, PARAMETER: site} if site else pairs
    return f"{path}?{urlencode(told)}" if told else path


class NoPacks:
    """A site whose paper is printed there and not here."""

    def latest(self, ward: str) -> Pack | None:  # noqa: ARG002  # the port's signature
        """Return nothing."""
        return None

    def made(self) -> Mapping[str, int]:
        """Return nothing."""
        return {}

    def held(self) -> Mapping[str, Hold]:
        """Return nothing."""
        return {}

    def beside(self, ward: str) -> Pack | None:  # noqa: ARG002  # the port's signature
        """Return nothing."""
        return None

    def failing(self) -> Mapping[str, int]:
        """Return nothing."""
        return {}


# Named with its type: `structs.replace` takes anything unseen by the type checker.
_NO_PACKS: Final[PackShelf] = NoPacks()


class OtherSite:
    """One other site, with what its pages are made from while the web runs."""

    def __init__(self, neighbour: Neighbour, deps: WebDependencies) -> None:
        self.site = neighbour.site
        self.deps = msgspec.structs.replace(
            deps,
            site=neighbour.site,
            charts=neighbour.charts,
            copy=neighbour.copy,
            packs=_NO_PACKS,
        )
        self.zone = ZoneInfo(neighbour.site.rules.timezone)
        self.dues = DueBook()
        self.boards = Boards(neighbour.charts, neighbour.site, self.dues)
        self.looks = LookRecorder(neighbour.looks)
        self.broadcaster = Broadcaster(neighbour.charts)

    def looked(self, session: str, looks: Sequence[Look], own: str) -> None:
        """Tell the other site of looks at its patients, from the site `own`."""
        told = [
            msgspec.structs.replace(look, why=f"{look.why} (site {own})".strip())
            for look in looks
        ]
        self.looks.looked(session, told)

    def kept_here(self, look: Look) -> Look:
        """Return a look as the own access ledger keeps it: records of two may be alike."""
        return msgspec.structs.replace(look, record=f"{self.site.code}:{look.record}")


def others_of(deps: WebDependencies) -> dict[str, OtherSite]:
    """Return the other sites by code."""
    return {each.site.code: OtherSite(each, deps) for each in deps.neighbours}
