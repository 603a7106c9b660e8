"""What can go wrong when a person decides about a held pack, or has paper printed."""

from __future__ import annotations

from typing import ClassVar

from wardkeep.kernel.errors import WardkeepError


class NotHeldError(WardkeepError):
    """The ward's pack is not held: there is nothing to decide."""

    code: ClassVar[str] = "pack-not-held"
    exit_status: ClassVar[int] = 6
    remedy: ClassVar[str] = "`wardkeep brake list DIR` names the wards whose packs are held."


class NoReasonError(WardkeepError):
    """A decision about a held pack needs a reason: it is recorded for years."""

    code: ClassVar[str] = "pack-no-reason"
    exit_status: ClassVar[int] = 2
    remedy: ClassVar[str] = "Say in a few words how you know, whom you asked on the ward."


class NotOpenError(WardkeepError):
    """No order to print has this number, or it has come to its end."""

    code: ClassVar[str] = "print-not-open"
    exit_status: ClassVar[int] = 6
    remedy: ClassVar[str] = "`wardkeep print DIR` lists the orders that are open, with numbers."


class UnknownPrinterError(WardkeepError):
    """No printer of the settings has this name, or none stands on the ward or in its room."""

    code: ClassVar[str] = "no-printer"
    exit_status: ClassVar[int] = 6
    remedy: ClassVar[str] = (
        "Add a table [[printers]] to wardkeep.toml, with the ward or room = true, and start"
        " the server again; until then `wardkeep pack DIR --ward W --out FILE.pdf`."
    )


class NoWardError(WardkeepError):
    """A ward's pack was asked for and no ward was named."""

    code: ClassVar[str] = "pack-no-ward"
    exit_status: ClassVar[int] = 2
    remedy: ClassVar[str] = (
        "Name it with --ward; `wardkeep wards DIR` lists them. The other kinds take all wards."
    )


class ManifestError(WardkeepError):
    """A manifest of ward packs cannot be read, or is not in the form that is signed."""

    code: ClassVar[str] = "manifest"
    exit_status: ClassVar[int] = 4
    remedy: ClassVar[str] = (
        "Take another copy of the pack: another stick, the shared folder, the site server."
    )


class SheetsDamagedError(WardkeepError):
    """What should be the encrypted sheets of a pack is not."""

    code: ClassVar[str] = "sheets-damaged"
    exit_status: ClassVar[int] = 4
    remedy: ClassVar[str] = (
        "Take another copy of the pack: another stick, the shared folder, the site server."
    )


class NotVerifiedError(WardkeepError):
    """A pack is altered, swapped or cannot be verified, and nobody said to open it anyway."""

    code: ClassVar[str] = "not-verified"
    exit_status: ClassVar[int] = 4
    remedy: ClassVar[str] = (
        "Look for another copy: another stick, the shared folder, paper. If there is none, open"
        ' it with --break-glass "YOUR NAME" "REASON": every page then says NOT VERIFIED.'
    )


class GlassNeededError(WardkeepError):
    """A pack that is opened with a name and a reason alone was asked for without them."""

    code: ClassVar[str] = "glass-needed"
    exit_status: ClassVar[int] = 2
    remedy: ClassVar[str] = (
        "Add --break-glass NAME REASON: your full name, and why it must be opened. Both are"
        " recorded and stand on every page."
    )


class UnreadableCopyError(WardkeepError):
    """What the codes of a sheet hold is no chart that this release can read."""

    code: ClassVar[str] = "unreadable-copy"
    exit_status: ClassVar[int] = 6
    remedy: ClassVar[str] = (
        "Photograph the page again; if another release printed it, read it with that one."
    )


class ReceiptCodeMistypedError(WardkeepError):
    """What was typed is no code of a cover sheet: letters are missing, wrong or swapped."""

    code: ClassVar[str] = "receipt-code"
    exit_status: ClassVar[int] = 2
    remedy: ClassVar[str] = (
        "Nothing was recorded. Have the code read again, letter by letter: eight letters and"
        " digits on the ward's cover sheet."
    )


class UnknownReceiptError(WardkeepError):
    """No pack that is known here has this code, or is of this ward and generation."""

    code: ClassVar[str] = "receipt-unknown"
    exit_status: ClassVar[int] = 6
    remedy: ClassVar[str] = (
        "Nothing was recorded. Have the ward read it again from the cover sheet: ward, code and"
        " the time the pack was built. If it is right, the paper is not of this server."
    )
