"""`wardkeep check` tells whether a folder and its machine are fit to serve."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from wardkeep.app.inspection import Finding

NAME = "check"
SUMMARY = "Look at settings, keys, disk, ports and clock of a hospital folder."
EXAMPLE = "wardkeep check /srv/wardkeep"


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the folder and --json."""
    parser.add_argument("folder", metavar="DIR", type=Path, help="the hospital folder")
    parser.add_argument("--json", action="store_true", help="findings as JSON on stdout")


def run(options: argparse.Namespace) -> int:
    """Print every finding; 0 when none is a fault, 1 else, 3 when the settings are bad."""
    from wardkeep.app.folder import open_folder
    from wardkeep.app.inspection import Outcome, inspect
    from wardkeep.app.settings import load_site

    folder = open_folder(options.folder)
    findings = inspect(folder, load_site(folder))
    sound = all(each.outcome is not Outcome.FAULT for each in findings)
    if options.json:
        told = [_told(each) for each in findings]
        print(json.dumps({"ok": sound, "findings": told}, indent=2))
        return 0 if sound else 1
    for each in findings:
        print(f"{each.outcome.value:<8} {each.subject}: {each.text}")
        if each.remedy:
            print(f"{'':8}   What to do: {each.remedy}")
    return 0 if sound else 1


def _told(finding: Finding) -> dict[str, str]:
    return {
        "subject": finding.subject,
        "outcome": finding.outcome.value,
        "text": finding.text,
        "remedy": finding.remedy,
    }
