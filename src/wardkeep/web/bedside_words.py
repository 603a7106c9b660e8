"""Words of the bedside check: what is compared, where to look, what came of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from wardkeep.web.words import N_

KINDS: Final[Mapping[str, str]] = {
    "allergies": N_("Allergies"),
    "dose_due": N_("Medicine ordered"),
    "dose_given": N_("Last dose"),
    "bed": N_("Bed"),
    "code_status": N_("Code status"),
    "isolation": N_("Isolation"),
    "weight": N_("Weight"),
    "diet": N_("Diet"),
}
WHERE: Final[Mapping[str, str]] = {
    "allergies": N_("Ask the patient and read the wristband."),
    "dose_due": N_("Read the chart that you give medicines by."),
    "dose_given": N_("Ask who gave it, and read the chart you give medicines by."),
    "bed": N_("Read the wristband: does this patient lie there?"),
    "code_status": N_("Read the signed decision."),
    "isolation": N_("Read the sign at the door."),
    "weight": N_("Read the scale, or the sheet where it was written."),
    "diet": N_("Read the card of the meal, or ask the patient."),
}
FINDINGS: Final[Mapping[str, str]] = {
    "same": N_("As at the bedside"),
    "different": N_("Different"),
    "unchecked": N_("Could not be checked"),
}
CAUSES: Final[Mapping[str, str]] = {
    "source": N_("The hospital's system had it wrong"),
    "feed": N_("The feed did not bring it, or too late"),
    "reading": N_("Wardkeep shows it wrongly"),
    "bedside": N_("The bedside was wrong, the chart was right"),
    "unknown": N_("Nobody found out"),
}
REFUSALS: Final[Mapping[str, str]] = {
    "bedside-not-answered": N_("Answer every fact; what you cannot see could not be checked."),
    "bedside-too-old": N_("These facts are too old. Compare the new ones below."),
    "bedside-not-different": N_(
        "Somebody settled it already, or it never differed: see the list."
    ),
    "bedside-nothing-said": N_("Say in a few words what was done, and name no patient."),
}
"""What to do about a refusal, by its code."""
