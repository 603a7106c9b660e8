"""`wardkeep foresee` says what an attack on the hospital of the map would take."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from wardkeep.app.drawing_attacks import Asked
    from wardkeep.app.folder import HospitalFolder
    from wardkeep.app.foreseeing import Foreseen
    from wardkeep.app.kept_forecasts import Kept
    from wardkeep.foresight.figures import Range
    from wardkeep.foresight.measures import Burden, Effect
    from wardkeep.foresight.neighbours import NeighbourHit
    from wardkeep.foresight.portfolio import Budget, Portfolio
    from wardkeep.foresight.summary import Forecast, Way

NAME = "foresee"
SUMMARY = (
    "What an attack would take: servers, days, patients and euros, and what prevention buys."
)
EXAMPLE = "wardkeep foresee /srv/wardkeep --replicas 2000 --measures measures.toml"
_REPLICAS = 1_000
_FEW = 30
"""Of fewer, a tenth is made of less than three attacks."""
_LEAST_REPLICAS = 10
"""Fewer have no tenths."""
_MOST_REPLICAS = 1_000_000
_SERVICES_SHOWN = 12
_CHANNELS = {
    "infection": "the attacker stands at its door (infection)",
    "credentials": "a password that it shares is stolen (credentials)",
    "dependency": "it is without what it needs of us (dependency)",
    "disconnection": "links are cut in defence (disconnection)",
}


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
    kept = foresee_and_keep(
        folder, ring, asked_of(options, keep=True), progress(sys.stderr.isatty())
    )
    if options.export:
        _export(kept.found, options, folder)
    _tell(kept, options, folder)
    if not kept.found.complete:
        print("wardkeep foresee: broken off; what was drawn by then is told", file=sys.stderr)
        return INTERRUPTED
    if kept.why_not:
        print(f"This forecast is not kept: {kept.why_not}", file=sys.stderr)
    return 0


def _tell(kept: Kept, options: argparse.Namespace, folder: HospitalFolder) -> None:
    import json

    import msgspec

    from wardkeep.cli.map_words import age_of

    if options.json:
        print(json.dumps(msgspec.to_builtins(kept.found), indent=2))
        return
    print(age_of(folder, kept.found.map_as_of))
    _print_all(kept.found)
    _print_kept(kept)


def _print_kept(kept: Kept) -> None:
    """Say how it differs from the last forecast over another map."""
    from wardkeep.foresight.kept import worst

    before = kept.before
    if before is None or not kept.found.complete:
        return
    now = worst(kept.found.forecasts)
    if now.detonates:
        print(
            f"\nTHE MAP CHANGED since the forecast of {before.made} ({before.replicas} attacks)"
        )
        for words, then, this in (
            ("patients late", before.late, now.late),
            ("days until all are back", before.days_until_all_back, now.days_until_all_back),
            ("euros", before.euros, now.euros["together"]),
        ):
            print(f"  {words}: {_whole(then)} then, {_whole(this)} now")
        print("  Both are drawn: ranges that overlap may be no change.")


def _export(found: Foreseen, options: argparse.Namespace, folder: HospitalFolder) -> None:
    import sys

    from wardkeep.app.forecast_export import export
    from wardkeep.app.settings import load_site

    language = options.language or load_site(folder).language
    for path in export(found, options.export, language):
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
    if not options.budget >= 0 or not (options.own_hours or 0) >= 0:
        return "--budget and --own-hours are 0 or more"
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


def _print_all(found: Foreseen) -> None:
    for each in found.forecasts:
        _print(each)
    _print_effects(found.effects, found.without)
    if found.portfolio:
        _print_portfolio(found.portfolio)
    guesses = ", ".join(found.guesses)
    print(f"\nGuessed, not measured: {guesses}. docs/operating.md says what each is.")


def _print(found: Forecast) -> None:
    error = 1.96 * found.standard_error
    print(f"\nWAY IN: {found.entry} ({found.replicas} attacks drawn, seed {found.seed})")
    print(f"  {found.machines_on_map:,} machines, drawn as {found.groups:,}: alike ones as one")
    print(f"  it encrypts in {found.detonates:.0%} of them (+- {error:.1%}, drawing alone)")
    print(f"  as a worm, in {found.by_worm:.0%} of them; by people, in the others")
    if not found.detonates:
        return
    if found.hours_to_detonation:
        print(f"  days inside before it:    {_days(found.hours_to_detonation)}")
    if (count := round(found.detonates * found.replicas)) < _FEW:
        print(f"  ONLY {count} of them encrypt: too few for tenths; draw more with --replicas")
    print("  then, each in the lower tenth / middle / upper tenth:")
    print(f"  servers lost:             {_whole(found.servers)}")
    print(f"  machines lost:            {_whole(found.machines)}")
    print(f"  days until all are back:  {_three(found.days_until_all_back, 1)}")
    print(f"  patients not treated:     {_whole(found.patients)}{_but(found.no_volume)}")
    print(f"  of them late over a day:  {_whole(found.late)}")
    print(f"  of them sent elsewhere:   {_whole(found.elsewhere)}")
    print(f"  patient-hours waited:     {_whole(found.patient_hours)}")
    print(
        f"  euros:                    {_whole(found.euros['together'])}{_but(found.no_revenue)}"
    )
    _print_ways(found.ways)
    _print_services(found)
    _print_neighbours(found.neighbours)


def _print_ways(ways: Sequence[Way]) -> None:
    from wardkeep.foresight.way_words import in_words

    for way in ways:
        steps = " > ".join(in_words(each, str) for each in way.steps)
        print(f"  path ({way.share:.0%}): {steps}")


def _print_services(found: Forecast) -> None:
    print(f"  {'service':<34} {'lost':>5}  days until in full    patients late over a day")
    worst = sorted(found.services, key=lambda each: -each.late.p50 if each.late else 0)
    for each in worst[:_SERVICES_SHOWN]:
        late = "NOT RECORDED" if each.late is None else _whole(each.late)
        print(f"  {each.name[:34]:<34} {each.lost:>5.0%}  {_days(each.full_again):<21} {late}")


def _print_neighbours(hits: Sequence[NeighbourHit]) -> None:
    for each in hits:
        share = "NOT RECORDED how many" if each.share is None else f"{each.share:.0%}"
        hours = f", days without {_days(each.hours)}" if each.hours else ""
        words = _CHANNELS[each.channel]
        print(f"  {each.name or each.neighbour}: {words} in {share} of the attacks{hours}")


def _print_effects(effects: Sequence[Effect], without: Burden | None) -> None:
    if not effects or not without:
        return
    print("\nMEASURES, over all ways in; the same attacks with and without each (95 %)")
    print(
        f"  without any, in the mean of {without.attacks:,} attacks that are tried, of which"
        f" {without.detonates:.0%} encrypt: {without.late:,.0f} +- {without.late_error:,.0f}"
        f" patients late, {without.patient_hours:,.0f} +- {without.patient_hours_error:,.0f}"
        f" patient-hours, {without.euros:,.0f} +- {without.euros_error:,.0f} euros"
    )
    for each in sorted(effects, key=lambda each: -each.patient_hours):
        euros = f"{each.cost:,.0f} euros and {each.hours:,.0f} h of own people"
        print(f"  {each.name}: {euros}; changes {each.changed} items")
        _print_effect(each)


def _print_effect(each: Effect) -> None:
    print(
        f"    avoided in one attack: {each.late:,.0f} +- {each.late_error:,.0f} patients late,"
        f" {each.patient_hours:,.0f} +- {each.patient_hours_error:,.0f} patient-hours,"
        f" {each.euros:,.0f} +- {each.euros_error:,.0f} euros;"
        f" {each.detonations:.1%} fewer attacks encrypt"
    )
    print(f"    {_worth(each)}")
    if each.worse:
        print(f"    in {each.worse:.1%} of the attacks patients wait longer with it")


def _worth(each: Effect) -> str:
    if each.euros_a_patient_hour is not None:
        return f"{each.euros_a_patient_hour:,.2f} euros for each patient-hour avoided"
    if not each.changed and not each.patient_hours and not each.euros:
        return "nothing of this map is changed by it: is what it guards on the map?"
    if each.patient_hours < -each.patient_hours_error:
        return "IT MAKES THINGS WORSE: patients surely wait longer with it"
    return "nothing sure is avoided; draw more attacks, or it buys nothing here"


def _print_portfolio(found: Portfolio) -> None:
    print(f"\nTHE BEST SET for {found.budget:,.0f} euros{_own_hours(found)}")
    if found.effect is None:
        print("  none: no measure that can be paid surely avoids patient-hours")
        return
    print(f"  {', '.join(found.measures)}: {found.cost:,.0f} euros and {found.hours:,.0f} h")
    _print_effect(found.effect)
    print(
        f"    (the best of {found.sets} sets that were drawn; {found.expected:,.0f} were"
        f" expected from {len(found.looked_at)} singles and {found.pairs} pairs)"
    )


def _own_hours(found: Portfolio) -> str:
    if found.own_hours is None:
        return ""
    return f" and {found.own_hours:,.0f} h of own people"


def _but(services: Sequence[str]) -> str:
    """Say how many services a sum does not hold since the map does not tell it of them."""
    if not services:
        return ""
    return f" (of {len(services)} services NOT RECORDED on the map, not in it)"


def _days(hours: Range) -> str:
    return f"{hours.p10 / 24:.1f} / {hours.p50 / 24:.1f} / {hours.p90 / 24:.1f}"


def _whole(found: Range) -> str:
    return _three(found, 0)


def _three(found: Range, places: int) -> str:
    numbers: list[Any] = [found.p10, found.p50, found.p90]
    return " / ".join(f"{each:,.{places}f}" for each in numbers)
