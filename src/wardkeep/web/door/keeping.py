"""Tells others what the door counted: a file for lists of tokens, an alarm for refusals."""

from __future__ import annotations

from contextlib import suppress

from wardkeep.adapters.clock import now
from wardkeep.adapters.door_figures import DoorFigures, write_figures
from wardkeep.app.alarms import clear_alarm, last_known, raise_alarm
from wardkeep.app.folder import HospitalFolder
from wardkeep.kernel.times import MINUTE
from wardkeep.web.door.figures import Tally

ALARM = "fhir-refused"
# A sender in trouble tries again sooner than this; one that was mended goes away by itself.
STANDS = 15 * MINUTE


class Keeper:
    """Keeps figures beside a server and its alarm book; used by one thread at a time."""

    def __init__(self, folder: HospitalFolder) -> None:
        self._folder = folder
        # What stands from before a restart is ended by the first call that does not find it.
        self._told = {a.subject: a.detail for a in last_known(folder) if a.code == ALARM}

    def keep(self, tally: Tally) -> None:
        """Write what changed, raise and clear what stands against senders."""
        changed = tally.is_changed
        figures = tally.figures()
        if changed:
            # A full disk costs the date of a token's last use and nothing else.
            with suppress(OSError):
                write_figures(self._folder.door_figures, figures)
        standing = refusals(figures, now())
        for subject in self._told.keys() - standing.keys():
            if clear_alarm(self._folder, ALARM, subject):
                del self._told[subject]
        for subject, detail in standing.items():
            if self._told.get(subject) != detail and raise_alarm(
                self._folder, ALARM, subject, detail
            ):
                self._told[subject] = detail


def refusals(figures: DoorFigures, at: int) -> dict[str, str]:
    """Return by feed why it was refused last, of those refused within `STANDS` before `at`.

    Who could not be named is counted and raises nothing: anybody may knock without a token, and
    no stranger may alarm the wards.
    """
    return {
        feed: each.last_refusal
        for feed, each in figures.senders.items()
        if feed and each.last_refused is not None and 0 <= at - each.last_refused < STANDS
    }
