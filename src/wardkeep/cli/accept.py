"""`wardkeep accept` records that a ward has a pack in hand, by its name or the cover's code."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from wardkeep.app.receiving import Reception
    from wardkeep.pack.events import PackAccepted

NAME = "accept"
SUMMARY = "Record that a ward has its pack in hand: which one, as of when, and who says so."
EXAMPLE = 'wardkeep accept /srv/wardkeep --code 7K3M-Q2XD --by "An Maes"'
EXAMPLES = {"ward": "wardkeep accept /srv/wardkeep --ward 4B --generation 12"}


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the folder, the ward and the generation, or the code."""
    parser.add_argument("folder", metavar="DIR", type=Path, help="the hospital folder")
    parser.add_argument("--ward", metavar="W", default="", help="the ward (its code)")
    parser.add_argument(
        "--generation", metavar="G", type=int, help="which of its packs (default: the newest)"
    )
    parser.add_argument(
        "--code", metavar="CODE", help="that of the cover sheet, as the ward reads it"
    )
    parser.add_argument("--by", metavar="NAME", default="", help="who on the ward says so")
    parser.add_argument("--json", action="store_true", help="the outcome as JSON on stdout")


def run(options: argparse.Namespace) -> int:
    """Record it; 2 for a code that was mistyped, 6 where no such pack is known."""
    import getpass
    import sys

    from wardkeep.app.first import refuse_copy
    from wardkeep.app.folder import open_folder
    from wardkeep.app.receiving import Reception
    from wardkeep.app.settings import load_site
    from wardkeep.app.site_keys import open_keys

    if not options.ward and options.code is None:
        print("wardkeep accept: name the ward with --ward, or give --code", file=sys.stderr)
        return 2
    if options.code is not None and options.generation is not None:
        print("wardkeep accept: --code names the generation already", file=sys.stderr)
        return 2
    folder = open_folder(options.folder)
    refuse_copy(folder, "what is in hand is told to the first")
    site = load_site(folder)
    reception = Reception(folder, open_keys(folder))
    try:
        said = _accept(reception, options, f"os:{getpass.getuser()}")
        _say(said, site.rules.timezone, newest=reception.is_newest(said), options=options)
    finally:
        reception.close()
    return 0


def _accept(reception: Reception, options: argparse.Namespace, by: str) -> PackAccepted:
    from wardkeep.app.known_wards import refuse_unknown
    from wardkeep.pack.errors import UnknownReceiptError
    from wardkeep.pack.events import BY_CODE, BY_VERB
    from wardkeep.pack.receipts import Said

    if options.ward:
        refuse_unknown(options.ward, reception.wards(), "no pack is known of ward")
    if options.code is None:
        pack = reception.of_generation(options.ward, options.generation)
        return reception.accept(pack, Said(by=by, way=BY_VERB, said_by=options.by))
    pack = reception.of_code(options.code)
    if options.ward not in ("", pack.ward):
        raise UnknownReceiptError(f"the code is of ward {pack.ward!r}, not {options.ward!r}")
    return reception.accept(pack, Said(by=by, way=BY_CODE, said_by=options.by))


def _say(
    said: PackAccepted, timezone: str, *, newest: bool, options: argparse.Namespace
) -> None:
    import json
    from zoneinfo import ZoneInfo

    from wardkeep.adapters.clock import now
    from wardkeep.kernel.wall_clock import named, utc
    from wardkeep.paper.visible import visible

    shown = said.built if said.as_of is None else said.as_of
    minutes = (now() - shown) // 60_000_000
    if options.json:
        told = {
            "ok": True,
            "ward": said.ward,
            "generation": said.generation,
            "built": utc(said.built),
            "as_of": None if said.as_of is None else utc(said.as_of),
            "age_minutes": minutes,
            "newest": newest,
            "by": said.by,
            "said_by": said.said_by,
            "at": utc(said.at),
        }
        print(json.dumps(told, indent=2))
        return
    words = "nothing heard when built" if said.as_of is None else "as of"
    when = named(shown, ZoneInfo(timezone))
    pack = f"generation {said.generation}, {words} {when}"
    print(f"Ward {visible(said.ward).text}: {pack}, is in hand.")
    old = "" if newest else " A newer one stands on the shelf."
    print(f"It is {minutes} min old.{old}")
