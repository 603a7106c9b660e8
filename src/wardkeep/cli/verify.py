"""`wardkeep verify` names the first altered, missing or reordered entry of any ledger."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import msgspec

NAME = "verify"
SUMMARY = "Read every entry of every ledger and check chain, seals and witnesses."
EXAMPLE = "wardkeep verify /srv/wardkeep --json"
_FAULT = 4


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the folder, heads on paper and --json."""
    parser.add_argument(
        "folder", metavar="DIR", type=Path, help="the hospital folder or a copy"
    )
    parser.add_argument(
        "--witness",
        action="append",
        default=[],
        metavar="HEAD",
        help='the footer of a printed page, or a part of it: "clinical 4711 0a1b2c3d4e5f6071"',
    )
    parser.add_argument("--json", action="store_true", help="the verdict as JSON on stdout")


def run(options: argparse.Namespace) -> int:
    """Print the verdict; 0 when nothing is wrong, 4 when a ledger has a fault."""
    from wardkeep.app.ledger_verdict import verify
    from wardkeep.ledger.printed import heads_in

    printed = [head for text in options.witness for head in heads_in(text)]
    verdict = verify(options.folder, _progress, printed)
    if sys.stderr.isatty():
        print(file=sys.stderr)
    if options.json:
        print(msgspec.json.format(msgspec.json.encode(verdict), indent=2).decode())
        return 0 if verdict.ok else _FAULT
    for ledger, entries in verdict.entries.items():
        print(f"{ledger:<11} {entries:>12,} {'entry' if entries == 1 else 'entries'} read")
    for fault in verdict.faults:
        entry = f" entry {fault.entry}" if fault.entry else ""
        where = f"{fault.ledger}{entry}" + (f" ({fault.file})" * bool(fault.file))
        print(f"FAULT {where}: {fault.kind.value}: {fault.what}")
        print(f"      What to do: {fault.remedy}")
    print(f"{'outside':<11} {verdict.witnesses:>12,} heads compared")
    found = len(verdict.faults) + verdict.unnamed
    print(
        "No fault found."
        if verdict.ok
        else f"{found:,} {'fault' if found == 1 else 'faults'} found."
    )
    return 0 if verdict.ok else _FAULT


def _progress(ledger: str, entries: int) -> None:
    if sys.stderr.isatty():
        print(f"\r{ledger}: {entries:,} entries", end="", file=sys.stderr, flush=True)
