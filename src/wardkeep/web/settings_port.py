"""What the page Settings needs from outside: somebody who looks at settings and machine."""

from __future__ import annotations

from typing import Protocol

import msgspec

from wardkeep.app.inspection import Finding
from wardkeep.app.settings_difference import Difference


class SettingsLook(msgspec.Struct, frozen=True, kw_only=True):
    """What a look at settings and machine found, and when (UTC microseconds).

    `faults`: what the file on disk says that no server could keep, a sentence each with its
    line, in English; then `differences` from the running settings are not known.
    """

    at: int
    findings: tuple[Finding, ...] = ()
    faults: tuple[str, ...] = ()
    differences: tuple[Difference, ...] = ()


class SettingsDesk(Protocol):
    """The settings and the machine, as `wardkeep check` looks at them."""

    def look(self) -> SettingsLook:
        """Look at everything now: takes tens of milliseconds."""
        ...


class NoSettings:
    """A server that looks at nothing."""

    def look(self) -> SettingsLook:
        """Return that nothing was looked at."""
        return SettingsLook(at=0)
