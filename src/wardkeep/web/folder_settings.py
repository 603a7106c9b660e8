"""The settings of a hospital folder and its machine, looked at for a page."""

from __future__ import annotations

from wardkeep.adapters import clock
from wardkeep.app.errors import SettingsError
from wardkeep.app.folder import HospitalFolder
from wardkeep.app.inspection import inspect
from wardkeep.app.settings import load_site
from wardkeep.app.settings_difference import differences, masked
from wardkeep.hospital.site import Site
from wardkeep.web.settings_port import SettingsLook


class FolderSettings:
    """Looks as `wardkeep check` does, and at what the file says otherwise by now."""

    def __init__(self, folder: HospitalFolder, running: Site) -> None:
        self._folder, self._running = folder, running

    def look(self) -> SettingsLook:
        """Look at the folder and the machine by the settings that the server runs with."""
        try:
            file = load_site(self._folder)
        except SettingsError as fault:
            faults = tuple(masked(line) for line in str(fault).splitlines())
            found = inspect(self._folder, self._running)
            return SettingsLook(at=clock.now(), findings=tuple(found), faults=faults)
        # By the file: what somebody just mended there is not told as missing any more.
        return SettingsLook(
            at=clock.now(),
            findings=tuple(inspect(self._folder, file)),
            differences=tuple(differences(self._running, file)),
        )
