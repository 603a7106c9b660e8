"""`wardkeep codes` prints, lists and revokes the sealed one-time codes of a role."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from wardkeep.access.sealed import SealedCode
    from wardkeep.app.accounts import SiteAccounts
    from wardkeep.app.folder import HospitalFolder

NAME = "codes"
SUMMARY = "Print, list or revoke sealed one-time codes that open a session of a role."
EXAMPLE = "wardkeep codes print /srv/wardkeep --role nurse --count 20 --out codes.pdf"
EXAMPLES = {
    "list": "wardkeep codes list /srv/wardkeep",
    "revoke": "wardkeep codes revoke /srv/wardkeep K7QX 4",
}
_ROLES = ("nurse", "physician", "pharmacist", "laboratory", "it", "lead", "auditor")


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare print, list and revoke."""
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    made = actions.add_parser("print", help="make a new sheet of codes, to be sealed")
    made.add_argument("folder", metavar="DIR", type=Path, help="the hospital folder")
    made.add_argument("--role", choices=_ROLES, required=True, help="what they open")
    made.add_argument("--count", type=_count, default=20, help="how many, 1 to 99 (20)")
    made.add_argument("--hours", type=_hours, default=12, help="for how long, 1 to 24 (12)")
    made.add_argument(
        "--out", metavar="FILE.pdf", type=Path, required=True, help="three a page"
    )
    made.add_argument("--language", choices=("fr", "nl", "de", "en"), help="else the site's")
    made.add_argument("--json", action="store_true", help="sheet and count as JSON on stdout")
    listing = actions.add_parser("list", help="show which were printed, used, revoked")
    listing.add_argument("folder", metavar="DIR", type=Path, help="the hospital folder")
    listing.add_argument("--json", action="store_true", help="every code as JSON on stdout")
    revoke = actions.add_parser("revoke", help="let codes open nothing any more")
    revoke.add_argument("folder", metavar="DIR", type=Path, help="the hospital folder")
    revoke.add_argument("sheet", metavar="SHEET", help="the four letters of the sheet")
    revoke.add_argument("number", metavar="NUMBER", type=int, nargs="*", help="none: all of it")


def run(options: argparse.Namespace) -> int:
    """Do it: by the control socket of a running server, else under the writer's lock."""
    from wardkeep.app.accounts import SiteAccounts
    from wardkeep.app.folder import open_folder

    folder = open_folder(options.folder)
    accounts = SiteAccounts(folder)
    if options.action == "print":
        return _print(folder, accounts, options)
    if options.action == "list":
        return _list(accounts, as_json=options.json)
    gone = accounts.revoke_codes(options.sheet, options.number)
    print(f"{gone} codes of sheet {options.sheet.upper()} open nothing any more.")
    return 0


def _print(folder: HospitalFolder, accounts: SiteAccounts, options: argparse.Namespace) -> int:
    """Write the file first: a code that stands on no paper would open nothing for nobody."""
    from wardkeep.app.settings import load_site
    from wardkeep.app.slips import sealed_pdf, write_secret
    from wardkeep.cli.warning import warn_of_slips

    site = load_site(folder)
    event, codes = accounts.print_codes(options.role, options.count, options.hours)
    write_secret(options.out, sealed_pdf(event, codes, site, options.language))
    try:
        accounts.write(event)
    except BaseException:
        options.out.unlink(missing_ok=True)
        raise
    warn_of_slips(site)
    if options.json:
        print(json.dumps({"ok": True, "sheet": event.sheet, "count": len(codes)}))
        return 0
    print(f"Sheet {event.sheet}: {len(codes)} codes for {options.role} in {options.out}.")
    print("Print it, cut it, seal each slip in an envelope of its own, delete the file.")
    return 0


def _list(accounts: SiteAccounts, *, as_json: bool) -> int:
    codes = sorted(accounts.codes().values(), key=lambda c: (c.printed, c.sheet, c.number))
    if as_json:
        print(json.dumps([_told(code) for code in codes], indent=2))
        return 0
    for code in codes:
        state = "sealed"
        if code.revoked:
            state = "revoked"
        elif code.used:
            state = f"used by {code.used_by}"
        print(f"{code.name:<8} {code.role.value:<11} {code.hours:>2} h  {state}")
    return 0


def _told(code: SealedCode) -> dict[str, Any]:
    return {
        "code": code.name,
        "role": code.role.value,
        "hours": code.hours,
        "printed": code.printed,
        "used": code.used or None,
        "used_by": code.used_by,
        "revoked": code.revoked or None,
    }


def _count(text: str) -> int:
    return _between(text, 99)


def _hours(text: str) -> int:
    return _between(text, 24)


def _between(text: str, most: int) -> int:
    if not (text.isascii() and text.isdigit() and 1 <= int(text[:4]) <= most):
        raise argparse.ArgumentTypeError(f"a number from 1 to {most}")
    return int(text)
