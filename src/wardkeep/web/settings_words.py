"""Words of the page Settings: what findings are about, and how they weigh."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from wardkeep.web.words import N_

SUBJECTS: Final[Mapping[str, str]] = {
    "settings": N_("Settings"),
    "wards": N_("Wards"),
    "feeds": N_("Feeds"),
    "printers": N_("Printers"),
    "deliveries": N_("Deliveries"),
    "accounts": N_("Accounts"),
    "clock": N_("Clocks"),
    "paper": N_("Paper"),
    "retention": N_("Retention"),
    "server": N_("This server"),
    "folder": N_("Folder"),
    "keys": N_("Keys"),
    "certificates": N_("Certificates"),
    "memory": N_("Memory"),
    "disk": N_("Disk"),
    "ports": N_("Ports"),
    "reach": N_("Reach"),
    "copies": N_("Second box"),
    "backup": N_("Backup"),
}
OUTCOMES: Final[Mapping[str, str]] = {
    "fault": N_("FAULT"),
    "warning": N_("MISSING"),
    "ok": N_("sound"),
}
EMPTY: Final[Mapping[str, str]] = {
    "wards": N_("No ward is declared."),
    "feeds": N_("No feed is set."),
    "printers": N_("No printer is set up."),
    "deliveries": N_("No place for deliveries is set."),
}
