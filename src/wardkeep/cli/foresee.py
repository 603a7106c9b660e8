"""`wardkeep foresee` says what an attack on the hospital of the map would take."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from wardkeep.app.drawing_attacks import Asked
    from wardkeep.app.folder import HospitalFolder
    from wardkeep.app.foreseeing import Foreseen
    from wardkeep.app.kept_forecasts import Kept
    from wardkeep.foresight.portfolio import Budget

NAME = "foresee"
SUMMARY = (
    "What an attack would take: servers, days, patients and euros, and what prevention buys."
)
EXAMPLE = "wardkeep foresee /srv/wardkeep --replicas 2000 --measures measures.toml"
_REPLICAS = 1_000
_TOO_MUCH = 1e9
_LEAST_REPLICAS = 10
"""Fewer have no tenths."""
_MOST_REPLICAS = 1_000_000


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the folder, how many attacks are drawn, and the measures."""
    declare_attacks(parser)
    parser.add_argument("--entries", action="store_true", help="list the ways in and end")
    parser.add_argument(
        "--export",
        metavar="FOLDER",
        type=Path,
        help="also write CSV for spreadsheets, MONARC and EBIOS RM into this folder",
    )
    parser.add_argument(
        "--language",
        choices=("fr", "nl", "de", "en"),
        help="of the exported texts (the hospital's)",
    )
    parser.add_argument("--json", action="store_true", help="the forecast as JSON on stdout")


def declare_attacks(parser: argparse.ArgumentParser) -> None:
    """Declare what a forecast is drawn of: of this verb and of those that draw one too."""
    parser.add_argument("folder", metavar="DIR", type=Path, help="the hospital folder")
    parser.add_argument(
        "--replicas", metavar="N", type=int, default=_REPLICAS, help="attacks a way in (1000)"
    )
    parser.add_argument(
        "--seed", metavar="S", type=int, default=1, help="which attacks are drawn (1)"
    )
    parser.add_argument(
        "--entry", metavar="NAME", action="append", help="a way in; repeat it (default: three)"
    )
    parser.add_argument(
        "--measures", metavar="FILE", type=Path, help="TOML: what could be done, and its cost"
    )
    parser.add_argument(
        "--budget",
        metavar="EUROS",
        type=float,
        help="look for the best set of the measures that costs no more",
    )
    parser.add_argument(
        "--own-hours",
        metavar="H",
        type=float,
        help="hours of the hospital's own people that the set may take (any)",
    )


def run(options: argparse.Namespace) -> int:
    """Print it; 2 for numbers or measures that cannot be used, 130 when interrupted."""
    import sys

    from wardkeep.app.folder import open_folder
    from wardkeep.app.forecast_export import refuse_unwritable
    from wardkeep.app.foreseeing import known_entries
    from wardkeep.app.kept_forecasts import foresee_and_keep
    from wardkeep.app.site_keys import open_keys
    from wardkeep.cli.main import INTERRUPTED

    folder = open_folder(options.folder)
    ring = open_keys(folder)
    if options.entries:
        print("\n".join(known_entries(folder, ring)))
        return 0
    refused = wrong(options)
    if options.language and not options.export:
        refused = "--language is of the texts of --export"
    if refused:
        print(f"wardkeep foresee: {refused}", file=sys.stderr)
        return 2
    if options.export:
        refuse_unwritable(options.export, folder)
    kept = foresee_and_keep(
        folder, ring, asked_of(options, keep=True), progress(sys.stderr.isatty())
    )
    _tell(kept, options, folder)
    if options.export and kept.found.complete:
        _export(kept.found, options, folder)
    if not kept.found.complete:
        files = "; no file is written" if options.export else ""
        print(
            f"wardkeep foresee: broken off; what was drawn by then is told{files}",
            file=sys.stderr,
        )
        return INTERRUPTED
    _say_what_is_kept(kept)
    return 0


def _tell(kept: Kept, options: argparse.Namespace, folder: HospitalFolder) -> None:
    import json

    import msgspec

    from wardkeep.cli.foresee_words import lines
    from wardkeep.cli.map_words import age_of

    if options.json:
        print(json.dumps(msgspec.to_builtins(kept.found), indent=2))
        return
    print(age_of(folder, kept.found.map_as_of))
    for line in lines(kept.found):
        print(line)
    _print_kept(kept)


def _print_kept(kept: Kept) -> None:
    """Say how it differs from the last forecast over another map."""
    from wardkeep.cli.foresee_words import three
    from wardkeep.foresight.kept import worst

    before = kept.before
    if before is None or not kept.found.complete:
        return
    now = worst(kept.found.forecasts)
    if now.euros is not None:
        print(
            f"\nTHE MAP CHANGED since the forecast of {before.made} ({before.replicas} attacks)"
        )
        for words, then, this in (
            ("patients late", before.late, now.late),
            ("days until all are back", before.days_until_all_back, now.days_until_all_back),
            ("euros", before.euros, now.euros["together"]),
        ):
            print(f"  {words}: {three(then)} then, {three(this)} now")
        print("  Both are drawn: ranges that overlap may be no change.")


def _say_what_is_kept(kept: Kept) -> None:
    import sys

    from wardkeep.cli.foresee_words import off_the_page

    if lost := off_the_page(kept):
        print(lost, file=sys.stderr)
    if kept.why_not:
        print(f"Not kept to compare the next one with: {kept.why_not}", file=sys.stderr)


def _export(found: Foreseen, options: argparse.Namespace, folder: HospitalFolder) -> None:
    import sys
    from zoneinfo import ZoneInfo

    from wardkeep.app.forecast_export import export
    from wardkeep.app.settings import load_site

    site = load_site(folder)
    language, zone = options.language or site.language, ZoneInfo(site.rules.timezone)
    for path in export(found, options.export, language, zone):
        print(f"written: {path}", file=sys.stderr)


def asked_of(options: argparse.Namespace, *, keep: bool = False) -> Asked:
    """Return how many attacks by which ways in; `keep` what was drawn when broken off."""
    from wardkeep.app.drawing_attacks import Asked

    return Asked(
        replicas=options.replicas,
        seed=options.seed,
        entries=tuple(options.entry or ()),
        measures=options.measures,
        budget=budget_of(options),
        keep=keep,
    )


def wrong(options: argparse.Namespace) -> str:
    """Say which numbers cannot be used; empty when all can."""
    if not _LEAST_REPLICAS <= options.replicas <= _MOST_REPLICAS or options.seed < 0:
        return f"--replicas is {_LEAST_REPLICAS} to {_MOST_REPLICAS}, --seed 0 or more"
    if options.budget is None:
        return "--own-hours needs --budget" if options.own_hours is not None else ""
    if options.measures is None:
        return "--budget needs --measures: the file of what could be done, and its cost"
    if not 0 <= options.budget < _TOO_MUCH or not 0 <= (options.own_hours or 0) < _TOO_MUCH:
        return "--budget and --own-hours are 0 or more, and no hospital has a billion of them"
    return ""


def budget_of(options: argparse.Namespace) -> Budget | None:
    """Return what may be spent; None where no budget is named."""
    from wardkeep.foresight.portfolio import Budget

    if options.budget is None:
        return None
    hours = float("inf") if options.own_hours is None else options.own_hours
    return Budget(euros=options.budget, hours=hours)


def progress(shown: bool) -> Callable[[int, int], None]:  # noqa: FBT001  one truth, named where it is called
    """Return what tells on stderr how many attacks are drawn, where `shown`."""
    import sys

    def tell(done: int, whole: int) -> None:
        if shown:
            end = "\n" if done == whole else ""
            print(f"\r{done} of {whole} attacks", end=end, file=sys.stderr, flush=True)

    return tell
