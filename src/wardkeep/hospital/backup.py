"""Where backups of a site server go, and how long each is kept."""

from __future__ import annotations

import msgspec


class Backup(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where backups of the folder go, and how long each is kept.

    Kept no longer than the clinical ledger is: a backup holds the keys of its days.
    """

    repository: str = ""
    """An address that restic takes; empty: `wardkeep backup --to` names one."""
    password_file: str | None = None
    """Holds the repository's password; else one is made and wrapped to the site's keys."""
    keep_hourly: int = 24
    keep_daily: int = 14
    late_after_hours: int = 26
    """An alarm stands when the newest good backup is older."""
