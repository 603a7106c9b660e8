"""`wardkeep accept` records that a ward has a pack in hand, by its name or the cover's code."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from wardkeep.app.receiving import Reception, Taken
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
    """Record it; 2 for a code that was mistyped, 6 where no such pack is known.

    0 where it is recorded, also where a newer pack counts as in hand all the same.
    """
    import getpass
    import json
    import sys
    from zoneinfo import ZoneInfo

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
        taken = _accept(reception, options, f"os:{getpass.getuser()}")
        if options.json:
            print(json.dumps(_as_json(taken, reception), indent=2))
        else:
            superseded = reception.is_superseded(taken.counts)
            print(_words(taken, ZoneInfo(site.rules.timezone), superseded=superseded))
    finally:
        reception.close()
    return 0


def _accept(reception: Reception, options: argparse.Namespace, by: str) -> Taken:
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


def _as_json(taken: Taken, reception: Reception) -> dict[str, object]:
    from wardkeep.kernel.wall_clock import utc

    said, counts = taken.said, taken.counts
    return {
        "ok": True,
        "ward": said.ward,
        **_pack_json(said, reception),
        "by": said.by,
        "said_by": said.said_by,
        "at": utc(said.at),
        "counts": _is_same_pack(said, counts),
        "in_hand": _pack_json(counts, reception),
    }


def _pack_json(said: PackAccepted, reception: Reception) -> dict[str, object]:
    from wardkeep.kernel.wall_clock import utc

    return {
        "generation": said.generation,
        "built": utc(said.built),
        "as_of": None if said.as_of is None else utc(said.as_of),
        "age_minutes": _minutes(said),
        "newest": reception.is_newest(said),
        "superseded": reception.is_superseded(said),
    }


def _words(taken: Taken, zone: ZoneInfo, *, superseded: bool) -> str:
    """Return what is recorded, and which pack counts as in hand of the ward, how old it is."""
    from wardkeep.kernel.wall_clock import named
    from wardkeep.paper.visible import on_a_terminal

    said, counts = taken.said, taken.counts
    ward = f"Ward {on_a_terminal(said.ward)}"
    old = " A newer one stands on the shelf." if superseded else ""
    if _is_same_pack(said, counts):
        first = f"{ward}: {_pack(said, zone)}, is in hand."
        return f"{first}\nIt is {_minutes(said)} min old.{old}"
    who = on_a_terminal(counts.said_by or counts.by)
    return (
        f"{ward}: {_pack(said, zone)}, is recorded as said, and does NOT count as in hand:"
        " it is older.\n"
        f"In hand counts {_pack(counts, zone)}, {_minutes(counts)} min old, as {who} said"
        f" {named(counts.at, zone)}.{old}\n"
        f"If that was wrong: wardkeep accept DIR --ward {on_a_terminal(said.ward)}"
        f" --generation {said.generation}"
    )


def _pack(said: PackAccepted, zone: ZoneInfo) -> str:
    from wardkeep.kernel.wall_clock import named

    words = "nothing heard when built" if said.as_of is None else "as of"
    return f"generation {said.generation}, {words} {named(_shown(said), zone)}"


def _minutes(said: PackAccepted) -> int:
    from wardkeep.adapters.clock import now

    return (now() - _shown(said)) // 60_000_000


def _shown(said: PackAccepted) -> int:
    return said.built if said.as_of is None else said.as_of


def _is_same_pack(one: PackAccepted, other: PackAccepted) -> bool:
    return (one.generation, one.built) == (other.generation, other.built)
