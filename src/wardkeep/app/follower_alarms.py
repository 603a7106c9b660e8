"""What stands against a second box: the alarms that its copying gives reason for."""

from __future__ import annotations

from wardkeep.alarm.state import Name
from wardkeep.app.first import Following

FIRST_SILENT = "first-silent"
COPY_CONTRADICTED = "copy-contradicted"
FIRST_LOST = "first-lost-entries"
COPY_STOPPED = "copy-stopped"
PACK_KEYS = "pack-keys-differ"
MAP = "map-not-copied"
CODES = (FIRST_SILENT, COPY_CONTRADICTED, FIRST_LOST, COPY_STOPPED, PACK_KEYS, MAP)


def alarms_of(following: Following) -> dict[Name, str]:
    """Return what stands now, its words by code and subject."""
    found = {}
    if following.silent_since:
        subject = f"{following.first.host}:{following.first.port}"
        found[Name(FIRST_SILENT, subject)] = following.trouble
    if following.pack_keys:
        found[Name(PACK_KEYS, "")] = following.pack_keys
    if following.map.trouble:
        found[Name(MAP, "")] = following.map.trouble
    for ledger, copied in following.ledgers.items():
        if copied.trouble:
            code, _, detail = copied.trouble.partition(": ")
            known = code if code in CODES else COPY_STOPPED
            found[Name(known, ledger)] = detail or copied.trouble
    return found
