"""How verbs read the charts: up to date with all that was acknowledged before they began."""

from __future__ import annotations

import getpass
import sys
import threading

from wardkeep.adapters.clock import now, steady
from wardkeep.adapters.heads_seen import given_out
from wardkeep.adapters.operations_store import ACCESS, open_access
from wardkeep.adapters.stored_charts import StoredCharts
from wardkeep.adapters.writer_lock import WriterLock
from wardkeep.app.chart_process import open_chronicler
from wardkeep.app.control import call, is_running
from wardkeep.app.errors import ChartsBehindError
from wardkeep.app.folder import HospitalFolder
from wardkeep.app.site_keys import ask_before_locking, open_keys
from wardkeep.hospital.site import Site
from wardkeep.ledger.encoding import LookEntry
from wardkeep.ledger.errors import KeyMissingError, LedgerFaultError, StoreLockedError

_PATIENCE_SECONDS = 60.0
_PAUSE_SECONDS = 0.02


def consult(
    folder: HospitalFolder, site: Site, patience: float = _PATIENCE_SECONDS
) -> StoredCharts:
    """Return the charts with everything in them that the ledger held when this was called.

    Waits for a running server to get there as long as it gets on; without one the charts are
    folded here. Where the ledger cannot be read they are as they stood, and stderr says so.
    Raises ChartsBehindError when they stand still for a minute, StoreLockedError,
    KeyMissingError, LedgerFaultError.
    """
    if not is_running(folder.control_socket):
        ask_before_locking(folder)
        with WriterLock(folder.writer_lock):
            chronicler = open_chronicler(folder, site)
            try:
                while chronicler.step():
                    pass
            except (KeyMissingError, LedgerFaultError) as fault:
                # What the charts hold is worth more to a ward than an error.
                said = f"wardkeep: {fault}; what the charts hold is shown"
                print(said, file=sys.stderr)  # noqa: T201  # every verb shows it
            finally:
                chronicler.close()
        return _open(folder, site)
    charts = _open(folder, site)
    try:
        _await_charts(charts, charts.ledger_end(), patience)
    except BaseException:
        charts.close()
        raise
    return charts


def consult_as_they_stand(folder: HospitalFolder, site: Site) -> StoredCharts:
    """Return the charts as `consult`, or as they stood where another process writes now.

    For what tells of the shelf and shows no patient: stderr says so. Raises as `consult`, but
    no StoreLockedError.
    """
    try:
        return consult(folder, site)
    except StoreLockedError as fault:
        said = f"wardkeep: {fault}; streams are told as the charts stood before"
        print(said, file=sys.stderr)  # noqa: T201  # as above
        return _open(folder, site)


def _await_charts(charts: StoredCharts, end: int, patience: float) -> None:
    pause, until = threading.Event(), steady() + patience
    reached = charts.cursor()
    while reached < end:
        if steady() > until:
            raise ChartsBehindError(
                f"the charts stand at entry {reached} of {end} and do not move"
            )
        pause.wait(_PAUSE_SECONDS)
        before, reached = reached, charts.cursor()
        if reached != before:
            until = steady() + patience


def record_looks(
    folder: HospitalFolder, site: Site, records: list[str], page: str, why: str = ""
) -> None:
    """Put looks of the person at the terminal into the access ledger.

    Raises StoreFailedError or NotRunningError: then nothing may be shown.
    """
    who, at = f"os:{getpass.getuser()}", now()
    looks = [LookEntry(at, who, record, page, why) for record in records]
    if is_running(folder.control_socket):
        told = [
            {"at": k.at, "who": k.who, "record": k.record, "page": k.page, "why": k.why}
            for k in looks
        ]
        call(folder.control_socket, "looks.record", {"looks": told})
        return
    ask_before_locking(folder)
    with WriterLock(folder.writer_lock):
        ring = open_keys(folder)
        heads = given_out(folder.ledgers, ring)
        access = open_access(folder.access, ring, site.cipher, heads.get(ACCESS))
        access.append(looks)
        access.close()


def _open(folder: HospitalFolder, site: Site) -> StoredCharts:
    ring = open_keys(folder)
    return StoredCharts(folder.chart_database, folder.clinical, ring, site)
