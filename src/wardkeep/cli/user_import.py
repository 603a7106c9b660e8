"""`wardkeep user import`: the hospital's list becomes accounts, all of it or nothing."""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from wardkeep.access.importing import Import

_SHOWN = 20
_TELLS = ("added", "changed", "missing", "disabled", "still_disabled")


def import_people(options: argparse.Namespace) -> int:
    """Carry it out, slips first: codes that were written nowhere would open nothing."""
    from wardkeep.adapters.clock import now
    from wardkeep.app.accounts import SiteAccounts
    from wardkeep.app.errors import SlipsNeededError
    from wardkeep.app.folder import open_folder
    from wardkeep.app.settings import load_site
    from wardkeep.app.slips import write_slips
    from wardkeep.cli.warning import warn_of_slips

    folder = open_folder(options.folder)
    accounts = SiteAccounts(folder)
    planned = accounts.plan_import(
        options.file.read_bytes(), disable_missing=options.disable_missing
    )
    if not options.dry_run:
        if planned.added and options.slips is None:
            raise SlipsNeededError(f"{len(planned.added)} people would be added")
        if planned.added:
            write_slips(options.slips, planned, load_site(folder), now())
        try:
            accounts.carry_out(planned)
        except BaseException:
            if planned.added:
                options.slips.unlink(missing_ok=True)
            raise
        if planned.added:
            warn_of_slips(load_site(folder))
    _tell(planned, options)
    return 0


def _tell(planned: Import, options: argparse.Namespace) -> None:
    if options.json:
        told: dict[str, object] = {"ok": True, "dry_run": options.dry_run}
        told |= {name: list(getattr(planned, name)) for name in _TELLS}
        print(json.dumps({**told, "unchanged": planned.unchanged}, indent=2))
        return
    would = "would be " if options.dry_run else ""
    print(f"{len(planned.added)} {would}added{_names(planned.added)}")
    print(f"{len(planned.changed)} {would}changed{_names(planned.changed)}")
    print(f"{planned.unchanged} stay as they are")
    if planned.disabled:
        print(f"{len(planned.disabled)} {would}disabled{_names(planned.disabled)}")
    if planned.missing:
        gone = f"{len(planned.missing)} are gone from the list and may still log in"
        print(f"{gone}{_names(planned.missing)}; --disable-missing ends that")
    if planned.still_disabled:
        print(f"{len(planned.still_disabled)} stay disabled{_names(planned.still_disabled)}")
    if planned.added and not options.dry_run:
        print(f"Their one-time codes are in {options.slips}: print it, cut it, delete it.")


def _names(names: Sequence[str]) -> str:
    more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    return f": {', '.join(names[:_SHOWN])}{more}" if names else ""
