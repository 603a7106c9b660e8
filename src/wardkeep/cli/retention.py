"""`wardkeep retention` tells what is kept how long, and holds everything when attacked."""

from __future__ import annotations

import argparse
import getpass
import json
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from wardkeep.app.folder import HospitalFolder

NAME = "retention"
SUMMARY = "Tell what is kept how long; hold all erasing, as in an attack, or let it go on."
EXAMPLE = 'wardkeep retention hold /srv/wardkeep --why "ransom note on ward A2"'
EXAMPLES = {
    "status": "wardkeep retention status /srv/wardkeep",
    "release": 'wardkeep retention release /srv/wardkeep --why "police have their copy"',
}


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare status, hold and release."""
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    status = actions.add_parser("status", help="what lies there, what is due, whether held")
    status.add_argument("folder", metavar="DIR", type=Path, help="the hospital folder")
    status.add_argument("--json", action="store_true", help="as JSON on stdout")
    for name, help_ in (("hold", "stop all erasing"), ("release", "let it go on")):
        action = actions.add_parser(name, help=help_)
        action.add_argument("folder", metavar="DIR", type=Path, help="the hospital folder")
        action.add_argument("--why", required=True, metavar="WORDS", help="is recorded")


def run(options: argparse.Namespace) -> int:
    """Do it, beside a running server or without one."""
    from wardkeep.adapters.clock import now
    from wardkeep.app.folder import open_folder
    from wardkeep.app.retention_status import hold, release

    folder = open_folder(options.folder)
    by = f"os:{getpass.getuser()}"
    if options.action == "hold":
        hold(folder, options.why, now(), by)
        print("Held: nothing is erased until `wardkeep retention release`.")
    elif options.action == "release":
        release(folder, options.why, now(), by)
        print("Released: what is due is erased by the running server.")
    else:
        _status(folder, as_json=options.json)
    return 0


def _status(folder: HospitalFolder, *, as_json: bool) -> None:
    import msgspec

    from wardkeep.adapters.clock import now
    from wardkeep.app.retention_status import status_of

    status = status_of(folder, now())
    if as_json:
        print(json.dumps(msgspec.to_builtins(status), indent=2))
        return
    held = f"HELD since {status.held_since}: {status.held_why}" if status.held_why else "no"
    print(f"Hold: {held}")
    for ledger in status.ledgers:
        lying = f"{ledger.first} to {ledger.last}" if ledger.first else "nothing"
        print(f"{ledger.ledger:<10} kept {ledger.kept:<10} there: {lying}")
        if ledger.due:
            print(f"{'':<10} due: {', '.join(ledger.due)}")
        if ledger.erased_through:
            print(f"{'':<10} erased up to entry {ledger.erased_through}")
