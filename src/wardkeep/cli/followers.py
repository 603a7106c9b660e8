"""`wardkeep followers` says which boxes may copy this site's ledgers, and which its map."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from wardkeep.app.folder import HospitalFolder
    from wardkeep.hospital.site import Copies

NAME = "followers"
SUMMARY = "Invite, list or remove boxes that copy this site's ledgers."
EXAMPLE = "wardkeep followers invite /srv/wardkeep box-2"
EXAMPLES = {
    "give-map": "wardkeep followers give-map /srv/wardkeep box-2",
    "list": "wardkeep followers list /srv/wardkeep",
    "remove": "wardkeep followers remove /srv/wardkeep box-2",
}
_INVITATION = """\
Invitation for {name}, good once, for {hours} hours. At the other box:

   wardkeep follow NEWDIR --from {address}

It asks for this code. Whoever knows it can copy every patient of this site:
read it out by telephone to somebody whose voice you know, or carry it there.
{map}
"""
_MAP = {
    True: "It gets the map of the hospital too, and what is kept of forecasts.",
    False: "It does not get the map of the hospital. If it is the second box of this site:\n"
    "wardkeep followers give-map DIR NAME",
}
_HOURS = 24
_MOST_HOURS = 24 * 14


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare invite, give-map, list and remove."""
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    invite = actions.add_parser("invite", help="make a code with which one box may pair, once")
    invite.add_argument("folder", metavar="DIR", type=Path, help="the hospital folder")
    invite.add_argument("name", metavar="NAME", help="how that box is called here: box-2")
    invite.add_argument(
        "--hours", type=_hours, default=_HOURS, metavar="H", help=f"good so long ({_HOURS})"
    )
    invite.add_argument(
        "--with-map", action="store_true", help="the map too: for the site's second box"
    )
    gives = actions.add_parser("give-map", help="let a box copy the map of the hospital too")
    gives.add_argument("folder", metavar="DIR", type=Path, help="the hospital folder")
    gives.add_argument("name", metavar="NAME", help="the second box of this site")
    gives.add_argument("--withdraw", action="store_true", help="let it copy the map no more")
    listing = actions.add_parser("list", help="show who copies, and how far each has come")
    listing.add_argument("folder", metavar="DIR", type=Path, help="the hospital folder")
    remove = actions.add_parser("remove", help="let a box copy no more")
    remove.add_argument("folder", metavar="DIR", type=Path, help="the hospital folder")
    remove.add_argument("name", metavar="NAME", help="the box")
    for each in (invite, gives, listing, remove):
        each.add_argument("--json", action="store_true", help="as JSON on stdout")


def run(options: argparse.Namespace) -> int:
    """Do it: by the running server if there is one, else under the writer's lock."""
    from wardkeep.app.folder import open_folder

    folder = open_folder(options.folder)
    if options.action == "invite":
        return _invite(folder, options)
    if options.action == "give-map":
        return _give_map(folder, options.name, given=not options.withdraw, as_json=options.json)
    if options.action == "remove":
        return _remove(folder, options.name, as_json=options.json)
    return _list(folder, as_json=options.json)


def _invite(folder: HospitalFolder, options: argparse.Namespace) -> int:
    from wardkeep.adapters.box_identity import fingerprint
    from wardkeep.adapters.clock import now
    from wardkeep.adapters.passwords import new_secret
    from wardkeep.app.errors import SettingsError
    from wardkeep.app.first import box_identity
    from wardkeep.app.follower_book import FollowerBook
    from wardkeep.app.settings import load_site
    from wardkeep.app.site_keys import open_keys
    from wardkeep.cli.warning import warn_of_invitation
    from wardkeep.copies.decide import decide_map, invite
    from wardkeep.copies.invitation import SECRET_BYTES, Invitation, written
    from wardkeep.kernel.times import HOUR

    site = load_site(folder)
    if site.copies is None:
        raise SettingsError(
            f"{folder.settings} has no table [copies]: nobody may follow this box",
            advice="Add [copies] with host and port, start the server again, and invite then.",
        )
    ring = open_keys(folder)
    book = FollowerBook(folder, ring)
    shown = fingerprint(box_identity(folder, ring, site.name, now()).certificate())
    secret = new_secret(SECRET_BYTES)
    name, hours, at = options.name, options.hours, now()
    book.append(invite(book.copies(), name, secret, at + hours * HOUR, at, book.by))
    if options.with_map:
        book.append(decide_map(book.copies(), name, at, book.by, given=True))
    code = written(Invitation(shown, secret))
    warn_of_invitation(site.copies)
    address = site.copies.address or _address(site.copies)
    if options.json:
        told = {"name": name, "address": address, "code": code, "hours": hours}
        print(json.dumps(told | {"with_map": options.with_map}))
        return 0
    of_map = _MAP[options.with_map]
    print(_INVITATION.format(name=name, hours=hours, address=address, map=of_map))
    _print_code(code)
    return 0


def _print_code(code: str) -> None:
    groups = code.split("-")
    for line in range(0, len(groups), 4):
        print("   " + "   ".join(groups[line : line + 4]))
    sys.stdout.flush()


def _address(copies: Copies) -> str:
    host = f"[{copies.host}]" if ":" in copies.host else copies.host
    return f"{host}:{copies.port}"


def _give_map(folder: HospitalFolder, name: str, *, given: bool, as_json: bool) -> int:
    from wardkeep.adapters.clock import now
    from wardkeep.app.follower_book import FollowerBook
    from wardkeep.copies.decide import decide_map

    book = FollowerBook(folder)
    book.append(decide_map(book.copies(), name, now(), book.by, given=given))
    if as_json:
        print(json.dumps({"name": name, "with_map": given}))
    elif given:
        print(f"{name} copies the map of the hospital too: it asks within a minute.")
    else:
        print(f"{name} gets no more of the map. What it has it still has: see to that box.")
    return 0


def _remove(folder: HospitalFolder, name: str, *, as_json: bool) -> int:
    from wardkeep.adapters.clock import now
    from wardkeep.app.follower_book import FollowerBook
    from wardkeep.copies.decide import remove

    book = FollowerBook(folder)
    book.append(remove(book.copies(), name, now(), book.by))
    if as_json:
        print(json.dumps({"removed": name}))
        return 0
    print(f"{name} copies no more. What it has copied it still has: see to that box.")
    return 0


def _list(folder: HospitalFolder, *, as_json: bool) -> int:
    from wardkeep.adapters.witness_folder import witnessed
    from wardkeep.app.follower_book import FollowerBook
    from wardkeep.app.promotion import since

    seen = witnessed(folder.copies / "witness")
    told: list[dict[str, Any]] = []
    for each in FollowerBook(folder).copies().followers.values():
        at, heads = seen.get(each.name, (0, ()))
        paired = bool(each.certificate)
        told.append(
            {
                "name": each.name,
                "paired": paired,
                "with_map": each.with_map,
                "since": since(each.since),
                "invited_until": "" if paired else since(each.until),
                "witnessed": since(at) if at else "",
                "held": {head.ledger: head.sequence for head in heads},
            }
        )
    if as_json:
        print(json.dumps(told, indent=2))
        return 0
    for one in told:
        state = f"copies since {one['since']}" if one["paired"] else "invited"
        held = ", ".join(f"{ledger} {n:,}" for ledger, n in dict(one["held"]).items())
        seen_at = f", seen {one['witnessed']}" if one["witnessed"] else ""
        of_map = "with the map" if one["with_map"] else "without the map"
        print(f"{one['name']:<20} {state}, {of_map}; held {held or 'nothing yet'}{seen_at}")
    if not told:
        print("Nobody copies this site's ledgers.")
    return 0


def _hours(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= _MOST_HOURS:
        raise argparse.ArgumentTypeError(f"{text!r} is no number of hours, 1 to {_MOST_HOURS}")
    return int(text)
