"""What nobody knows, in words."""

from __future__ import annotations

from collections.abc import Mapping

from wardkeep.paper.words import N_

UNKNOWN_WORDS: Mapping[str, str] = {
    "likelihood": N_("How likely an attack is in a year."),
    "harm": N_("What waiting does to the patients: deaths and harm are not computed."),
    "data": N_("What is stolen and published, and what that costs."),
    "volume": N_("Patients a day of {count} services: not in the sums ({names})."),
    "revenue": N_("Revenue of {count} services: not in the euros ({names})."),
    "patched": N_("Whether {count} servers or groups of computers have updates ({names})."),
    "second-factor": N_("Whether {count} accesses have a second factor ({names})."),
    "proved": N_("Whether {count} backups can be restored: never proved ({names})."),
    "notice": N_("Whether {count} suppliers must tell us of an incident ({names})."),
    "shared-passwords": N_("Whose passwords are shared with {count} neighbours ({names})."),
}
"""By the codes of board.unknown.UNKNOWNS."""
