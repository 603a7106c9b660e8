"""`wardkeep bundle` writes a release and all that it needs into one signed folder."""

from __future__ import annotations

import argparse
import json
import signal
import sys
from pathlib import Path

import msgspec

NAME = "bundle"
SUMMARY = "Write one signed folder that installs this release without a network."
EXAMPLE = "wardkeep bundle --out /media/usb/wardkeep --sign release.key"
_PYTHONS = ("3.11", "3.12", "3.13")


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare where it goes, who signs it, for which Pythons, and what is already at hand."""
    parser.add_argument("--out", type=Path, metavar="DIR", help="a folder that is made")
    parser.add_argument("--sign", type=Path, metavar="KEY", help="an Ed25519 key, PEM")
    parser.add_argument(
        "--new-key", type=Path, metavar="KEY", help="make a key to sign with first, 0600"
    )
    parser.add_argument(
        "--passphrase-file", type=Path, metavar="F", help="the passphrase of the key"
    )
    parser.add_argument(
        "--python",
        action="append",
        choices=_PYTHONS,
        help="wheels for this one only; may be given repeatedly (default: all three)",
    )
    parser.add_argument("--wheels", type=Path, metavar="DIR", help="take wheels from here")
    parser.add_argument(
        "--packages", type=Path, metavar="DIR", help="take .deb files from here"
    )
    parser.add_argument("--json", action="store_true", help="what was made, as JSON on stdout")


def run(options: argparse.Namespace) -> int:
    """Make a key where one is asked for, then the bundle; Ctrl-C or SIGTERM leave nothing."""
    from wardkeep.adapters.errors import ReleaseKeyError
    from wardkeep.adapters.minisign import fingerprint
    from wardkeep.adapters.release_key import load_key, make_key
    from wardkeep.app.bundling import Wish, bundle

    signal.signal(signal.SIGTERM, signal.default_int_handler)
    where = options.new_key or options.sign
    if where is None:
        raise ReleaseKeyError("a bundle is signed: give --sign KEY or --new-key KEY")
    key = (make_key if options.new_key else load_key)(where, options.passphrase_file)
    if options.out is None:
        said = fingerprint(key.public_key())
        told = json.dumps({"key": str(where), "fingerprint": said})
        print(told if options.json else f"{where}: {said}")
        return 0
    wish = Wish(
        out=options.out,
        pythons=tuple(options.python or _PYTHONS),
        wheels=options.wheels,
        packages=options.packages,
    )
    made = bundle(wish, key, lambda step: print(f"wardkeep: {step}", file=sys.stderr))
    if options.json:
        print(json.dumps(msgspec.to_builtins(made, enc_hook=str), indent=2))
        return 0
    print(f"{made.folder}: {made.release}, {made.files} files, {made.bytes / 1e6:.0f} MB.\n")
    print("To be compared by telephone before anything of it is run:")
    print(f"  key       {made.fingerprint}")
    print(f"  MANIFEST  {made.manifest_sha256}")
    print("\nOn the new machine, as root:")
    print(f"  sh install.sh --key {made.fingerprint.replace(' ', '')}")
    return 0
