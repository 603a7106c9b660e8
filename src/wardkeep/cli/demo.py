"""`wardkeep demo` shows the main job on a simulated hospital group, and ends cleanly."""

from __future__ import annotations

import argparse
import sys

NAME = "demo"
SUMMARY = "Run a site server fed live by a simulated hospital group."
EXAMPLE = "wardkeep demo --seconds 60"


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare how long, how fast and where."""
    parser.add_argument(
        "--seconds",
        type=float,
        metavar="N",
        help="end by itself N seconds after its address is shown",
    )
    parser.add_argument("--pace", type=float, default=1.0, help="times faster than the clock")
    parser.add_argument("--seed", type=int, default=1, help="another seed, another hospital")
    parser.add_argument(
        "--fhir",
        action="append",
        default=[],
        metavar="STREAM",
        help="let a stream, a feed or `all` come as FHIR R4; may be told again",
    )
    parser.add_argument("--web-port", type=int, default=8443, metavar="W")


def run(options: argparse.Namespace) -> int:
    """Tell what to look at; 0 at Ctrl-C, SIGTERM or after the seconds, 1 if charts differ."""
    import asyncio

    from wardkeep.app.demo import Demonstration, Wish
    from wardkeep.sample.site import SPOKEN, feeds_of

    for name in options.fhir:
        if name not in SPOKEN:
            known = ", ".join(SPOKEN)
            print(f"wardkeep demo: no stream is named {name!r}: {known}", file=sys.stderr)
            return 2
    wish = Wish(
        seed=options.seed,
        web_port=options.web_port,
        seconds=options.seconds,
        pace=options.pace,
        fhir=feeds_of(options.fhir),
    )

    async def show() -> int:
        shown = await Demonstration(wish, lambda line: print(line, flush=True)).run()
        return 0 if shown is None or shown.different == 0 else 1

    return asyncio.run(show())
