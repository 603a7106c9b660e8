"""`wardkeep user` keeps the accounts that log in to the screens."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from wardkeep.app.accounts import SiteAccounts

NAME = "user"
SUMMARY = "Keep the accounts of the screens: add, import, list, roles, codes, disable."
EXAMPLE = "wardkeep user import /srv/wardkeep people.csv --slips first-codes.pdf"
EXAMPLES = {
    "add": "wardkeep user add /srv/wardkeep a.maes --role nurse",
    "password": "wardkeep user password /srv/wardkeep a.maes",
    "code": "wardkeep user code /srv/wardkeep a.maes",
    "roles": "wardkeep user roles /srv/wardkeep a.maes --role nurse --role it",
    "factors": "wardkeep user factors /srv/wardkeep a.maes --remove-all",
    "disable": "wardkeep user disable /srv/wardkeep a.maes",
    "enable": "wardkeep user enable /srv/wardkeep a.maes",
    "list": "wardkeep user list /srv/wardkeep",
}
_TYPED = "Type it at a terminal, or use --password-stdin and give it on standard input."
_ROLES = ("nurse", "physician", "pharmacist", "laboratory", "it", "lead", "auditor")
_NAMED = {
    "add": "make an account; asks for its password",
    "password": "give an account a new password; its sessions end",
    "code": "print a one-time code by which its owner chooses a password",
    "roles": "give an account these roles and no other",
    "factors": "take away lost second factors: --remove-all",
    "disable": "keep an account from logging in",
    "enable": "let a disabled account log in again",
}


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the actions."""
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    for name, summary in _NAMED.items():
        action = actions.add_parser(name, help=summary)
        action.add_argument("folder", metavar="DIR", type=Path, help="the hospital folder")
        action.add_argument("name", metavar="NAME", help="what the person types to log in")
        if name in ("add", "roles"):
            action.add_argument(
                "--role", action="append", choices=_ROLES, type=_role, help="repeatedly"
            )
        if name in ("add", "password"):
            action.add_argument(
                "--password-stdin", action="store_true", help="read it from standard input"
            )
        if name == "factors":
            action.add_argument("--remove-all", action="store_true", required=True)
    listing = actions.add_parser("list", help="show the accounts")
    listing.add_argument("folder", metavar="DIR", type=Path, help="the hospital folder")
    listing.add_argument("--json", action="store_true", help="the accounts as JSON on stdout")
    _import_arguments(actions.add_parser("import", help="take over the hospital's list, CSV"))


def _import_arguments(action: argparse.ArgumentParser) -> None:
    action.add_argument("folder", metavar="DIR", type=Path, help="the hospital folder")
    action.add_argument(
        "file",
        metavar="FILE.csv",
        type=Path,
        help="UTF-8, headings name,full_name,roles,badge,language",
    )
    action.add_argument(
        "--slips", metavar="FILE.pdf", type=Path, help="where first codes go, to be cut apart"
    )
    action.add_argument("--dry-run", action="store_true", help="say what would change")
    action.add_argument(
        "--disable-missing", action="store_true", help="who is gone from the list is disabled"
    )
    action.add_argument("--json", action="store_true", help="what changed as JSON on stdout")


def run(options: argparse.Namespace) -> int:
    """Do it: by the control socket of a running server, else under the writer's lock."""
    from wardkeep.app.accounts import SiteAccounts
    from wardkeep.app.folder import open_folder

    if options.action == "import":
        return _import(options)
    accounts = SiteAccounts(open_folder(options.folder))
    actions: dict[str, Callable[[SiteAccounts, argparse.Namespace], str]] = {
        "add": _add,
        "password": _password_anew,
        "code": _code,
        "roles": _roles_anew,
        "factors": _factors,
        "disable": _disable,
        "enable": _enable,
        "list": _listed,
    }
    print(actions[options.action](accounts, options))
    return 0


def _add(accounts: SiteAccounts, options: argparse.Namespace) -> str:
    roles = _in_order(options.role or ["nurse"])
    accounts.add(options.name, roles, _password(from_stdin=options.password_stdin))
    return f"{options.name} can log in as {', '.join(roles)}."


def _password_anew(accounts: SiteAccounts, options: argparse.Namespace) -> str:
    password = _password(from_stdin=options.password_stdin)
    may = accounts.change_password(options.name, password)
    said = f"{options.name} has a new password; whoever was logged in with it is no more."
    if not may:
        said += f"\nThe account is disabled: {options.name} still cannot log in."
    return said


def _code(accounts: SiteAccounts, options: argparse.Namespace) -> str:
    code = accounts.new_activation(options.name)
    return f"{code}\nopens the account {options.name} once, to choose a password."


def _roles_anew(accounts: SiteAccounts, options: argparse.Namespace) -> str:
    roles = _in_order(options.role or [])
    accounts.give_roles(options.name, roles)
    return f"{options.name} now has the roles {', '.join(roles)}."


def _factors(accounts: SiteAccounts, options: argparse.Namespace) -> str:
    gone = accounts.remove_factors(options.name)
    return f"{options.name}: {gone} second factors taken away; new ones at the next login."


def _disable(accounts: SiteAccounts, options: argparse.Namespace) -> str:
    accounts.disable(options.name)
    return f"{options.name} can no longer log in."


def _enable(accounts: SiteAccounts, options: argparse.Namespace) -> str:
    accounts.enable(options.name)
    return f"{options.name} can log in again."


def _role(text: str) -> str:
    """Return the role; "ward" was its name in version 0.1."""
    return "nurse" if text == "ward" else text


def _in_order(asked: Sequence[str]) -> list[str]:
    return [role for role in _ROLES if role in asked]


def _listed(accounts: SiteAccounts, options: argparse.Namespace) -> str:
    known = accounts.known()
    if options.json:
        return json.dumps(known, indent=2)
    lines = []
    for account in known:
        state = "may log in" if account["password"] else "not activated"
        state = "disabled" if account["disabled"] else state
        factors = [name for name in ("pin", "totp") if account[name]]
        factors += ["key"] * len(account["keys"])
        said = f"{account['name']:<24} {state:<14} {', '.join(account['roles']):<20}"
        lines.append(f"{said} {'+'.join(factors) or '-':<12} {account['full_name']}".rstrip())
    return "\n".join(lines)


def _import(options: argparse.Namespace) -> int:
    from wardkeep.cli.user_import import import_people

    return import_people(options)


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
