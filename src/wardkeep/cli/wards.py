"""`wardkeep wards` lists the wards with their patients."""

from __future__ import annotations

import argparse
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
    from wardkeep.app.settings import load_site
    from wardkeep.kernel.wall_clock import named

    folder = open_folder(options.folder)
    site = load_site(folder)
    charts = consult(folder, site)
    wards = charts.wards()
    charts.close()
    if options.json:
        print(msgspec.json.format(msgspec.json.encode(wards), indent=2).decode())
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
