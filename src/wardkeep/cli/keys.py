"""`wardkeep keys` moves the keys, makes them anew, prints sheets and envelopes."""

from __future__ import annotations

import argparse
import getpass
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from wardkeep.adapters.rewrapping import Progress, Rewrapped
    from wardkeep.app.custody import Custodies
    from wardkeep.app.folder import HospitalFolder

NAME = "keys"
SUMMARY = "Move the server's key, make keys anew, hold the ceremony of the recovery sheets."
EXAMPLE = "wardkeep keys rotate /srv/wardkeep --signing"
EXAMPLES = {
    "move": "wardkeep keys move /srv/wardkeep --to usb --usb LABEL=WARDKEEP",
    "ceremony": "wardkeep keys ceremony /srv/wardkeep --sheets 3 --needed 2 --out sheets",
    "envelopes": "wardkeep keys envelopes /srv/wardkeep --out envelopes.pdf",
    "adopt": "wardkeep keys adopt /srv/wardkeep ward-4B kitchen",
    "status": "wardkeep keys status /srv/wardkeep",
}
_NOT_ALL = 4
_FEWEST_LETTERS = 12
_REPLACED = """\
The words or sheets from before open nothing in this folder any more. KEEP THEM SEALED:
- Backups made before open with the old ones alone. Copy wardkeep-password.age out of the
  repository (`restore --sealed` needs it for those), then run `wardkeep backup` now.
- Second boxes made before open with the old ones alone, until each is made anew in a new
  folder: `wardkeep followers invite` here, `wardkeep follow NEWDIR --from` there.
Destroy the old ones when no such backup and no such second box is left."""
_OF_THE_BOX_BEFORE = """\
Recovery: the words or sheets that opened the first when this folder was made.
A ceremony or new words at the first since then do not open this folder."""

_ELSEWHERE = """\
NOT printed, since the secret is at the box before: {holders}.
The envelopes that they have open what this box seals; `--new` makes them keys of this box."""


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare move, rotate, ceremony, envelopes, adopt and status."""
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    move = actions.add_parser("move", help="put the server's key elsewhere")
    move.add_argument("folder", metavar="DIR", type=Path, help="the hospital folder")
    move.add_argument(
        "--to", required=True, choices=("file", "usb", "credential", "passphrase")
    )
    move.add_argument("--usb", metavar="WHERE", help="LABEL=name, UUID=number or a path")
    move.add_argument("--credential-file", metavar="F", help="the encrypted credential")
    rotate = actions.add_parser("rotate", help="make a new server key; the old opens nothing")
    rotate.add_argument("folder", metavar="DIR", type=Path, help="the hospital folder")
    rotate.add_argument("--signing", action="store_true", help="also a new signing key")
    rotate.add_argument("--recovery", action="store_true", help="also new recovery words")
    rotate.add_argument("--json", action="store_true", help="the outcome as JSON on stdout")
    _ceremony_arguments(actions.add_parser("ceremony", help="make recovery sheets on paper"))
    envelopes = actions.add_parser("envelopes", help="print the keys that open ward packs")
    envelopes.add_argument("folder", metavar="DIR", type=Path, help="the hospital folder")
    envelopes.add_argument("--out", required=True, metavar="FILE.pdf", type=Path, help="0600")
    envelopes.add_argument("--ward", metavar="W", help="of this ward alone (its code)")
    envelopes.add_argument("--language", choices=("fr", "nl", "de", "en"), help="else its own")
    envelopes.add_argument(
        "--new", action="store_true", help="a new key where the secret is at the box before"
    )
    envelopes.add_argument("--json", action="store_true", help="the outcome as JSON on stdout")
    adopt = actions.add_parser("adopt", help="use the other keys of packs that the first named")
    adopt.add_argument("folder", metavar="DIR", type=Path, help="the hospital folder")
    adopt.add_argument("holders", metavar="HOLDER", nargs="+", help="as the alarm names them")
    status = actions.add_parser("status", help="tell where the keys lie and their last change")
    status.add_argument("folder", metavar="DIR", type=Path, help="the hospital folder")
    status.add_argument(
        "--packs", action="store_true", help="the SHA-256 of each public key of packs"
    )
    status.add_argument("--json", action="store_true", help="as JSON on stdout")


def _ceremony_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("folder", metavar="DIR", type=Path, help="the hospital folder")
    parser.add_argument("--sheets", type=int, default=3, metavar="N", help="how many (3)")
    parser.add_argument("--needed", type=int, default=2, metavar="K", help="of them open (2)")
    parser.add_argument(
        "--officer", action="append", default=[], metavar="NAME", help="one a sheet, in order"
    )
    parser.add_argument("--language", choices=("fr", "nl", "de", "en"), help="else the site's")
    where = parser.add_mutually_exclusive_group(required=True)
    where.add_argument("--out", type=Path, metavar="FOLDER", help="for the PDF files, 0600")
    where.add_argument("--printer", metavar="NAME", help="straight to it; nothing is kept")
    parser.add_argument("--confirm", action="store_true", help="officers type theirs back")
    parser.add_argument("--json", action="store_true", help="the outcome as JSON on stdout")


def run(options: argparse.Namespace) -> int:
    """Do it, beside a running server or without one."""
    from wardkeep.app.folder import open_folder

    folder = open_folder(options.folder)
    if options.action == "move":
        return _move(folder, options)
    if options.action == "rotate":
        return _rotate(folder, options)
    if options.action == "ceremony":
        return _ceremony(folder, options)
    if options.action == "envelopes":
        return _envelopes(folder, options)
    if options.action == "adopt":
        return _adopt(folder, options.holders)
    told = _keys_of_packs if options.packs else _status
    return told(folder, as_json=options.json)


def _move(folder: HospitalFolder, options: argparse.Namespace) -> int:
    import msgspec

    from wardkeep.adapters.key_sources import PassphraseSource
    from wardkeep.app.key_moving import move
    from wardkeep.app.settings import load_site
    from wardkeep.app.site_keys import SEALED_KEY

    keys = msgspec.structs.replace(load_site(folder).keys, source=options.to)
    if options.usb:
        keys = msgspec.structs.replace(keys, usb=options.usb)
    if options.credential_file:
        keys = msgspec.structs.replace(keys, credential_file=options.credential_file)
    sealed = folder.keys / SEALED_KEY
    target = PassphraseSource(sealed, _new_passphrase) if options.to == "passphrase" else None
    move(folder, keys, _by(), target)
    print(f"The server's key comes from {options.to} now, and is gone from where it was.")
    print("A flash disk may keep the old bytes: `wardkeep keys rotate` makes them worthless.")
    return 0


def _rotate(folder: HospitalFolder, options: argparse.Namespace) -> int:
    from wardkeep.app.key_rotation import named, open_source, rotate
    from wardkeep.app.signing_rotation import rotate_signing

    done = rotate(folder, _by(), _progress())
    if options.signing:
        rotate_signing(folder, open_source(folder).ring, _by())
    told: dict[str, object] = {"ok": not done.closed, "files": done.files}
    told["closed"] = named(folder, done.closed)
    if options.recovery:
        told["recovery_words"] = _new_words(folder, as_json=options.json)
        told["advice"] = _REPLACED
    if options.json:
        print(json.dumps(told, indent=2))
    else:
        _say_rotated(folder, done)
    return _NOT_ALL if done.closed else 0


def _ceremony(folder: HospitalFolder, options: argparse.Namespace) -> int:
    from wardkeep.app.ceremony import Rule, hold_ceremony, into_folder, to_printer
    from wardkeep.app.key_rotation import named

    rule = Rule(
        sheets=options.sheets,
        needed=options.needed,
        officers=tuple(options.officer),
        language=options.language or "",
    )
    deliver = to_printer(options.printer) if options.printer else into_folder(options.out)
    type_back = _type_back if options.confirm else None
    done = hold_ceremony(folder, rule, _by(), deliver, type_back, _progress())
    closed = named(folder, done.closed)
    if options.json:
        told: dict[str, object] = {"ok": not closed, "sheets": rule.sheets}
        told |= {"needed": rule.needed, "files": done.files, "closed": closed}
        told["advice"] = _REPLACED
        print(json.dumps(told, indent=2))
        return _NOT_ALL if closed else 0
    print(f"{rule.needed} of {rule.sheets} sheets open {done.files} files now.")
    print(_REPLACED)
    if options.out:
        print(f"Print the files in {options.out}, then destroy them: they are the secret.")
    return _NOT_ALL if closed else 0


def _envelopes(folder: HospitalFolder, options: argparse.Namespace) -> int:
    from wardkeep.app.pack_envelopes import Printing, print_envelopes

    asked = Printing(
        out=options.out,
        by=_by(),
        ward=options.ward,
        language=options.language,
        new=options.new,
    )
    told = print_envelopes(folder, asked)
    if options.json:
        said = {"holders": told.holders, "elsewhere": told.elsewhere, "out": str(options.out)}
        print(json.dumps({"ok": True, **said}))
        return 0
    plural = "" if len(told.holders) == 1 else "s"
    print(f"{len(told.holders)} envelope{plural} in {options.out}: {', '.join(told.holders)}")
    if told.elsewhere:
        print(_ELSEWHERE.format(holders=", ".join(told.elsewhere)))
    print("Print it, seal each page at its fold, hang the wall cards; then destroy the file.")
    return 0


def _adopt(folder: HospitalFolder, holders: list[str]) -> int:
    from wardkeep.app.signing_now import adopt_keys

    adopted = adopt_keys(folder, holders, _by())
    names = ", ".join(each.holder for each in adopted)
    print(f"Sealed from now on to the first's newer keys of: {names}.")
    for each in adopted:
        print(f"{each.holder}\n  before  {_in_fours(each.before)}")
        print(f"  now     {_in_fours(each.after)}")
    print("Compare: `wardkeep keys status DIR --packs` at the box that named them.")
    print("The envelopes of the keys before open nothing that this box seals any more.")
    return 0


def _type_back(place: int) -> str:
    """Return what the officer of a sheet types: its words, then an empty line."""
    if sys.stdin.isatty():
        print(f"Officer of sheet {place}: type its words, then Enter twice:", file=sys.stderr)
    return paragraph_of(sys.stdin)


def paragraph_of(lines: TextIO) -> str:
    """Return what is typed up to the first empty line behind something, or the end."""
    typed = ""
    for line in lines:
        if not line.strip() and typed.strip():
            break
        typed += line
    return typed


def _say_rotated(folder: HospitalFolder, done: Rewrapped) -> None:
    from wardkeep.app.key_rotation import named

    for name in named(folder, done.closed):
        print(f"No key opens {name}: it is damaged.", file=sys.stderr)
    print(f"{done.files} files open with the new server key; the old one opens nothing.")


def _new_words(folder: HospitalFolder, *, as_json: bool) -> str:
    from wardkeep.adapters.clock import now
    from wardkeep.app.key_rotation import new_secret, replace_recovery
    from wardkeep.custody.decide import replace_recovery as decide
    from wardkeep.ledger.recovery import words_of

    secret = new_secret()
    words = words_of(secret)
    if not as_json:
        # Before anything is wrapped to them: cut off here, the old words still open.
        print("New recovery words, shown once; write them down and seal them:\n")
        print(f"  {words}\n", flush=True)
    event = decide(1, 1, (), confirmed=False, at=now(), by=_by())
    replace_recovery(folder, secret, event, _progress())
    if not as_json:
        print(_REPLACED)
    return words


def _status(folder: HospitalFolder, *, as_json: bool) -> int:
    import msgspec

    from wardkeep.app.custody import custody_of
    from wardkeep.app.first import is_copy
    from wardkeep.app.settings import load_site

    custodies = custody_of(folder)
    custody = custodies.own
    source = load_site(folder).keys.source
    if is_copy(folder):
        return _copy_status(msgspec.to_builtins(custody), source, as_json=as_json)
    if as_json:
        told = {**msgspec.to_builtins(custody), "source": source}
        if custodies.taken_over is not None:
            before = msgspec.to_builtins(custodies.before)
            told |= {"taken_over": custodies.taken_over, "before": before}
        print(json.dumps(told, indent=2))
        return 0
    print(f"The server's key comes from {source}; rotated: {_utc(custody.rotated)}")
    if custodies.taken_over is not None:
        print(f"This box took over from another: {_utc(custodies.taken_over)}.")
    print(_recovery_words(custodies))
    return 0


def _keys_of_packs(folder: HospitalFolder, *, as_json: bool) -> int:
    import msgspec

    from wardkeep.app.signing_now import keys_of_packs

    found = keys_of_packs(folder)
    if as_json:
        print(json.dumps({"keys_of_packs": msgspec.to_builtins(found)}, indent=2))
        return 0
    for holder, key in found.items():
        print(f"{holder}\n  sealed to  {_in_fours(key.used)}")
        if key.otherwise:
            print(f"  NOT USED   {_in_fours(key.otherwise)}  (named by the first since)")
    print("SHA-256 of each public key; read it out between two boxes before `keys adopt`.")
    return 0


def _in_fours(digest: str) -> str:
    """Return a fingerprint in groups of four, to be read out aloud."""
    return " ".join(digest[at : at + 4] for at in range(0, len(digest), 4)) or "none"


def _recovery_words(custodies: Custodies) -> str:
    recovery = custodies.own.recovery
    if recovery is None:
        own = "Recovery: the 24 words of `wardkeep init`."
        return own if custodies.taken_over is None else _OF_THE_BOX_BEFORE
    if recovery.sheets == 1:
        return f"Recovery: 24 words, made {_utc(recovery.at)}."
    return f"Recovery: {recovery.needed} of {recovery.sheets} sheets, {_utc(recovery.at)}."


def _utc(at: int | None) -> str:
    from wardkeep.kernel.wall_clock import utc

    return "never" if at is None else utc(at)


def _copy_status(first: dict[str, object], source: str, *, as_json: bool) -> int:
    """Tell of a second box: the ledger here speaks of the first's keys, not of this box's."""
    if as_json:
        print(json.dumps({"source": source, "follows": True, "first": first}, indent=2))
        return 0
    print(f"This box follows another. Its own server key comes from {source}.")
    print(_OF_THE_BOX_BEFORE)
    return 0


def _progress() -> Progress:
    shown = sys.stderr.isatty()

    def progress(done: int, total: int) -> None:
        if shown:
            print(f"\r{done} of {total} files", end="", file=sys.stderr, flush=True)

    return progress


def _new_passphrase() -> str:
    from wardkeep.ledger.errors import KeyMissingError

    if not sys.stdin.isatty():
        said = again = sys.stdin.readline().rstrip("\n")
    else:
        said = getpass.getpass(f"New passphrase (at least {_FEWEST_LETTERS} letters): ")
        again = getpass.getpass("Once more: ")
    if said != again or len(said) < _FEWEST_LETTERS:
        advice = (
            f"Type the same at least {_FEWEST_LETTERS} letters twice: five words of chance."
        )
        raise KeyMissingError(
            "the passphrase is too short, or typed differently", advice=advice
        )
    return said


def _by() -> str:
    return f"os:{getpass.getuser()}"
