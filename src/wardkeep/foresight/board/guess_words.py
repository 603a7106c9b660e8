"""The guesses of a forecast in words that a director understands."""

from __future__ import annotations

from collections.abc import Mapping

from wardkeep.paper.words import N_

GUESS_WORDS: Mapping[str, str] = {
    "foothold": N_("that somebody opens the mail or the access is entered"),
    "exploit-unpatched": N_("how often machines without updates are taken"),
    "exploit-unknown": N_("how often machines of which updates are NOT RECORDED are taken"),
    "exploit-patched": N_("how often machines with updates are taken"),
    "shared-administrator": N_("how fast one administrator password opens many computers"),
    "log-in-second-factor": N_("how often a second factor is got round"),
    "supplier-access": N_("how often a supplier's access is misused"),
    "take-domain": N_("how often an attacker takes the directory"),
    "notice": N_("how soon somebody notices"),
    "decide": N_("how soon somebody decides to cut"),
    "cut": N_("how long cutting takes"),
}
"""By the names that `parameters.guesses` gives; one that is not here is told by its name."""
