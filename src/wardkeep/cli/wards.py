"""`wardkeep wards` lists the wards with their patients."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

NAME = "wards"
SUMMARY = "List the wards, their patients and how far doses are charted."
EXAMPLE = "wardkeep wards /srv/wardkeep --json"


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the folder and --json."""
    parser.add_argument("folder", metavar="DIR", type=Path, help="the hospital folder")
    parser.add_argument("--json", action="store_true", help="the wards as JSON on stdout")


def run(options: argparse.Namespace) -> int:
    """Print every ward with a patient or a declaration."""
    from zoneinfo import ZoneInfo

    import msgspec

    from wardkeep.app.consulting import consult
    from wardkeep.app.folder import open_folder
    from wardkeep.app.losses import accepted_and_missing
    from wardkeep.app.settings import load_site
    from wardkeep.app.site_keys import open_keys
    from wardkeep.kernel.wall_clock import named

    folder = open_folder(options.folder)
    site = load_site(folder)
    charts = consult(folder, site)
    wards = charts.wards()
    charts.close()
    lost = accepted_and_missing(folder, open_keys(folder))
    _warn(lost)
    if options.json:
        told = [{**msgspec.to_builtins(each), "entries_lost": lost} for each in wards]
        print(msgspec.json.format(msgspec.json.encode(told), indent=2).decode())
        return 0
    zone = ZoneInfo(site.rules.timezone)
    for ward in wards:
        if not ward.doses_fed:
            charted = "doses NOT FED"
        elif ward.charted_up_to is None:
            charted = "no dose recorded"
        else:
            charted = f"charted up to {named(ward.charted_up_to, zone)}"
        patients = "patient " if ward.patients == 1 else "patients"
        print(f"{ward.ward:<12} {ward.patients:>4} {patients}  {charted:<33} {ward.name}")
    return 0


def _warn(lost: Sequence[str]) -> None:
    """Say on standard error that what is listed may lack what lost entries said."""
    if lost:
        told = "; ".join(lost)
        print(f"wardkeep: NOT WHOLE, ENTRIES LOST: {told}", file=sys.stderr)
