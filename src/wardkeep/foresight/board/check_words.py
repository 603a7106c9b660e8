"""The checks of the map in words that a director understands."""

from __future__ import annotations

from collections.abc import Mapping

from wardkeep.paper.words import N_

CHECK_WORDS: Mapping[str, str] = {
    "single-point": N_("one thing that alone stops a service"),
    "no-fallback": N_("service without a fallback"),
    "no-backup": N_("no backup"),
    "backup-in-reach": N_("backup that an attacker can delete"),
    "restore-circle": N_("servers that wait for each other"),
    "backup-unproved": N_("backup without a fresh proof"),
    "standing-access": N_("access that is always open"),
    "one-factor": N_("access that one factor opens"),
    "no-notice": N_("supplier without a duty to tell"),
    "not-on-the-map": N_("named, but not on the map"),
    "leads-nowhere": N_("leads to nothing that is recorded"),
    "disagreement": N_("sources disagree"),
    "orphan": N_("server that nothing needs"),
    "no-owner": N_("nobody answers for it"),
    "policy-overdue": N_("policy past its review"),
}
"""By hospital.map.checks.Check."""
