"""`wardkeep ca` keeps the site's own certificates: made, issued to senders, renewed, shown."""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping
from pathlib import Path

import msgspec

NAME = "ca"
SUMMARY = "Make the site's own certificates, without any authority outside."
EXAMPLE = "wardkeep ca make /srv/wardkeep --name crisis.hospital.internal --address 10.1.2.3"
EXAMPLES = {
    "issue": "wardkeep ca issue /srv/wardkeep --feed lab --out lab.pem",
    "renew": "wardkeep ca renew /srv/wardkeep",
    "show": "wardkeep ca show /srv/wardkeep",
}


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare make, issue, renew and show."""
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    make = actions.add_parser("make", help="make the root and the server's certificate")
    make.add_argument("--name", required=True, help="the box's own name")
    make.add_argument("--address", action="append", default=[], help="may be given repeatedly")
    issue = actions.add_parser("issue", help="make a certificate for a feed's sender")
    issue.add_argument("--feed", required=True, metavar="NAME", help="the feed's name")
    issue.add_argument("--out", required=True, type=Path, metavar="F", help="a new PEM file")
    renew = actions.add_parser("renew", help="make the server's certificate anew")
    show = actions.add_parser("show", help="show root and server's certificate")
    for each in (make, issue, renew, show):
        each.add_argument("folder", metavar="DIR", type=Path, help="the hospital folder")
        each.add_argument("--json", action="store_true", help="the outcome as JSON on stdout")


def run(options: argparse.Namespace) -> int:
    """Do it; the running server takes a new certificate at its next start."""
    from wardkeep.adapters.clock import now
    from wardkeep.app import own_authority as own
    from wardkeep.app.folder import open_folder
    from wardkeep.app.settings import load_site
    from wardkeep.app.site_keys import open_keys

    folder = open_folder(options.folder)
    if options.action == "show":
        found = {"root": own.root_of(folder), "server": own.server_certificate_of(folder)}
        known = {k: own.told(each, now()) for k, each in found.items() if each is not None}
        return _say(known, as_json=options.json)
    site, ring = load_site(folder), open_keys(folder)
    if options.action == "make":
        made = own.make(folder, ring, site.name, options.name, tuple(options.address), now())
        _say({"root": made}, as_json=options.json)
        if not options.json:
            print(_SETTINGS.format(name=options.name))
        return 0
    if options.action == "issue":
        to = own.issue_to_feed(folder, ring, options.feed, options.out, now())
        return _say({options.feed: to}, as_json=options.json)
    return _say({"server": own.renew(folder, ring, now())}, as_json=options.json)


def _say(known: Mapping[str, object], *, as_json: bool) -> int:
    told = msgspec.to_builtins(known)
    if as_json:
        print(json.dumps(told, indent=2))
        return 0
    for what, each in told.items():
        print(f"{what}: {each['subject']}, good for {each['days_left']} days")
        print(f"  for      {', '.join(each['names'])}")
        print(f"  SHA-256  {each['fingerprint']}")
    return 0


_SETTINGS = """
Into wardkeep.toml, above all tables; then start the server again:
  web_name = "{name}"
  web_certificate = "keys/tls.crt"
  web_key = "keys/tls.key"
How ward PCs get the root: the page /certificate of this server."""
