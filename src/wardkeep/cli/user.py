"""`wardkeep user` keeps the accounts that log in to the screens."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from wardkeep.app.accounts import SiteAccounts

NAME = "user"
SUMMARY = "Add, list or disable accounts of the screens, or give one a new password."
EXAMPLE = "wardkeep user add /srv/wardkeep anna --role nurse"
_TYPED = "Type it at a terminal, or use --password-stdin and give it on standard input."
_ROLES = ("nurse", "physician", "pharmacist", "laboratory", "it", "lead", "auditor")


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare add, password, list and disable."""
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    add = actions.add_parser("add", help="make an account; asks for its password")
    add.add_argument("folder", metavar="DIR", type=Path, help="the hospital folder")
    add.add_argument("name", metavar="NAME", help="what the person types to log in")
    add.add_argument(
        "--role", action="append", choices=_ROLES, type=_role, help="may be given repeatedly"
    )
    renew = actions.add_parser("password", help="give an account a new password")
    renew.add_argument("folder", metavar="DIR", type=Path, help="the hospital folder")
    renew.add_argument("name", metavar="NAME", help="the account; its sessions end")
    for each in (add, renew):
        each.add_argument(
            "--password-stdin",
            action="store_true",
            help="read the password from standard input",
        )
    listing = actions.add_parser("list", help="show the accounts")
    listing.add_argument("folder", metavar="DIR", type=Path, help="the hospital folder")
    listing.add_argument("--json", action="store_true", help="the accounts as JSON on stdout")
    disable = actions.add_parser("disable", help="keep an account from logging in")
    disable.add_argument("folder", metavar="DIR", type=Path, help="the hospital folder")
    disable.add_argument("name", metavar="NAME", help="the account")


def run(options: argparse.Namespace) -> int:
    """Do it: by the control socket of a running server, else under the writer's lock."""
    from wardkeep.app.accounts import SiteAccounts
    from wardkeep.app.folder import open_folder

    accounts = SiteAccounts(open_folder(options.folder))
    if options.action == "list":
        return _list(accounts, as_json=options.json)
    if options.action == "disable":
        accounts.disable(options.name)
        print(f"{options.name} can no longer log in.")
        return 0
    if options.action == "password":
        password = _password(from_stdin=options.password_stdin)
        may = accounts.change_password(options.name, password)
        print(f"{options.name} has a new password; whoever was logged in with it is no more.")
        if not may:
            print(f"The account is disabled: {options.name} still cannot log in.")
        return 0
    roles = _roles(options.role or ["nurse"])
    accounts.add(options.name, roles, _password(from_stdin=options.password_stdin))
    print(f"{options.name} can log in as {', '.join(roles)}.")
    return 0


def _roles(asked: Sequence[str]) -> list[str]:
    return [role for role in _ROLES if role in asked]


def _role(text: str) -> str:
    """Return the role; "ward" was its name in version 0.1."""
    return "nurse" if text == "ward" else text


def _list(accounts: SiteAccounts, *, as_json: bool) -> int:
    known = accounts.known()
    if as_json:
        print(json.dumps(known, indent=2))
        return 0
    for account in known:
        state = "disabled" if account["disabled"] else "may log in"
        print(f"{account['name']:<24} {state:<12} {', '.join(account['roles'])}")
    return 0


def _password(*, from_stdin: bool) -> str:
    if from_stdin:
        return sys.stdin.readline().rstrip("\n")
    import warnings
    from getpass import GetPassWarning, getpass

    from wardkeep.access.errors import WeakPasswordError

    try:
        with warnings.catch_warnings():
            # Without a terminal it would be echoed.
            warnings.simplefilter("error", GetPassWarning)
            return getpass("Password (10 to 128 characters): ")
    except (EOFError, GetPassWarning) as ended:
        raise WeakPasswordError("no password was typed", advice=_TYPED) from ended
