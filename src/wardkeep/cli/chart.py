"""`wardkeep chart` shows all that is known of one patient, each value with its message."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

NAME = "chart"
SUMMARY = "Show a patient's chart, each value with feed, message and time."
EXAMPLE = "wardkeep chart /srv/wardkeep 123456 --json"


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the folder, the record number and --json."""
    parser.add_argument("folder", metavar="DIR", type=Path, help="the hospital folder")
    parser.add_argument("record", metavar="MRN", help="the record number (PID-3)")
    parser.add_argument("--json", action="store_true", help="the chart as JSON on stdout")


def run(options: argparse.Namespace) -> int:
    """Print the chart; 6 when the number is not known. The look is recorded."""
    from wardkeep.app.consulting import consult, record_looks
    from wardkeep.app.errors import UnknownNumberError
    from wardkeep.app.folder import open_folder
    from wardkeep.app.settings import load_site
    from wardkeep.chart.plain import told

    folder = open_folder(options.folder)
    site = load_site(folder)
    charts = consult(folder, site)
    chart = charts.patient(options.record)
    charts.close()
    if chart is None:
        raise UnknownNumberError("no message has named this record number")
    record_looks(folder, site, [chart.record], "verb chart")
    if options.json:
        print(json.dumps(told(chart), indent=2, ensure_ascii=False))
        return 0
    _print(told(chart), "")
    return 0


def _print(node: object, indent: str) -> None:
    """Print nested values as an outline; what no message has said is NOT RECORDED."""
    if isinstance(node, dict) and node.keys() == {"value", "feed", "message", "time", "entry"}:
        print(f"{indent}{node['value']}   [{node['feed']} {node['message']} {node['time']}]")
    elif isinstance(node, dict):
        for name, value in node.items():
            if isinstance(value, dict | list) and value:
                print(f"{indent}{name}:")
                _print(value, indent + "  ")
            else:
                print(f"{indent}{name}: {_said(value)}")
    elif isinstance(node, list):
        for item in node:
            print(f"{indent}-")
            _print(item, indent + "  ")
    else:
        print(f"{indent}{_said(node)}")


def _said(value: object) -> object:
    return "NOT RECORDED" if value is None or value in ([], {}) else json.dumps(value)
