"""`wardkeep foresee` says what an attack on the hospital of the map would take."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from wardkeep.foresight.measures import Effect
    from wardkeep.foresight.summary import Forecast, Range

NAME = "foresee"
SUMMARY = (
    "What an attack would take: servers, days, patients and euros, and what prevention buys."
)
EXAMPLE = "wardkeep foresee /srv/wardkeep --replicas 2000 --measures measures.toml"
_REPLICAS = 1_000
_MOST_REPLICAS = 1_000_000
_SERVICES_SHOWN = 12


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the folder, how many attacks are drawn, and the measures."""
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
    parser.add_argument("--entries", action="store_true", help="list the ways in and end")
    parser.add_argument(
        "--measures", metavar="FILE", type=Path, help="TOML: what could be done, and its cost"
    )
    parser.add_argument("--json", action="store_true", help="the forecast as JSON on stdout")


def run(options: argparse.Namespace) -> int:
    """Print it; 2 for numbers or measures that cannot be used, 130 when interrupted."""
    import json
    import sys

    import msgspec

    from wardkeep.app.folder import open_folder
    from wardkeep.app.foreseeing import Asked, foresee, known_entries
    from wardkeep.app.site_keys import open_keys

    folder = open_folder(options.folder)
    ring = open_keys(folder)
    if options.entries:
        print("\n".join(known_entries(folder, ring)))
        return 0
    if not 1 <= options.replicas <= _MOST_REPLICAS or options.seed < 0:
        print(
            f"wardkeep foresee: --replicas is 1 to {_MOST_REPLICAS}, --seed 0 or more",
            file=sys.stderr,
        )
        return 2
    asked = Asked(
        replicas=options.replicas,
        seed=options.seed,
        entries=tuple(options.entry or ()),
        measures=options.measures,
    )
    found = foresee(folder, ring, asked, _progress(sys.stderr.isatty()))
    if options.json:
        print(json.dumps(msgspec.to_builtins(found), indent=2))
        return 0
    print(f"The map is as of {found.map_as_of}.")
    for each in found.forecasts:
        _print(each)
    _print_effects(found.effects)
    guesses = ", ".join(found.guesses)
    print(f"\nGuessed, not measured: {guesses}. docs/operating.md says what each is.")
    return 0


def _progress(shown: bool) -> Callable[[int, int], None]:  # noqa: FBT001  one truth, named where it is called
    import sys

    def tell(done: int, whole: int) -> None:
        if shown:
            end = "\n" if done == whole else ""
            print(f"\r{done} of {whole} attacks", end=end, file=sys.stderr, flush=True)

    return tell


def _print(found: Forecast) -> None:
    error = 1.96 * found.standard_error
    print(f"\nWAY IN: {found.entry} ({found.replicas} attacks drawn, seed {found.seed})")
    print(f"  it encrypts in {found.detonates:.0%} of them (+- {error:.1%}, drawing alone)")
    if not found.detonates:
        return
    if found.hours_to_detonation:
        print(f"  days inside before it:    {_days(found.hours_to_detonation)}")
    print("  then, each in the lower tenth / middle / upper tenth:")
    print(f"  servers lost:             {_whole(found.servers)}")
    print(f"  machines lost:            {_whole(found.machines)}")
    print(f"  days until all are back:  {_three(found.days_until_all_back, 1)}")
    print(f"  patients not treated:     {_whole(found.patients)}{_but(found.no_volume)}")
    print(
        f"  euros:                    {_whole(found.euros['together'])}{_but(found.no_revenue)}"
    )
    for way in found.ways:
        print(f"  path ({way.share:.0%}): {' > '.join(way.steps)}")
    print(f"  {'service':<34} {'lost':>5}  days not in full     patients not treated")
    worst = sorted(found.services, key=lambda each: -each.patients.p50 if each.patients else 0)
    for each in worst[:_SERVICES_SHOWN]:
        name = each.name[:34]
        days = _days(each.not_full)
        patients = "NOT RECORDED" if each.patients is None else _whole(each.patients)
        print(f"  {name:<34} {each.lost:>5.0%}  {days:<20} {patients}")


def _print_effects(effects: Sequence[Effect]) -> None:
    if not effects:
        return
    print("\nMEASURES, over all ways in; the same attacks with and without each (95 %)")
    ranked = sorted(effects, key=lambda each: -each.patients)
    for each in ranked:
        euros = f"{each.cost:,.0f} euros and {each.hours:,.0f} h of own people"
        print(f"  {each.name}: {euros}; changes {each.changed} items")
        print(
            f"    patients avoided {each.patients:,.0f} +- {each.patients_error:,.0f},"
            f" euros avoided {each.euros:,.0f} +- {each.euros_error:,.0f},"
            f" {each.detonations:.1%} fewer attacks encrypt"
        )
        if each.euros_a_patient is None:
            print("    nothing sure is avoided; draw more attacks, or it buys nothing here")
        else:
            print(
                f"    {each.euros_a_patient:,.2f} euros for each patient avoided in an attack"
            )
        if each.worse:
            print(f"    in {each.worse:.1%} of the attacks more patients are lost with it")


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
