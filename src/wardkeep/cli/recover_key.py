"""`wardkeep recover-key` opens the stores from the words of the sealed envelope."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from wardkeep.app.folder import HospitalFolder

NAME = "recover-key"
SUMMARY = "Make a new server key with the recovery words, when the old one is lost."
EXAMPLE = "wardkeep recover-key /srv/wardkeep --words-file /dev/stdin"
_ENOUGH = 16_384
_NOT_ALL = 4


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the folder and where the words are read from; never an argument itself."""
    parser.add_argument("folder", metavar="DIR", type=Path, help="the hospital folder")
    parser.add_argument("--words-file", type=Path, metavar="F", help="else asked for, or stdin")
    parser.add_argument("--json", action="store_true", help="the outcome as JSON on stdout")


def run(options: argparse.Namespace) -> int:
    """Wrap every key of the folder to a new server key; the words stay as they are."""
    from wardkeep.adapters.key_ring import SIGNING_KEY, recover_key_ring
    from wardkeep.adapters.rewrapping import wrapped_files
    from wardkeep.adapters.writer_lock import WriterLock
    from wardkeep.app.folder import open_folder
    from wardkeep.app.owner import refuse_root

    folder = open_folder(options.folder)
    given = ["--words-file", str(options.words_file)] if options.words_file else []
    refuse_root(folder.path, ["recover-key", str(folder.path), *given])
    for each in (folder.keys, folder.run):
        each.mkdir(mode=0o700, exist_ok=True)
    wrapped = wrapped_files(folder.path)
    keys = [path for path in wrapped if path.parent != folder.path and path.suffix == ".key"]
    signing = folder.path / SIGNING_KEY
    words = read_words(options.words_file)
    with WriterLock(folder.writer_lock):
        closed = recover_key_ring(
            folder.keys, words, [path for path in wrapped if path != signing]
        ).closed
    name_file(folder)
    for path in closed:
        print(f"The words do not open {path.relative_to(folder.path)}.", file=sys.stderr)
        print(f"  What to do: {_what_to_do(path)}", file=sys.stderr)
    opened = len(set(keys) - set(closed))
    if options.json:
        named = [str(path.relative_to(folder.path)) for path in closed]
        told = {"ok": not closed, "stores": len(keys), "opened": opened, "closed": named}
        print(json.dumps(told, indent=2))
        return _NOT_ALL if closed else 0
    print(f"{opened} of {len(keys)} stores open again with the new server key.")
    return _NOT_ALL if closed else 0


def _what_to_do(path: Path) -> str:
    from wardkeep.adapters.key_ring import SIGNING_KEY, way_back

    if path.name != SIGNING_KEY:
        return way_back(path)
    return (
        f"Another signing key was made, and what was signed before counts no more. Before the"
        f" server starts, bring {path.name} back into {path.parent} from a backup or a copy of"
        " the folder, and run this again with the words."
    )


def name_file(folder: HospitalFolder) -> None:
    """Say in the settings that the key lies in keys/ now, where it lay elsewhere before."""
    import msgspec

    from wardkeep.app.errors import SettingsError
    from wardkeep.app.key_moving import name_source
    from wardkeep.app.settings import load_site

    try:
        keys = load_site(folder).keys
        if keys.source == "file":
            return
        name_source(folder, msgspec.structs.replace(keys, source="file"))
    except SettingsError:
        print('In wardkeep.toml [keys] source must be "file" now.', file=sys.stderr)
        return
    moved = "The new key lies in keys/ and the settings say so; `wardkeep keys move` moves it."
    print(moved, file=sys.stderr)


def read_words(path: Path | None) -> str:
    """Return the words from a file, a terminal or standard input."""
    if path is not None:
        with path.open(encoding="utf-8") as stream:
            return stream.read(_ENOUGH)
    if sys.stdin.isatty():
        return _typed()
    return sys.stdin.read(_ENOUGH)


def _typed() -> str:
    """Return the 24 words, or sheet after sheet until there are enough.

    A sheet that was misread is named at once and typed again.
    """
    from wardkeep.cli.keys import paragraph_of
    from wardkeep.ledger.errors import RecoveryWordsError
    from wardkeep.ledger.recovery import WORDS
    from wardkeep.ledger.recovery_shares import missing, sheets_in

    print("Type the 24 words, or the 33 of a sheet, then Enter twice:", file=sys.stderr)
    text = ""
    while True:
        typed = paragraph_of(sys.stdin)
        words = [len(each) for each in sheets_in(typed)]
        if not words or (not text and words == [WORDS]):
            return text + typed
        try:
            left = missing(sheets_in(f"{text}\n\n{typed}"))
        except RecoveryWordsError as wrong:
            print(f"{wrong}. Type that sheet again:", file=sys.stderr)
            continue
        text = f"{text}\n\n{typed}"
        if not left:
            return text
        print(f"{left} more: type the next sheet, then Enter twice:", file=sys.stderr)
