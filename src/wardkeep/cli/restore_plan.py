"""`wardkeep restore-plan` says in which order lost servers are brought back, and why."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from wardkeep.foresight.restoring.plan import PlannedServer, RestorePlan
    from wardkeep.foresight.restoring.weights import Loss

NAME = "restore-plan"
SUMMARY = "Say in which order lost servers are restored, by whom, and why so."
EXAMPLE = "wardkeep restore-plan /srv/wardkeep --lost lost.txt --crews 4"
_MOST_CREWS = 100
_MOST_STEPS = 10_000_000
_NAMED = 2
_WARNED = 10
_LEFT_OUT = (
    "Left out: the time until work may begin (hour 0), copies that are destroyed, and nights"
    " (24 h work a day);\nwardkeep foresee and the board paper count these."
)


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the folder, what is lost, the crews, the numbers, the search and --json."""
    parser.add_argument("folder", metavar="DIR", type=Path, help="the hospital folder")
    parser.add_argument(
        "--lost",
        metavar="FILE",
        type=Path,
        required=True,
        help="what is lost, one a line: a server's id, segment:x, site:x, application:x, all",
    )
    parser.add_argument(
        "--crews",
        metavar="N",
        type=_whole(_MOST_CREWS),
        default=4,
        help="how many servers are worked on at once (default: 4)",
    )
    parser.add_argument(
        "--numbers", metavar="FILE", type=Path, help="TOML: the site's numbers for guesses"
    )
    parser.add_argument(
        "--steps",
        metavar="N",
        type=_whole(_MOST_STEPS),
        help="how long to search (default: by the number of servers, a few seconds)",
    )
    parser.add_argument("--json", action="store_true", help="the plan as JSON on stdout")


class _whole:  # noqa: N801  argparse names a type in its errors by this
    """Reads a whole number from 1 to a limit."""

    def __init__(self, most: int) -> None:
        self._most = most

    def __call__(self, text: str) -> int:
        number = int(text) if text.isascii() and text.isdigit() else 0
        if not 1 <= number <= self._most:
            raise argparse.ArgumentTypeError(f"{text!r}: a whole number from 1 to {self._most}")
        return number


def run(options: argparse.Namespace) -> int:
    """Print the plan; 2 for a file of no use or a circle, 6 for what is not on the map."""
    import msgspec

    from wardkeep.adapters.map_store import MapStore
    from wardkeep.app.folder import open_folder
    from wardkeep.app.restore_planning import read_lost, read_numbers
    from wardkeep.app.site_keys import open_keys
    from wardkeep.cli.map_words import age, ages
    from wardkeep.foresight.restoring.numbers import PlanNumbers
    from wardkeep.foresight.restoring.plan import restore_plan

    folder = open_folder(options.folder)
    numbers = read_numbers(options.numbers) if options.numbers else PlanNumbers()
    whole = MapStore(folder.map, open_keys(folder)).whole()
    lost = read_lost(whole, options.lost)
    plan = restore_plan(whole, lost, crews=options.crews, numbers=numbers, steps=options.steps)
    if options.json:
        answer = {**ages(folder, whole), **msgspec.to_builtins(plan)}
        print(msgspec.json.format(msgspec.json.encode(answer), indent=2).decode())
        return 0
    print(age(folder, whole))
    for line in told(plan):
        print(line)
    return 0


def told(plan: RestorePlan) -> Iterator[str]:
    """Yield the lines of a plan for a terminal."""
    parts = (
        _summary(plan),
        _warnings(plan),
        _services(plan),
        _servers(plan),
        _days(plan),
        _guesses(plan),
    )
    for part in parts:
        if lines := list(part):
            yield from lines
            yield ""


def _clean(words: str) -> str:
    from wardkeep.paper.visible import on_a_terminal

    return on_a_terminal(words)


def _summary(plan: RestorePlan) -> Iterator[str]:
    yield (
        f"{_many(len(plan.servers), 'server')} lost of {plan.on_the_map:,} on the map:"
        f" {plan.work:g} hours of work,"
        f" {_many(plan.crews, 'crew')} day"
        f" and night: all is back in hour {plan.end:g} (day {-int(-plan.end // 24)})."
    )
    yield f"An hour of delay at the start: {_loss(plan.delay)} patients not treated as usual,"
    yield f"and {_loss(plan.delay_items)} analyses, calls, invoices and the like."
    yield (
        f"Until every service is back {plan.patients:,.0f} patients are not treated as usual in"
        " this order, weighted by the sort of service:"
    )
    if plan.within_percent:
        yield (
            f"in no order fewer than {plan.bound:,.0f}, so it is within"
            f" {plan.within_percent:g} % of the best."
        )
    else:
        yield "in no order fewer."
    yield _LEFT_OUT


def _warnings(plan: RestorePlan) -> Iterator[str]:
    for each in plan.warnings[:_WARNED]:
        yield f"WARNING: {_clean(each)}."
    if (more := len(plan.warnings) - _WARNED) > 0:
        yield f"WARNING: and {_many(more, 'server')} more whose copy lies so (--json)."


def _services(plan: RestorePlan) -> Iterator[str]:
    yield "SERVICES, as they are back"
    yield "  hour  day  service: how it works until then, what it loses an hour"
    for each in plan.services:
        guess = " GUESS" if each.guesses else ""
        lost = f"{each.mode.upper()}, {_loss(each.an_hour)} an hour{guess}"
        yield f"{each.back:>6g} {each.day:>4}  {_clean(each.name)}: {lost}"
        yield from _why(each.why)
    if not plan.services:
        yield "  No service on the map needs what is lost."


def _servers(plan: RestorePlan) -> Iterator[str]:
    yield "SERVERS, as work on them begins"
    yield "  from    to  crew  server: for which services (hours of work)"
    names = {each.service: _clean(each.name) for each in plan.services}
    for each in plan.servers:
        hours = f"{each.hours:g} h{' GUESS' if each.guess else ''}"
        when = f"{each.starts:>6g} {each.ends:>5g} {each.crew:>5}"
        yield f"{when}  {each.server}: {_for(each, names)} ({hours})"
        yield from _why(each.why)


def _why(words: str) -> list[str]:
    import textwrap

    indent = " " * 15
    return textwrap.wrap(_clean(words), 100, initial_indent=indent, subsequent_indent=indent)


def _for(server: PlannedServer, names: dict[str, str]) -> str:
    said = ", ".join(names[each] for each in server.services[:_NAMED])
    more = len(server.services) - _NAMED
    return (said or "no service") + (f" and {more} more" if more > 0 else "")


def _days(plan: RestorePlan) -> Iterator[str]:
    yield "AT THE END OF EACH DAY"
    yield "   day  servers  services  patients an hour still not treated as usual"
    for each in plan.days:
        left = _loss(each.patients_an_hour)
        yield f"{each.day:>6} {each.servers:>8} {each.services:>9}  {left}"


def _guesses(plan: RestorePlan) -> Iterator[str]:
    if plan.services:
        yield "A patient counts as one, whatever ails them, unless --numbers says otherwise:"
        yield "a clinician reads this order before it is followed."
    guessed = sum(each.guess for each in plan.servers)
    if guessed:
        yield (
            f"GUESS: restore_hours of {_many(guessed, 'server')} are not on the map;"
            " what is usual for their tier stands in their place (--numbers)."
        )
    named: dict[str, list[str]] = {}
    for each in plan.services:
        for guess in each.guesses:
            named.setdefault(guess, []).append(_clean(each.name))
    for guess, names in named.items():
        yield f"GUESS: {guess}: {'; '.join(names)}."


def _loss(loss: Loss) -> str:
    if loss.high - loss.low < 0.1:  # noqa: PLR2004  no finer number is shown
        return _short(loss.usual)
    return f"{_short(loss.usual)} ({_short(loss.low)} to {_short(loss.high)})"


def _short(number: float) -> str:
    return f"{number:,.0f}" if number >= 10 else f"{number:.1f}"  # noqa: PLR2004  two digits do


def _many(number: int, word: str) -> str:
    return f"{number:,} {word}" if number == 1 else f"{number:,} {word}s"
