"""`wardkeep alarms` says what stands against a running server, since when and what to do."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from wardkeep.alarm.state import Alarm
    from wardkeep.app.folder import HospitalFolder

NAME = "alarms"
SUMMARY = "Say what stands against a running server, since when and what to do about it."
EXAMPLE = "wardkeep alarms /srv/wardkeep --json"
STANDING = 7
"""The exit status while alarms stand (docs/operating.md, "Exit statuses")."""


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the folder and --json."""
    parser.add_argument("folder", metavar="DIR", type=Path, help="the hospital folder")
    parser.add_argument("--json", action="store_true", help="the alarms as JSON on stdout")


def run(options: argparse.Namespace) -> int:
    """Print what stands, the heaviest first; 0 for none, 7 else, 5 where no server runs."""
    import json
    import sys
    from zoneinfo import ZoneInfo

    from wardkeep.app.folder import open_folder
    from wardkeep.app.settings import load_site

    folder = open_folder(options.folder)
    site = load_site(folder)
    standing = _standing(folder)
    if options.json:
        print(json.dumps({"alarms": [_told(alarm) for alarm in standing]}, indent=2))
    else:
        _print(standing, ZoneInfo(site.rules.timezone))
        if not standing:
            print("no alarm stands", file=sys.stderr)
    return STANDING if standing else 0


def _standing(folder: HospitalFolder) -> list[Alarm]:
    """Return what the writer says, or what is known without it; raises NotRunningError."""
    from wardkeep.adapters.clock import now
    from wardkeep.app import processes
    from wardkeep.app.alarms import ask_standing, without_writer
    from wardkeep.app.errors import NotRunningError
    from wardkeep.app.site_keys import awaited_key

    try:
        return ask_standing(folder)
    except NotRunningError:
        if not processes.read(folder) and awaited_key(folder) is None:
            raise
        return without_writer(folder, now())


def _told(alarm: Alarm) -> dict[str, Any]:
    from wardkeep.alarm.codes import kind_of
    from wardkeep.kernel.wall_clock import utc

    kind = kind_of(alarm.code)
    return {
        "code": alarm.code,
        "severity": kind.severity.name.lower(),
        "subject": alarm.subject,
        "since": utc(alarm.since),
        "detail": alarm.detail,
        "remedy": kind.remedy,
    }


def _print(standing: Sequence[Alarm], zone: ZoneInfo) -> None:
    from wardkeep.alarm.codes import kind_of
    from wardkeep.kernel.wall_clock import local
    from wardkeep.paper.visible import in_runs

    for alarm in standing:
        kind = kind_of(alarm.code)
        subject = f" {alarm.subject}" if alarm.subject else ""
        since = f"{local(alarm.since, zone):%d %b %H:%M:%S %Z}"
        shown = f"{alarm.code}{subject}, since {since}: {alarm.detail}"
        print(f"{kind.severity.name:<8} " + "".join(run for run, _ in in_runs(shown)))
        print(f"{'':8}   What to do: {kind.remedy}")
