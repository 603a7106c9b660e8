"""What the access part refuses, each with what to do instead."""

from __future__ import annotations

from typing import ClassVar

from wardkeep.kernel.errors import WardkeepError


class AccountExistsError(WardkeepError):
    """An account of that name is already there."""

    code: ClassVar[str] = "account-exists"
    remedy: ClassVar[str] = "Choose another name; `wardkeep user list DIR` shows those taken."


class AccountUnknownError(WardkeepError):
    """No account has that name."""

    code: ClassVar[str] = "account-unknown"
    exit_status: ClassVar[int] = 6
    remedy: ClassVar[str] = "See the names with `wardkeep user list DIR`."


class BadAccountNameError(WardkeepError):
    """A name that cannot be typed at a terminal or told apart on paper."""

    code: ClassVar[str] = "account-name"
    exit_status: ClassVar[int] = 2
    remedy: ClassVar[str] = (
        "Use 1 to 64 lower-case letters, digits, dots, hyphens or underscores, a letter first."
    )


class NoRoleError(WardkeepError):
    """An account without a role could do nothing."""

    code: ClassVar[str] = "account-role"
    exit_status: ClassVar[int] = 2
    remedy: ClassVar[str] = (
        "Give at least one role: nurse, physician, pharmacist, laboratory, it, lead, auditor."
    )


class LastLeadError(WardkeepError):
    """Disabling the last lead would leave nobody who may see everything."""

    code: ClassVar[str] = "account-last-lead"
    remedy: ClassVar[str] = "Add another account with the role lead first."


class OwnAccountError(WardkeepError):
    """Who keeps accounts changes the own one by nobody's leave but another's."""

    code: ClassVar[str] = "account-own"
    remedy: ClassVar[str] = "Somebody else who keeps accounts must do this."


class AccountAboveError(WardkeepError):
    """Accounts that may do more than the one who would change them."""

    code: ClassVar[str] = "account-above"
    remedy: ClassVar[str] = (
        "Only a crisis lead changes accounts with the role lead or auditor, or gives these."
    )


class NotSureError(WardkeepError):
    """What cannot be undone was not confirmed."""

    code: ClassVar[str] = "account-not-sure"
    remedy: ClassVar[str] = "Nothing was changed. Tick the box if it is meant."


class WeakPasswordError(WardkeepError):
    """The password is too short or too long."""

    code: ClassVar[str] = "account-password"
    exit_status: ClassVar[int] = 2
    remedy: ClassVar[str] = "Use 10 to 128 characters; a few words of a sentence do well."


class GuessablePasswordError(WeakPasswordError):
    """The password is among those that an attacker tries first."""

    code: ClassVar[str] = "account-password-guessable"
    remedy: ClassVar[str] = (
        "Use a few words that do not belong together, or let a program draw one."
    )


class PeopleListError(WardkeepError):
    """Lines of the hospital's list of people cannot become accounts; every one is named."""

    code: ClassVar[str] = "people-list"
    remedy: ClassVar[str] = "Nothing was changed. Mend these lines and import the list again."


class CodeMistypedError(WardkeepError):
    """A one-time code was not typed as it is printed."""

    code: ClassVar[str] = "code-mistyped"
    exit_status: ClassVar[int] = 2
    remedy: ClassVar[str] = "Type the sixteen letters and digits as they are printed."


class CodeRefusedError(WardkeepError):
    """A one-time code opens nothing: never printed, used, revoked, or nobody is named."""

    code: ClassVar[str] = "code-refused"
    remedy: ClassVar[str] = "Take the next sealed code, or ask the crisis lead."


class CodesUnknownError(WardkeepError):
    """No sealed codes of that sheet and number were printed."""

    code: ClassVar[str] = "codes-unknown"
    exit_status: ClassVar[int] = 6
    remedy: ClassVar[str] = "See the sheets with `wardkeep codes list DIR`."


class WeakPinError(WardkeepError):
    """A PIN is too short, too long, no number, or the first that anybody would try."""

    code: ClassVar[str] = "account-pin"
    exit_status: ClassVar[int] = 2
    remedy: ClassVar[str] = "Use 6 to 12 digits that are no row, no repetition, not the badge."


class UnreadableAccountEventError(WardkeepError):
    """The operations ledger holds an account event that this version cannot read."""

    code: ClassVar[str] = "account-event"
    exit_status: ClassVar[int] = 4
    remedy: ClassVar[str] = (
        "Run `wardkeep verify DIR`; if it finds no fault, a newer version wrote the event."
    )


class SecurityKeyRefusedError(WardkeepError):
    """A security key could not be registered, or did not answer as the account's own."""

    code: ClassVar[str] = "security-key"
    remedy: ClassVar[str] = "Try again with the key that was registered for this account."


class SingleSignOnError(WardkeepError):
    """The provider of single sign-on does not answer, or its answer does not fit."""

    code: ClassVar[str] = "single-sign-on"
    exit_status: ClassVar[int] = 5
    remedy: ClassVar[str] = "Log in with the account's own password: it always works."


class NoGlassReasonError(WardkeepError):
    """Whoever breaks the glass says who they are and why."""

    code: ClassVar[str] = "glass-no-reason"
    exit_status: ClassVar[int] = 2
    remedy: ClassVar[str] = "Give --person and --why: a full name, and a reason in a few words."
