"""What can go wrong before and while a site server stands: settings, folder, connection."""

from __future__ import annotations

from typing import ClassVar

from wardkeep.kernel.errors import WardkeepError


class SettingsError(WardkeepError):
    """The settings of the hospital folder cannot be used; names file, line and nearest key."""

    code: ClassVar[str] = "settings"
    exit_status: ClassVar[int] = 3
    remedy: ClassVar[str] = "Mend the line in wardkeep.toml, then run `wardkeep check DIR`."


class NotAHospitalFolderError(WardkeepError):
    """The folder that was named holds no settings."""

    code: ClassVar[str] = "not-a-hospital-folder"
    exit_status: ClassVar[int] = 6
    remedy: ClassVar[str] = (
        "Name the folder that `wardkeep init DIR` made, or make one with it."
    )


class AsRootError(WardkeepError):
    """Root would make files in a hospital folder that its server could not open."""

    code: ClassVar[str] = "as-root"
    exit_status: ClassVar[int] = 1
    remedy: ClassVar[str] = "Run it as the owner of the folder: runuser -u wardkeep -- ..."


class FolderTakenError(WardkeepError):
    """A hospital folder cannot be made where something already lies."""

    code: ClassVar[str] = "folder-taken"
    exit_status: ClassVar[int] = 1
    remedy: ClassVar[str] = "Name a folder that does not exist yet or is empty."


class NotRunningError(WardkeepError):
    """The site server of the folder does not answer."""

    code: ClassVar[str] = "not-running"
    exit_status: ClassVar[int] = 5
    remedy: ClassVar[str] = "Start it with `wardkeep serve DIR`, or look at its log."


class ChartsBehindError(WardkeepError):
    """The charts of the running server do not catch up with what was acknowledged."""

    code: ClassVar[str] = "charts-behind"
    exit_status: ClassVar[int] = 5
    remedy: ClassVar[str] = (
        "The screens show the charts as far as they are. Look at the server's log, then repeat."
    )


class RefusedByServerError(WardkeepError):
    """The running server could not do what was asked."""

    code: ClassVar[str] = "refused"
    exit_status: ClassVar[int] = 1
    remedy: ClassVar[str] = "The message says why; nothing was changed."


class StartFailedError(WardkeepError):
    """A process of the site server did not come up."""

    code: ClassVar[str] = "start-failed"
    exit_status: ClassVar[int] = 1
    remedy: ClassVar[str] = "Mend what is said above, then run `wardkeep check DIR`."


class UnreadableFileError(WardkeepError):
    """A file to load cannot be read as HL7 or census; nothing of it was loaded."""

    code: ClassVar[str] = "unreadable-file"
    exit_status: ClassVar[int] = 1
    remedy: ClassVar[str] = "Mend the line that is named, or name columns with --map."


class UnreadableTimeError(WardkeepError):
    """A time on the command line cannot be read, or has not come yet."""

    code: ClassVar[str] = "unreadable-time"
    exit_status: ClassVar[int] = 2
    remedy: ClassVar[str] = (
        "Write YYYYMMDD, YYYYMMDDHHMM or YYYYMMDDHHMMSS, in the site's time zone or with an"
        " offset: 202605170330, 20260517033000+0200."
    )


class UnwritableFileError(WardkeepError):
    """The file that was to be written cannot be: nothing was made."""

    code: ClassVar[str] = "unwritable-file"
    exit_status: ClassVar[int] = 1
    remedy: ClassVar[str] = (
        "Name a file with --out, in a folder that exists and that you may write to."
    )


class UnknownNumberError(WardkeepError):
    """No patient, ward or entry goes by what was named."""

    code: ClassVar[str] = "not-found"
    exit_status: ClassVar[int] = 6
    remedy: ClassVar[str] = (
        "`wardkeep wards DIR` lists the wards, `wardkeep quarantine list DIR` the entries that"
        " are held; the number may be misread."
    )


class NoReleaseError(WardkeepError):
    """Nothing tells which release this is, so no bundle of it can be made."""

    code: ClassVar[str] = "no-release"
    exit_status: ClassVar[int] = 1
    remedy: ClassVar[str] = "Make bundles in a git checkout, or from an installed release."


class NewerFolderError(WardkeepError):
    """A later release of Wardkeep has written to the hospital folder; this one keeps off."""

    code: ClassVar[str] = "newer-folder"
    exit_status: ClassVar[int] = 4
    remedy: ClassVar[str] = (
        "Run the release that wrote it, or restore a backup from before into another folder."
    )


BRING_BACK = (
    "Bring the named file back from a copy, a backup or the second box, and the .key of the"
    " same name with it"
)


class LedgerShortenedError(WardkeepError):
    """Entries that a ledger had are gone, or others stand in their place.

    `losses` says per ledger what is missing (ledger.loss.Loss).
    """

    code: ClassVar[str] = "ledger-shortened"
    exit_status: ClassVar[int] = 4
    remedy: ClassVar[str] = (
        f"{BRING_BACK}; or go on without these entries:"
        ' `wardkeep serve DIR --accept-loss "why"`; or show what is'
        " there and take nothing in: `wardkeep serve DIR --read-only`."
    )


class ReadOnlyServerError(WardkeepError):
    """The server of this folder is read-only: it takes in nothing but looks at patients."""

    code: ClassVar[str] = "read-only"
    exit_status: ClassVar[int] = 1
    remedy: ClassVar[str] = "Stop it and start `wardkeep serve DIR` without --read-only."


class NoPlaceForStateError(WardkeepError):
    """A folder that cannot be written is to be served, and nothing says where to write."""

    code: ClassVar[str] = "no-place-for-state"
    exit_status: ClassVar[int] = 2
    remedy: ClassVar[str] = (
        "Name a folder on a disk that can be written: `wardkeep serve DIR --read-only --state"
        " FOLDER`; charts, packs and looks at patients go there, encrypted."
    )


class FollowsError(WardkeepError):
    """The folder is a copy of another box's, or what it follows cannot be read."""

    code: ClassVar[str] = "follows"
    exit_status: ClassVar[int] = 1
    remedy: ClassVar[str] = (
        "`wardkeep follow DIR` runs it. Where the first is lost, `wardkeep follow DIR --promote"
        " WHY` makes this box the first."
    )


class NotFollowingError(WardkeepError):
    """The folder follows no other box."""

    code: ClassVar[str] = "not-following"
    exit_status: ClassVar[int] = 6
    remedy: ClassVar[str] = (
        "`wardkeep followers invite DIR NAME` at the first makes an invitation; then `wardkeep"
        " follow NEWDIR --from HOST:PORT` here."
    )


class FirstAnswersError(WardkeepError):
    """The first still answers: two boxes must not take messages for one site."""

    code: ClassVar[str] = "first-answers"
    exit_status: ClassVar[int] = 1
    remedy: ClassVar[str] = (
        "Nothing was changed. Stop `wardkeep serve` at the first, or unplug that machine or its"
        " network, then promote again. Only where a first that answers must not be believed any"
        " more (somebody entered it), add --force: from then on the two boxes hold different"
        " ledgers."
    )


class UnreadableAddressError(WardkeepError):
    """An address on the command line cannot be read."""

    code: ClassVar[str] = "unreadable-address"
    exit_status: ClassVar[int] = 2
    remedy: ClassVar[str] = "Write HOST, HOST:PORT, or [IPV6]:PORT, as the invitation says it."


class NoRepositoryError(WardkeepError):
    """Nothing says where backups lie or how they are opened, or it says so unsafely."""

    code: ClassVar[str] = "no-repository"
    exit_status: ClassVar[int] = 1
    remedy: ClassVar[str] = (
        "Name one with --to or --from, or in wardkeep.toml, [backup] repository."
    )


class SlipsNeededError(WardkeepError):
    """People would be added whose first codes would be written nowhere; nothing was changed."""

    code: ClassVar[str] = "slips-needed"
    exit_status: ClassVar[int] = 2
    remedy: ClassVar[str] = (
        "Give --slips FILE.pdf for their one-time codes, or --dry-run to see who they are."
    )


class AuthorityError(WardkeepError):
    """A certificate of the site's own authority cannot be made or read."""

    code: ClassVar[str] = "authority"
    exit_status: ClassVar[int] = 1
    remedy: ClassVar[str] = "Mend what is named; no certificate was changed."


class NoTargetError(WardkeepError):
    """Nothing says where ward packs are to be delivered."""

    code: ClassVar[str] = "no-target"
    exit_status: ClassVar[int] = 3
    remedy: ClassVar[str] = (
        "Add a table [[deliveries]] to wardkeep.toml (docs/operating.md), or name a folder or"
        " stick: `wardkeep deliver DIR --to FOLDER`."
    )


class NothingReadError(WardkeepError):
    """No chart could be opened from photographs."""

    code: ClassVar[str] = "nothing-read"
    exit_status: ClassVar[int] = 4
    remedy: ClassVar[str] = (
        "Photograph each page flat, whole, in good light, and take the envelope of that ward or"
        " of the crisis team."
    )


class BoardPaperError(WardkeepError):
    """A board paper cannot be put where it was asked for; nothing was drawn."""

    code: ClassVar[str] = "board-paper"
    exit_status: ClassVar[int] = 2
    remedy: ClassVar[str] = "Name a file in a folder that you may write to."


class MapFileError(WardkeepError):
    """A file cannot be taken into the map; nothing of the import was."""

    code: ClassVar[str] = "map-file"
    exit_status: ClassVar[int] = 2
    remedy: ClassVar[str] = "See docs/operating.md, `wardkeep map`, for what a file may hold."
