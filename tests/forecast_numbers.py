"""docs/forecast-numbers.md made of the numbers themselves. To make it anew:

.venv/bin/python -m tests.forecast_numbers
"""

from __future__ import annotations

import inspect
from pathlib import Path

import msgspec

from wardkeep.foresight.parameters import ASSUMED, SOURCES, STEPS, Assumptions, Step
from wardkeep.foresight.points import FITTED

DOCUMENT = Path(__file__).parents[1] / "docs" / "forecast-numbers.md"
WHAT: dict[Step, str] = {
    "foothold": "what follows at once from the step before",
    "exploit-unpatched": "a machine without updates is taken over the network",
    "exploit-unknown": "the same where nobody said whether it has updates",
    "exploit-patched": "the same with updates",
    "shared-administrator": "the local administrator's password of one computer opens another",
    "steal-credential": "a password that lies on a taken machine is stolen",
    "log-in": "a stolen password opens a machine that it administers",
    "log-in-second-factor": "a second factor is got round, once for an account",
    "supplier-access": "a supplier's access that stands open is misused",
    "supplier-access-on-request": "one that opens on request only is misused",
    "take-domain": "from a server of tier 0 to control of the directory",
    "notice": "from an alarm until somebody notices it",
    "decide": "from there to the decision to cut",
    "cut": "from the decision to the cut",
}
HEAD = """# The numbers of the forecast

What `wardkeep foresee` and `wardkeep board-paper` assume, each with who says it. This page is
made of the code (`foresight/parameters.py`). Numbers that are fitted to past incidents, or that
these leave open, are middles: each attack draws one of {points} points around them that the
incidents leave equally likely (`foresight/fitted_points.py`), all twelve together, since what
slows one house down slows it in all. How far these numbers are from what sixteen struck
houses lived through: [backtest.md](backtest.md). A measure may set those of the second table by
its `assume` ([operating.md](operating.md)), but for `horizon_hours` and the prices.
"""
STEPS_HEAD = """## Steps of an attacker and of the defence

Times are lognormal: median in hours, spread of the logarithm. `success`: how often the step
succeeds at all.

| step | what it is | median h | spread | success | source |
| --- | --- | ---: | ---: | ---: | --- |"""


def written() -> str:
    """Return the whole page."""
    fields = msgspec.structs.fields(Assumptions)
    return "\n".join(
        [
            HEAD.format(points=len(FITTED)),
            STEPS_HEAD,
            *(
                f"| `{name}` | {WHAT[name]} | {law.median:g} | {law.spread:g} |"
                f" {law.success:g} | {law.source} |"
                for name, law in STEPS.items()
            ),
            "",
            "## All other numbers",
            "",
            " ".join(inspect.cleandoc(Assumptions.__doc__ or "").split("\n\n", 1)[1].split()),
            "",
            "| number | value | source |",
            "| --- | ---: | --- |",
            *(
                f"| `{each.name}` | {getattr(ASSUMED, each.name):g} | {SOURCES[each.name]} |"
                for each in fields
            ),
            "",
        ]
    )


if __name__ == "__main__":
    DOCUMENT.write_text(written(), "utf-8")
