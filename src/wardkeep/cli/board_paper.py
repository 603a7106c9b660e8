"""`wardkeep board-paper` makes the two pages that a director takes into a funding request."""

from __future__ import annotations

import argparse
from pathlib import Path

from wardkeep.cli.foresee import asked_of, declare_attacks, progress, wrong
from wardkeep.paper.words import LANGUAGES

NAME = "board-paper"
SUMMARY = "Two pages for the board: what an attack would take, and what prevention buys."
EXAMPLE = (
    "wardkeep board-paper /srv/wardkeep --out paper.pdf --measures measures.toml"
    " --budget 200000"
)


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what is drawn, the file, its language."""
    declare_attacks(parser)
    parser.add_argument("--out", metavar="FILE.pdf", type=Path, help="where the paper is put")
    parser.add_argument(
        "--language", metavar="L", choices=LANGUAGES, help="fr, nl, de or en (the site's)"
    )
    parser.add_argument("--json", action="store_true", help="all of it as JSON on stdout")


def run(options: argparse.Namespace) -> int:
    """Draw, then put the paper whole; 2 for what cannot be used, 130 when interrupted."""
    import sys

    import msgspec

    from wardkeep.app.board_paper import make, put, refuse_unwritable
    from wardkeep.app.folder import open_folder
    from wardkeep.app.settings import load_site
    from wardkeep.app.site_keys import open_keys
    from wardkeep.cli.foresee_words import off_the_page
    from wardkeep.cli.map_words import age_of

    folder = open_folder(options.folder)
    refused = wrong(options)
    if options.out is None and not options.json:
        refused = "name a file with --out, or --json"
    if refused:
        print(f"wardkeep board-paper: {refused}", file=sys.stderr)
        return 2
    if options.out is not None:
        refuse_unwritable(options.out)
    ring = open_keys(folder)
    paper, kept = make(folder, ring, asked_of(options), progress(sys.stderr.isatty()))
    if lost := off_the_page(kept):
        print(lost, file=sys.stderr)
    if options.out is not None:
        put(paper, options.language or load_site(folder).language, options.out)
    if options.json:
        print(msgspec.json.format(msgspec.json.encode(paper), indent=2).decode())
    else:
        print(f"{options.out}: two pages. {age_of(folder, paper.source.map_as_of)}")
    return 0
