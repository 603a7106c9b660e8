"""`wardkeep erase-patient` erases the key by which digests prove a patient's messages."""

from __future__ import annotations

import argparse
import getpass
from pathlib import Path

NAME = "erase-patient"
SUMMARY = "Erase a patient's digest key, for good (GDPR, article 17)."
EXAMPLE = 'wardkeep erase-patient /srv/wardkeep 4711 --why "request of 2026-11-20"'


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the folder, the record number and the reason."""
    parser.add_argument("folder", metavar="DIR", type=Path, help="the hospital folder")
    parser.add_argument("number", metavar="MRN", help="the record number; merged ones too")
    parser.add_argument("--why", required=True, metavar="WORDS", help="without the number")


def run(options: argparse.Namespace) -> int:
    """Erase the key; what the kept days hold goes by retention, which is said."""
    from wardkeep.app.digesting import erase_patient
    from wardkeep.app.folder import open_folder
    from wardkeep.app.settings import load_site

    folder = open_folder(options.folder)
    erased = erase_patient(folder, options.number, options.why, f"os:{getpass.getuser()}")
    days = load_site(folder).retention.clinical_days
    print(f"{erased} digest keys erased; digests of this patient prove nothing any more.")
    print(f"Messages of the last {days} days go with their days; charts with the last of them.")
    return 0
