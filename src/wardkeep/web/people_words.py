"""Words of the page People: how accounts stand, what was done to them, what a change does."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from wardkeep.web.words import N_

ENTRIES: Final[Mapping[str, str]] = {
    "open": N_("may log in"),
    "not_activated": N_("NOT ACTIVATED"),
    "disabled": N_("DISABLED"),
}
STATES: Final[Mapping[str, str]] = {
    "": N_("all"),
    "open": N_("may log in"),
    "not_activated": N_("not activated"),
    "disabled": N_("disabled"),
    "delayed": N_("login delayed"),
    "owed": N_("second factor owed"),
}
DEEDS: Final[Mapping[str, str]] = {
    "AccountAdded": N_("account made"),
    "AccountDescribed": N_("name, badge or language changed"),
    "RolesGiven": N_("roles given"),
    "ActivationIssued": N_("code for a new password given out"),
    "PasswordChanged": N_("password changed"),
    "PinSet": N_("PIN set"),
    "PinRemoved": N_("PIN taken away"),
    "TotpEnrolled": N_("app set up as second factor"),
    "SecurityKeyEnrolled": N_("security key set up"),
    "FactorsRemoved": N_("second factors taken away"),
    "AccountDisabled": N_("account disabled"),
    "AccountEnabled": N_("account enabled"),
}
REFUSALS: Final[Mapping[str, str]] = {
    "account-own": N_("Somebody else who keeps accounts must do this."),
    "account-above": N_(
        "Only a crisis lead changes accounts with the role lead or auditor, or gives these."
    ),
    "account-not-sure": N_("Nothing was changed. Tick the box if it is meant."),
    "account-last-lead": N_("Add another account with the role lead first."),
    "account-role": N_("Tick at least one role, or disable the account."),
    "operation-failed": N_("Nothing was changed. Try again; then call the service desk."),
}
"""What to do about a refusal, by its code."""
OTHER_REFUSAL: Final = N_("Nothing was changed.")
