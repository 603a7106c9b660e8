"""`wardkeep open` shows a delivered pack on a kit machine, without a server."""

from __future__ import annotations

import argparse
import json
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from wardkeep.app.opening import Opened
    from wardkeep.pack.manifest import Listed

NAME = "open"
SUMMARY = "Open a delivered ward pack on this machine: verify, decrypt in memory, show it once."
EXAMPLE = "wardkeep open 4B.html --key envelope.txt"
EXAMPLES = {
    "glass": 'wardkeep open 4B.html --key - --break-glass "An Maes" "no other copy, ward 4B"',
}
_WAIT = 120.0
# SHA-256 of the public key, as adapters.minisign prints it.
_FINGERPRINT = re.compile("[0-9a-f]{64}")


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the file, the key, who and why."""
    parser.add_argument("file", metavar="FILE", type=Path, help="WARD.html or a .pdf.age")
    parser.add_argument(
        "--key",
        metavar="FILE|WORDS",
        default="-",
        help="a file, the words, or - (asked for)",
    )
    parser.add_argument("--by", metavar="NAME", help="who opens it (default: the user)")
    parser.add_argument("--why", metavar="TEXT", default="downtime", help="why (downtime)")
    parser.add_argument(
        "--fingerprint",
        metavar="HEX",
        type=fingerprint,
        help="the one of the card on the wall",
    )
    parser.add_argument(
        "--break-glass", nargs=2, metavar=("NAME", "REASON"), help="open what is not verified"
    )
    parser.add_argument("--language", choices=("fr", "nl", "de", "en"), default="en")
    parser.add_argument("--log", metavar="FILE", type=Path, help="the record of openings")
    parser.add_argument("--wait", metavar="SECONDS", type=float, default=_WAIT)
    parser.add_argument("--json", action="store_true", help="the outcome as JSON on stdout")


def run(options: argparse.Namespace) -> int:
    """Show the pack once at an address here; 8 for a wrong key, 4 if not verified."""
    import getpass

    from wardkeep.app.opening import Asked, open_pack

    glass = tuple(word.strip() for word in options.break_glass) if options.break_glass else None
    if glass is not None and not all(glass):
        print("wardkeep open: --break-glass needs a name and a reason", file=sys.stderr)
        return 2
    asked = Asked(
        file=options.file,
        key=asked_for() if options.key == "-" else options.key,
        by=options.by or f"os:{getpass.getuser()}",
        why=options.why,
        log=options.log or Path.home() / ".wardkeep" / "opened.jsonl",
        fingerprint=options.fingerprint or "",
        glass=(glass[0], glass[1]) if glass else None,
        language=options.language,
        seconds=options.wait,
    )
    opened = open_pack(asked, lambda address, pack: _tell(address, pack, options.wait))
    if options.json:
        _as_json(opened)
    else:
        _say(opened)
    return 0


def _tell(address: str, pack: Listed | None, seconds: float) -> None:
    """Say how old the pack is and what to do, on stderr; the address alone is on stdout."""
    from wardkeep.adapters.clock import now
    from wardkeep.pack.manifest import known_until

    print(address, flush=True)
    if pack is not None:
        minutes = (now() - known_until(pack)) // 60_000_000
        told = pack.as_of_told or pack.built_told
        old = f"{minutes} min old" if minutes >= 0 else "AGE NOT KNOWN, check this clock"
        print(f"The pack is of {told or 'a time that stands on it'}: {old}.", file=sys.stderr)
    todo = f"Open this address in a browser here within {seconds:.0f} s; it is shown once."
    print(todo, file=sys.stderr, flush=True)


def fingerprint(text: str) -> str:
    """Return what was typed off a card as plain small digits; refuses what can be none."""
    plain = "".join(text.split()).lower()
    if not _FINGERPRINT.fullmatch(plain):
        raise argparse.ArgumentTypeError(
            f"this is no fingerprint: {len(plain)} characters where the card has 64,"
            " 0 to 9 and a to f, in sixteen groups of four; read it again"
        )
    return plain


def asked_for() -> str:
    """Return the words of an envelope from the terminal, not shown, or from standard input."""
    import getpass

    if sys.stdin.isatty():
        return getpass.getpass("The 24 words of the envelope (not shown): ")
    return sys.stdin.read()


def _as_json(opened: Opened) -> None:
    import msgspec

    told = msgspec.to_builtins(opened, enc_hook=str)
    print(json.dumps({"ok": True, "verified": opened.verdict.is_verified, **told}))


def _say(opened: Opened) -> None:
    state = "VERIFIED" if opened.verdict.is_verified else "NOT VERIFIED"
    print(f"Shown once: ward {opened.ward or '?'}, {state}.")
    print(f"KEY FINGERPRINT {opened.signer or '-'}")
    print("Compare it with the card on the ward's wall.")
    for mark in opened.marks:
        print(f"On every page: {mark}")
    if opened.note_left:
        print("A note beside the pack may tell the site that it was opened, by whom and when.")
    if opened.unread:
        print(f"{opened.unread} of {opened.sheets} sheets are damaged and could not be read.")
    if opened.log_broken is not None:
        print(f"The record of openings was altered before line {opened.log_broken}.")
