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
    """All other numbers of a forecast."""

    alarm_watched: float = 0.15
    """Probability that a taken machine with endpoint detection raises an alarm: a guess."""
    alarm_unwatched: float = 0.004
    """The same without: a guess."""
    alarm_second_factor: float = 0.3
    """Probability that somebody who is asked for a second factor that they did not ask for, by
    whoever holds their password, says so: a guess."""
    staging_median: float = 60.0
    """Hours from control of the domain to detonation: data leave 73 h after the start in the
    median (Sophos 2025), and ransomware dwells 4 to 5 days (Sophos 2023 to 2025)."""
    staging_spread: float = 0.9
    push_machines_an_hour: float = 900.0
    """Machines that are reached an hour: some 1,700 of 3,000 were hit in May 2022 before the
    cut of a night; the rate is a guess."""
    cut_median: float = 1.8
    """Hours from the first encryption to the cut of everything: 0.25 h (Rouen 2019), 3 h
    (Saint-Pierre 2023), 3.6 h (HSE 2021)."""
    cut_spread: float = 0.8
    hold_median: float = 40.0
    """Hours for which what was not hit is kept off as well: first key servers after 2 days
    (CHwapi 2021), most applications after 16 h (Saint-Pierre 2023)."""
    hold_spread: float = 0.8
    backups_reached: float = 0.7
    """Probability that copies within reach of the taken domain are destroyed: a guess."""
    without_copy_factor: float = 4.0
    """How many times longer a server takes without its copy: a guess."""
    crews: int = 4
    crew_hours_a_day: float = 20.0
    """Hours a day that restoring goes on: in Rouen 20 to 30 people day and night."""
    horizon_hours: float = 24.0 * 120
    """Longer than any delay counted in care; Dax 2021 took more than four months."""
    euros_a_crew_hour: float = 260.0
    """Two people of the house and one from outside: a guess."""
    outside_help_euros: float = 250_000.0
    """Forensics and help in the first weeks: a guess; Arles 2021 cost 1 M EUR in all."""


ASSUMED = Assumptions()


def guesses() -> tuple[str, ...]:
    """Return the names of all steps that nobody measured, for whoever reads a forecast."""
    return tuple(name for name, law in STEPS.items() if law.source == GUESS)
