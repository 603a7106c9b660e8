"""Breaking the glass at the terminal: recorded as the screens do, before anything shows."""

from __future__ import annotations

import getpass
from collections.abc import Sequence

from wardkeep.access.events import GlassBroken
from wardkeep.adapters.clock import now
from wardkeep.app.accounts import SiteAccounts
from wardkeep.app.alarms import raise_alarm
from wardkeep.app.consulting import record_looks
from wardkeep.app.control import is_running
from wardkeep.app.folder import HospitalFolder
from wardkeep.hospital.site import Site

ALARM = "break-glass"


def break_glass(
    folder: HospitalFolder,
    site: Site,
    said: tuple[str, str],
    records: Sequence[str],
    page: str,
) -> None:
    """Record who opened what and why (`said`), in both ledgers, with a look at each patient.

    A running server raises the alarm `break-glass`. Nothing stays open afterwards. Raises
    StoreFailedError or NotRunningError: then nothing may be shown.
    """
    person, why = said
    by, at = f"os:{getpass.getuser()}", now()
    SiteAccounts(folder).write(GlassBroken(person=person, reason=why, until=at, at=at, by=by))
    record_looks(folder, site, [""], "break-glass", f"{person}: {why}")
    record_looks(folder, site, list(records), page, "break-glass")
    if is_running(folder.control_socket):
        raise_alarm(folder, ALARM, by, person)
