"""`wardkeep restore` puts the site server back from a repository and the recovery words."""

from __future__ import annotations

import argparse
import json
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from wardkeep.adapters.restic import Snapshot

NAME = "restore"
SUMMARY = "Put a hospital folder back from a repository and the recovery words alone."
EXAMPLE = "wardkeep restore /srv/wardkeep --from /media/backup/wardkeep"
_FAULT = 4


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the folder, the repository, which backup, and what opens it."""
    parser.add_argument("folder", metavar="DIR", type=Path, help="a new or empty folder")
    parser.add_argument(
        "--from", dest="source", metavar="REPOSITORY", required=True, help="where backups lie"
    )
    parser.add_argument("--snapshot", metavar="S", help="which backup (default: the newest)")
    parser.add_argument("--list", action="store_true", help="only list the backups in it")
    parser.add_argument("--words-file", type=Path, metavar="F", help="else asked for, or stdin")
    parser.add_argument("--password-file", type=Path, metavar="F", help="of the repository")
    parser.add_argument(
        "--sealed", type=Path, metavar="F", help="its wrapped password, opened by the words"
    )
    parser.add_argument("--json", action="store_true", help="the outcome as JSON on stdout")


def run(options: argparse.Namespace) -> int:
    """Restore, open with the words, verify; 4 when a ledger has a fault or a file is closed."""
    from wardkeep.adapters.key_ring import forbid_core_dumps
    from wardkeep.app.backup import address_of
    from wardkeep.app.folder import open_folder
    from wardkeep.app.ledger_verdict import verify
    from wardkeep.app.owner import refuse_root
    from wardkeep.app.restoring import choose, password_by_words, repository_at, restore
    from wardkeep.cli.recover_key import name_file, read_words
    from wardkeep.hospital.site import Site

    signal.signal(signal.SIGTERM, signal.default_int_handler)
    forbid_core_dumps()
    place = str(options.folder.absolute())
    refuse_root(options.folder, ["restore", place, "--from", options.source])
    address = address_of(Site(name="restored"), options.source)
    words = "" if options.list and options.password_file else read_words(options.words_file)
    opened = "" if options.password_file else password_by_words(address, options.sealed, words)
    repository = repository_at(address, options.password_file, opened)
    if options.list:
        return _list(repository.snapshots(), as_json=options.json)
    snapshot = choose(repository, options.snapshot)
    restored = restore(options.folder, repository, snapshot, words, _tell)
    name_file(open_folder(restored.folder))
    _tell("verifying every ledger")
    verdict = verify(restored.folder, lambda _ledger, _entries: None)
    sound = verdict.ok and not restored.closed
    if options.json:
        told = msgspec.to_builtins(restored, enc_hook=str)
        print(json.dumps({"ok": sound, **told, "entries": verdict.entries}, indent=2))
        return 0 if sound else _FAULT
    print(f"{restored.folder} stands as it was at {restored.taken[:19]} (UTC).")
    for ledger, entries in verdict.entries.items():
        print(f"{ledger:<11} {entries:>12,} entries read")
    for name in restored.closed:
        print(f"The words do not open {name}.", file=sys.stderr)
    verdict_words = "No fault found." if verdict.ok else "FAULTS: run `wardkeep verify`."
    print(f"{verdict_words} It has a new server key; the charts are made at the first start.")
    return 0 if sound else _FAULT


def _list(known: list[Snapshot], *, as_json: bool) -> int:
    if as_json:
        print(json.dumps(msgspec.to_builtins(known), indent=2))
        return 0
    for each in known:
        print(f"{each.id[:8]}  {each.time[:19]}  {each.hostname}")
    return 0


def _tell(step: str) -> None:
    print(f"wardkeep: {step}", file=sys.stderr, flush=True)
