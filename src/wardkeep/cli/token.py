"""`wardkeep token` keeps the tokens by which FHIR senders are let in."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from wardkeep.kernel.wall_clock import utc

if TYPE_CHECKING:
    from wardkeep.app.tokens import SiteTokens

NAME = "token"
SUMMARY = "Give a FHIR sender a token, list the tokens with their last use, take one back."
EXAMPLE = 'wardkeep token add /srv/wardkeep emr --days 365 --note "interface engine"'
EXAMPLES = {
    "list": "wardkeep token list /srv/wardkeep",
    "revoke": "wardkeep token revoke /srv/wardkeep 3",
}


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare add, list and revoke."""
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    add = actions.add_parser("add", help="make a token and show it, this once")
    listing = actions.add_parser("list", help="show the tokens, without their text")
    revoke = actions.add_parser("revoke", help="take a token back; it opens nothing any more")
    for each in (add, listing, revoke):
        each.add_argument("folder", metavar="DIR", type=Path, help="the hospital folder")
    add.add_argument("feed", metavar="FEED", help='a feed of kind "fhir" in wardkeep.toml')
    add.add_argument("--days", type=int, metavar="N", help="how long it lasts; else for ever")
    add.add_argument("--note", default="", help="whose it is, for the list")
    revoke.add_argument("number", metavar="NUMBER", type=int, help="as `list` shows it")
    for each in (add, listing):
        each.add_argument("--json", action="store_true", help="as JSON on stdout")


def run(options: argparse.Namespace) -> int:
    """Do it: by the control socket of a running server, else under the writer's lock."""
    from wardkeep.app.folder import open_folder
    from wardkeep.app.tokens import SiteTokens

    tokens = SiteTokens(open_folder(options.folder))
    if options.action == "add":
        return _add(tokens, options)
    if options.action == "list":
        return _list(tokens, as_json=options.json)
    taken = tokens.revoke(options.number)
    said = "opens nothing any more" if taken else "was taken back before"
    print(f"Token {options.number} {said}.")
    return 0


def _add(tokens: SiteTokens, options: argparse.Namespace) -> int:
    from wardkeep.tokens.decide import Wanted

    made = tokens.add(Wanted(options.feed, options.note, options.days))
    issued = made.issued
    if options.json:
        told = {"number": issued.number, "feed": issued.feed, "expires": _iso(issued.expires)}
        print(json.dumps({**told, "token": made.secret}, indent=2))
        return 0
    print(made.secret)
    end = f"until {_day(issued.expires)}" if issued.expires else "until it is taken back"
    print(f"Token {issued.number} of {issued.feed}, good {end}. It is shown only this once:")
    print("the sender shows it with every request, as `Authorization: Bearer TOKEN`.")
    return 0


def _list(tokens: SiteTokens, *, as_json: bool) -> int:
    known, senders = tokens.known(), tokens.senders()
    if as_json:
        times = ("made", "expires", "revoked", "last_used")
        told = [{**each, **{key: _iso(each[key]) for key in times}} for each in known]
        counts = {feed: _counts(figures) for feed, figures in senders.items()}
        print(json.dumps({"tokens": told, "senders": counts}, indent=2))
        return 0
    for each in known:
        print(_line(each))
    for feed, figures in sorted(senders.items()):
        refused = sum(figures.refused.values())
        if refused:
            who = feed or "nobody we know"
            print(f"refused from {who}: {refused}, last: {figures.last_refusal}")
    return 0


def _line(token: dict[str, Any]) -> str:
    used = f"last used {_minute(token['last_used'])}" if token["last_used"] else "never used"
    ends = f"until {_day(token['expires'])}" if token["expires"] else "no end"
    place = f"{token['number']:>4} {token['feed']:<20} {token['standing']:<8}"
    return f"{place} {ends:<18} {used:<28} {token['note']}".rstrip()


def _counts(figures: Any) -> dict[str, Any]:  # noqa: ANN401  a struct on its way to JSON
    import msgspec

    told: dict[str, Any] = msgspec.to_builtins(figures)
    return {**told, **{key: _iso(told[key]) for key in ("last_request", "last_refused")}}


def _iso(at: int | None) -> str | None:
    return None if at is None else utc(at)


def _day(at: int) -> str:
    return utc(at)[:10]


def _minute(at: int) -> str:
    return utc(at)
