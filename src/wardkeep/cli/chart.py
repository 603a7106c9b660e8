"""`wardkeep chart` shows all that is known of one patient, each value with its message."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

NAME = "chart"
SUMMARY = "Show a patient's chart, each value with feed, message and time."
EXAMPLE = "wardkeep chart /srv/wardkeep 123456 --json"
_READ_AGAIN = "Read the number again (PID-3), or look for the patient on the screens."


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the folder, the record number and --json."""
    parser.add_argument("folder", metavar="DIR", type=Path, help="the hospital folder")
    parser.add_argument("record", metavar="MRN", help="the record number (PID-3)")
    parser.add_argument("--json", action="store_true", help="the chart as JSON on stdout")


def run(options: argparse.Namespace) -> int:
    """Print the chart; 6 when the number is not known. The look is recorded."""
    from zoneinfo import ZoneInfo

    from wardkeep.app.consulting import consult, record_looks
    from wardkeep.app.errors import UnknownNumberError
    from wardkeep.app.folder import open_folder
    from wardkeep.app.settings import load_site
    from wardkeep.chart.plain import told
    from wardkeep.cli.outline import outline

    folder = open_folder(options.folder)
    site = load_site(folder)
    charts = consult(folder, site)
    chart = charts.patient(options.record)
    charts.close()
    if chart is None:
        raise UnknownNumberError(
            f"no message has named the record number {options.record!r}", advice=_READ_AGAIN
        )
    record_looks(folder, site, [chart.record], "verb chart")
    if options.json:
        print(json.dumps(told(chart), indent=2, ensure_ascii=False))
        return 0
    for line in outline(chart, ZoneInfo(site.rules.timezone)):
        print(line)
    return 0
