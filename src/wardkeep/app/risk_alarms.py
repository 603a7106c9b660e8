"""Accepted risks whose day of review is past: an alarm for each, until it is looked at."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

from wardkeep.adapters.key_ring import KeyRing
from wardkeep.alarm.state import Name
from wardkeep.app.alarms import AlarmBook
from wardkeep.app.folder import HospitalFolder
from wardkeep.app.governance import decided
from wardkeep.foresight.errors import ForesightEventError
from wardkeep.foresight.governance.risk import Acceptances, is_overdue
from wardkeep.hospital.site import Site
from wardkeep.kernel.times import HOUR
from wardkeep.kernel.wall_clock import local
from wardkeep.ledger.errors import LedgerFaultError, StoreFailedError

CODE = "risk-review-overdue"


class RiskAlarms:
    """Looks at what is accepted once an hour."""

    def __init__(
        self, folder: HospitalFolder, ring: KeyRing, site: Site, book: AlarmBook
    ) -> None:
        self._folder, self._ring, self._book = folder, ring, book
        self._zone = ZoneInfo(site.rules.timezone)
        self._next = 0

    def look(self, at: int) -> None:
        """Let stand in the book exactly what is overdue at `at`.

        Where the ledger cannot be read, what stood stands: its own alarm tells the fault.
        """
        # Also where the clock was put back.
        if self._next - HOUR <= at < self._next:
            return
        self._next = at + HOUR
        try:
            risks = decided(self._folder, self._ring)[0]
        except (ForesightEventError, LedgerFaultError, StoreFailedError):
            return
        self._book.replace({CODE}, overdue(risks, local(at, self._zone).date()), at)


def overdue(risks: Acceptances, today: dt.date) -> dict[Name, str]:
    """Return by risk who accepts it and since when its review is due."""
    return {
        Name(CODE, str(risk)): f"accepted by {event.accepted_by} until {event.review}"
        for risk, event in risks.items()
        if is_overdue(event, today)
    }
