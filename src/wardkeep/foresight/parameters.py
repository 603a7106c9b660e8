"""What the forecast assumes, each number with its source, or called an expert's guess.

Times are hours; a lognormal law is told by its median and the standard deviation of the
logarithm. Sources are those of public reports; what no report tells is a guess, and every paper
made from a forecast lists the guesses.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

import msgspec

GUESS = "an expert's guess"
Step = Literal[
    "foothold",
    "exploit-unpatched",
    "exploit-unknown",
    "exploit-patched",
    "shared-administrator",
    "steal-credential",
    "log-in",
    "log-in-second-factor",
    "supplier-access",
    "supplier-access-on-request",
    "take-domain",
    "notice",
    "decide",
    "cut",
]


class StepLaw(msgspec.Struct, frozen=True, kw_only=True):
    """How long a step takes, if it succeeds at all."""

    median: float
    spread: float
    success: float = 1.0
    source: str = GUESS


STEPS: Mapping[Step, StepLaw] = {
    "foothold": StepLaw(median=0.0, spread=0.0),
    "exploit-unpatched": StepLaw(median=12.0, spread=1.2, success=0.08),
    "exploit-unknown": StepLaw(median=16.0, spread=1.2, success=0.012),
    "exploit-patched": StepLaw(median=24.0, spread=1.2, success=0.004),
    "shared-administrator": StepLaw(median=1.0, spread=1.0, success=0.85),
    "steal-credential": StepLaw(
        median=11.0,
        spread=1.3,
        success=0.6,
        source="median 11 h to the first attempt on the directory (Sophos 2025); the spread and"
        " success are guesses",
    ),
    "log-in": StepLaw(
        median=0.8,
        spread=1.0,
        success=0.9,
        source="breakout 48 min on average (CrowdStrike 2024); success is a guess",
    ),
    "log-in-second-factor": StepLaw(median=4.0, spread=1.2, success=0.12),
    "supplier-access": StepLaw(median=1.0, spread=1.0, success=0.7),
    "supplier-access-on-request": StepLaw(median=30.0, spread=1.2, success=0.2),
    "take-domain": StepLaw(median=3.0, spread=1.0, success=0.9),
    "notice": StepLaw(median=30.0, spread=1.5),
    "decide": StepLaw(median=2.0, spread=0.9),
    "cut": StepLaw(median=1.0, spread=0.7),
}


class Assumptions(msgspec.Struct, frozen=True, kw_only=True):
    """All other numbers of a forecast; SOURCES tells where each is from.

    `alarm_watched`, `alarm_unwatched`: probability that a taken machine with endpoint
    detection, or without, raises an alarm. `alarm_second_factor`: probability that somebody
    who is asked for a second factor that they did not ask for, by whoever holds their
    password, says so. `staging_median`: hours from control of the
    domain to detonation. `push_machines_an_hour`: machines of a domain of PUSHED_AT that
    are encrypted an hour; `push_grows`: exponent by which that grows with the machines of a
    domain: 0 where one list is worked through, 1 where all machines fetch it at once.
    `worm`: probability that what comes in is a worm that spreads by itself, and no people;
    `worm_machines_an_hour`: how many machines each taken one takes an hour while all of the
    house stand open to it; `worm_on_patched`, `worm_on_unknown`: by what that is multiplied
    for patched machines and those of which nobody said it.
    `cut_median`: hours from the first encryption to the cut of everything. `hold_median`:
    hours for which what was not hit is kept off as well. `backups_reached`: probability
    that copies within reach of the taken domain are destroyed. `restore_hours_factor`: by
    what a server's hours of work, as map or plan say them, are multiplied in the
    middle, and `restore_hours_spread` around it from one attack to the next;
    `without_copy_factor`: by what more without its copy. `crew_hours_a_day`: hours a day
    that restoring goes on. `horizon_hours`: until when lost care is counted.
    `euros_a_crew_hour`, `outside_help_euros`: what restoring costs, in a house of 200
    servers.
    """

    alarm_watched: float = 0.15
    alarm_unwatched: float = 0.004
    alarm_second_factor: float = 0.3
    staging_median: float = 60.0
    staging_spread: float = 0.9
    push_machines_an_hour: float = 1_500.0
    push_grows: float = 0.77
    worm: float = 0.05
    worm_machines_an_hour: float = 30.0
    worm_on_patched: float = 0.1
    worm_on_unknown: float = 0.4
    cut_median: float = 3.9
    cut_spread: float = 0.77
    hold_median: float = 16.0
    hold_spread: float = 0.68
    backups_reached: float = 0.31
    restore_hours_factor: float = 12.2
    restore_hours_spread: float = 0.63
    without_copy_factor: float = 3.6
    crews: int = 4
    crew_hours_a_day: float = 20.0
    horizon_hours: float = 24.0 * 120
    euros_a_crew_hour: float = 220.0
    outside_help_euros: float = 890_000.0


def _fitted(low: str, high: str) -> str:
    return (
        "fitted to 14 incidents (docs/backtest.md), 80 % of the weight between"
        f" {low} and {high}"
    )


def _left_open(low: str, high: str) -> str:
    return f"{GUESS}: 14 incidents leave it open (docs/backtest.md) between {low} and {high}"


SOURCES: Mapping[str, str] = {
    "alarm_watched": GUESS,
    "alarm_unwatched": GUESS,
    "alarm_second_factor": GUESS,
    "staging_median": "data leave 73 h after the start in the median (Sophos 2025), and"
    " ransomware dwells 4 to 5 days (Sophos 2023 to 2025)",
    "staging_spread": GUESS,
    "push_machines_an_hour": _fitted("802", "2,819"),
    "push_grows": _fitted("0.45", "0.95"),
    "worm": f"{GUESS}: two of the sixteen incidents were worms (WannaCry, NotPetya 2017);"
    " of attacks by people, which are stopped more often, some two in five become incidents",
    "worm_machines_an_hour": f"{GUESS}: while Maersk was unplugged, which took more than two"
    " hours, 45,000 computers fell (NotPetya 2017)",
    "worm_on_patched": f"{GUESS}: NotPetya took patched machines by stolen passwords",
    "worm_on_unknown": GUESS,
    "cut_median": _fitted("1.38", "9.93"),
    "cut_spread": _left_open("0.33", "1.64"),
    "hold_median": _fitted("5.17", "48.8"),
    "hold_spread": _left_open("0.36", "1.20"),
    "backups_reached": _left_open("0.11", "0.75"),
    "restore_hours_spread": _fitted("0.29", "1.13"),
    "restore_hours_factor": _fitted("6.83", "18.0"),
    "without_copy_factor": _left_open("1.68", "10.2"),
    "crews": GUESS,
    "crew_hours_a_day": "20 to 30 people day and night (Rouen 2019)",
    "horizon_hours": "a choice: Dax 2021 took more than four months",
    "euros_a_crew_hour": _fitted("88.2", "539"),
    "outside_help_euros": _left_open("78,174", "3.9 M"),
}
"""By the names of Assumptions: who says it, or GUESS, perhaps with what it leans on."""

ASSUMED = Assumptions()


def guesses() -> tuple[str, ...]:
    """Return the names of all steps and assumptions that nobody measured.

    For whoever reads a forecast; SOURCES and the law of each step tell the rest.
    """
    steps = tuple(name for name, law in STEPS.items() if law.source == GUESS)
    return (*steps, *(name for name, source in SOURCES.items() if source.startswith(GUESS)))
