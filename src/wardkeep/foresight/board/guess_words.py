"""The guesses of a forecast in words that a director understands: by what they are about."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from wardkeep.paper.words import N_

_STEPS = N_("how often each step of an attacker succeeds, and how long it takes")
_DEFENCE = N_("how soon somebody notices, decides and cuts")
_SPREAD = N_("how fast machines are encrypted")
_WORM = N_("how likely a worm is")
_COPIES = N_("whether backups are reached")
_RESTORING = N_("how long restoring takes, and with how many crews")
_EUROS = N_("what a crew and help from outside cost")

GUESS_WORDS: Mapping[str, str] = {
    "foothold": _STEPS,
    "exploit-unpatched": _STEPS,
    "exploit-unknown": _STEPS,
    "exploit-patched": _STEPS,
    "shared-administrator": _STEPS,
    "log-in-second-factor": _STEPS,
    "supplier-access": _STEPS,
    "supplier-access-on-request": _STEPS,
    "take-domain": _STEPS,
    "notice": _DEFENCE,
    "decide": _DEFENCE,
    "cut": _DEFENCE,
    "cut_spread": _DEFENCE,
    "alarm_watched": _DEFENCE,
    "alarm_unwatched": _DEFENCE,
    "alarm_second_factor": _DEFENCE,
    "staging_spread": _SPREAD,
    "push_machines_an_hour": _SPREAD,
    "push_grows": _SPREAD,
    "worm": _WORM,
    "worm_machines_an_hour": _SPREAD,
    "worm_on_patched": _SPREAD,
    "worm_on_unknown": _SPREAD,
    "backups_reached": _COPIES,
    "hold_spread": _RESTORING,
    "restore_hours_factor": _RESTORING,
    "without_copy_factor": _RESTORING,
    "crews": _RESTORING,
    "euros_a_crew_hour": _EUROS,
    "outside_help_euros": _EUROS,
}
"""By the names that `parameters.guesses` gives; one that is not here is told by its name."""


def themes(guesses: Sequence[str]) -> Mapping[str, int]:
    """Return what guesses are about, in the order given, and how many are about it."""
    return Counter(GUESS_WORDS.get(each, each) for each in guesses)
