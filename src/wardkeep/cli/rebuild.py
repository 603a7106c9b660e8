"""`wardkeep rebuild` makes a ward's charts from photographs of its papers, without a server."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from wardkeep.cli.open import asked_for, fingerprint

if TYPE_CHECKING:
    from wardkeep.app.rebuilding import Rebuilding, WardFiles

NAME = "rebuild"
SUMMARY = "Make a ward's charts and sheets from photographs of its papers and the envelope."
EXAMPLE = "wardkeep rebuild photographs/*.jpg --key - --out rebuilt"
_NOT_ALL = 4


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the photographs, the key and the folder to write to."""
    parser.add_argument(
        "photographs", metavar="PHOTO", nargs="+", type=Path, help="pages with their codes"
    )
    parser.add_argument(
        "--key",
        metavar="FILE|WORDS",
        default="-",
        help="a file, the words of the envelope, or - (asked for)",
    )
    parser.add_argument(
        "--out", metavar="DIR", type=Path, required=True, help="folder for the sheets"
    )
    parser.add_argument(
        "--fingerprint",
        metavar="HEX",
        type=fingerprint,
        help="the one of the card on the wall",
    )
    parser.add_argument(
        "--language", choices=("fr", "nl", "de", "en"), help="else the language of the papers"
    )
    parser.add_argument("--json", action="store_true", help="the outcome as JSON on stdout")


def run(options: argparse.Namespace) -> int:
    """Write the sheets and say what could not be read; 4 where something could not."""
    from wardkeep.adapters.pack_reader import identity, key_text
    from wardkeep.app.rebuilding import rebuild

    words = asked_for() if options.key == "-" else options.key
    made = rebuild(
        options.photographs,
        identity(key_text(words)),
        options.out,
        signer=options.fingerprint or "",
        language=options.language,
        tell=_progress,
    )
    if options.json:
        import msgspec

        print(json.dumps({"ok": _is_all(made), **msgspec.to_builtins(made)}, indent=2))
    else:
        _say(made, options.out)
    return 0 if _is_all(made) else _NOT_ALL


def _progress(read: int, of: int) -> None:
    if sys.stderr.isatty():
        end = "\n" if read == of else "\r"
        print(f"photograph {read} of {of}", end=end, file=sys.stderr, flush=True)


def _is_all(made: Rebuilding) -> bool:
    lacks = any(ward.missing for ward in made.wards)
    unread = made.no_picture or made.no_code or made.incomplete
    return not (lacks or unread or made.other_key or made.altered or made.other_release)


def _say_ward(ward: WardFiles, out: Path) -> None:
    missing = f", {ward.missing} NOT READ" if ward.missing else ""
    told = f"{ward.patients} patients{missing}, {ward.pages} pages"
    print(f"Ward {ward.ward} as of {ward.as_of}: {told}: {out / ward.pdf}")
    if not ward.settings:
        print("  its telephones, beds and unfed systems: NOT KNOWN, see the old paper")


def _say(made: Rebuilding, out: Path) -> None:
    for ward in made.wards:
        _say_ward(ward, out)
    for name in made.no_picture:
        print(f"{name}: no picture that can be opened")
    for name in made.no_code:
        print(f"{name}: no code of a chart; photograph the page flat, whole and in good light")
    for each in made.incomplete:
        print(f"Chart {each}: photograph that page again")
    counts = (
        (made.other_key, "sealed to another key: take that ward's envelope"),
        (made.altered, "not as it was signed, or signed by another key: DO NOT TRUST IT"),
        (made.other_release, "of another release of Wardkeep"),
    )
    for count, words in counts:
        if count:
            print(f"{count} charts {words}")
    for signer in made.signers:
        print(f"KEY FINGERPRINT {signer}")
    print("Compare it with the card on the ward's wall.")
