"""`wardkeep backup` stores the site server as it stands in a repository of restic."""

from __future__ import annotations

import argparse
import json
import signal
import sys
from pathlib import Path

import msgspec

NAME = "backup"
SUMMARY = "Store the hospital folder as it stands in a repository of backups."
EXAMPLE = "wardkeep backup /srv/wardkeep --to /media/backup/wardkeep"
_MEGABYTE = 1_000_000


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the folder, the repository and whether to check it."""
    parser.add_argument("folder", metavar="DIR", type=Path, help="the hospital folder")
    parser.add_argument(
        "--to",
        metavar="REPOSITORY",
        help="a folder, sftp:user@host:/path or rest:https://host/ (default: the settings')",
    )
    parser.add_argument(
        "--check", action="store_true", help="check the repository instead of backing up"
    )
    parser.add_argument(
        "--json", action="store_true", help="what was stored, as JSON on stdout"
    )


def run(options: argparse.Namespace) -> int:
    """Back up, beside a running server or without one; Ctrl-C leaves the repository sound."""
    from wardkeep.app.backup import address_of, back_up, check
    from wardkeep.app.folder import open_folder
    from wardkeep.app.settings import load_site

    signal.signal(signal.SIGTERM, signal.default_int_handler)
    folder = open_folder(options.folder)
    site = load_site(folder)
    address = address_of(site, options.to)
    if options.check:
        check(folder, site, address)
        print(json.dumps({"ok": True}) if options.json else "The repository is sound.")
        return 0
    made = back_up(folder, site, address, _tell, _progress)
    if sys.stderr.isatty():
        print(file=sys.stderr)
    if options.json:
        print(json.dumps({"ok": True, **msgspec.to_builtins(made)}, indent=2))
        return 0
    added, total = made.added_bytes / _MEGABYTE, made.total_bytes / _MEGABYTE
    print(
        f"Backup {made.snapshot[:8]} in {made.repository}: {added:.1f} MB new of {total:.1f}."
    )
    return 0


def _tell(step: str) -> None:
    print(f"wardkeep: {step}", file=sys.stderr, flush=True)


def _progress(share: float, stored: int) -> None:
    if sys.stderr.isatty():
        told = f"\r{share:4.0%}, {stored / _MEGABYTE:,.0f} MB"
        print(told, end="", file=sys.stderr, flush=True)
