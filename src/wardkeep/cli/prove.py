"""`wardkeep prove` tells whether messages are those that came on days that are erased since."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from wardkeep.kernel.wall_clock import utc

NAME = "prove"
SUMMARY = "Tell whether HL7 messages are, byte for byte, those that came on erased days."
EXAMPLE = "wardkeep prove /srv/wardkeep exported.hl7 --json"
_NOT_ALL = 4


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the folder and the files."""
    parser.add_argument("folder", metavar="DIR", type=Path, help="the hospital folder")
    parser.add_argument("files", metavar="FILE", nargs="+", type=Path, help="a message each")
    parser.add_argument("--json", action="store_true", help="the outcome as JSON on stdout")


def run(options: argparse.Namespace) -> int:
    """Status 0: every message is proved; 4: of some nothing is known."""
    from wardkeep.app.digesting import prove
    from wardkeep.app.folder import open_folder

    folder = open_folder(options.folder)
    proofs = prove(folder, [path.read_bytes() for path in options.files])
    told = [
        {
            "file": str(path),
            "proved": proof is not None,
            "entry": proof.sequence if proof else None,
            "received": _text(proof.received) if proof else None,
        }
        for path, proof in zip(options.files, proofs, strict=True)
    ]
    if options.json:
        print(json.dumps(told, indent=2))
    else:
        for each in told:
            said = f"entry {each['entry']}, came {each['received']}"
            print(f"{each['file']}: {said if each['proved'] else 'no digest says so'}")
    return 0 if all(proofs) else _NOT_ALL


def _text(at: int) -> str:
    return utc(at)
