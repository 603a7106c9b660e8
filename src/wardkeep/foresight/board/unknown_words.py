"""What nobody knows, in words."""

from __future__ import annotations

from collections.abc import Mapping

from wardkeep.paper.words import N_

UNKNOWN_WORDS: Mapping[str, str] = {
    "likelihood": N_("How likely an attack is in a year."),
    "harm": N_("What waiting does to the patients: deaths and harm are not computed."),
    "data": N_("What is stolen and published, and what that costs."),
    "refused": N_("Lines of files that were not taken into the map: {count}."),
    "not-on-the-map": N_("Named by others, but not on the map: {count} ({names})."),
    "leads-nowhere": N_("Lead to nothing on the map: {count} ({names})."),
    "newer": N_("Decisions that a newer release wrote, not read here: {count} ({names})."),
    "volume": N_("Services without patients a day, not in the sums: {count} ({names})."),
    "revenue": N_("Services without a price, not in the euros: {count} ({names})."),
    "patched": N_("Servers and groups of computers, updates NOT RECORDED: {count} ({names})."),
    "second-factor": N_("Remote accesses, second factor NOT RECORDED: {count} ({names})."),
    "proved": N_("Backups that nobody ever restored as a trial: {count} ({names})."),
    "notice": N_("Suppliers, duty to tell us of an incident NOT RECORDED: {count} ({names})."),
    "shared-passwords": N_(
        "Neighbours who share passwords, whose NOT RECORDED: {count} ({names})."
    ),
}
"""By the codes of board.unknown.UNKNOWNS."""
