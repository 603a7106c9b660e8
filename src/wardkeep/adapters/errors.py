"""What can go wrong at the edges: addresses taken, systems that do not answer."""

from __future__ import annotations

from typing import ClassVar

from wardkeep.kernel.errors import WardkeepError


class CannotListenError(WardkeepError):
    """The address of a feed or of the web cannot be opened, or a certificate not be read."""

    code: ClassVar[str] = "cannot-listen"
    exit_status: ClassVar[int] = 1
    remedy: ClassVar[str] = (
        "Give the feed a free port and a readable certificate in wardkeep.toml, then run"
        " `wardkeep check DIR`."
    )


class CannotConnectError(WardkeepError):
    """Nothing listens at an address, or it closed the connection without an answer."""

    code: ClassVar[str] = "cannot-connect"
    exit_status: ClassVar[int] = 5
    remedy: ClassVar[str] = (
        "Look whether the receiver runs, listens at this address and lets this sender in."
    )


class NothingToSendError(WardkeepError):
    """A file holds no HL7 v2 message."""

    code: ClassVar[str] = "nothing-to-send"
    exit_status: ClassVar[int] = 1
    remedy: ClassVar[str] = "Give a file with HL7 v2 messages, each beginning with MSH."


class TypesettingError(WardkeepError):
    """A pack could not be typeset."""

    code: ClassVar[str] = "typesetting"
    exit_status: ClassVar[int] = 1
    remedy: ClassVar[str] = (
        "Keep the pack that stands; report the ward and this text to who maintains Wardkeep."
    )


class ChartsDamagedError(WardkeepError):
    """The chart store holds what was never written to it: it is made anew from the ledger."""

    code: ClassVar[str] = "charts-damaged"
    exit_status: ClassVar[int] = 4
    remedy: ClassVar[str] = "Look at the disk: the server makes the charts anew by itself."


class HandoverFailedError(WardkeepError):
    """The writer did not take a FHIR request: nothing may be promised to its sender."""

    code: ClassVar[str] = "handover-failed"
    exit_status: ClassVar[int] = 5
    remedy: ClassVar[str] = (
        "The sender keeps it and repeats by itself; look at the alarms if it goes on."
    )


class BadSignatureError(WardkeepError):
    """A bundle, or its key, is not signed by whom it should be."""

    code: ClassVar[str] = "bad-signature"
    exit_status: ClassVar[int] = 4
    remedy: ClassVar[str] = "Install nothing of it; fetch it again and compare by telephone."


class ProgramMissingError(WardkeepError):
    """A program of the system that is needed here is not installed."""

    code: ClassVar[str] = "program-missing"
    exit_status: ClassVar[int] = 1
    remedy: ClassVar[str] = "Install the Debian package that has it (packages.txt)."


class ProgramFailedError(WardkeepError):
    """A program of the system ended with an error; its last words are told."""

    code: ClassVar[str] = "program-failed"
    exit_status: ClassVar[int] = 1
    remedy: ClassVar[str] = "Read its words above; nothing half-made was left."


class ReleaseKeyError(WardkeepError):
    """The key that is to sign a bundle cannot be used."""

    code: ClassVar[str] = "release-key"
    exit_status: ClassVar[int] = 1
    remedy: ClassVar[str] = (
        "Give an Ed25519 key in PEM; `wardkeep bundle --new-key F` makes one."
    )


class CopyContradictedError(WardkeepError):
    """What another box sends contradicts what was copied of it: nothing of it is stored."""

    code: ClassVar[str] = "copy-contradicted"
    exit_status: ClassVar[int] = 4
    remedy: ClassVar[str] = (
        "The first was put back to an older state, or somebody wrote in its name. Both states"
        " are kept: run `wardkeep verify` on both boxes before you decide which goes on."
    )


class UnknownSignerError(WardkeepError):
    """What another box sends is signed by a key that is not pinned, nor handed over to."""

    code: ClassVar[str] = "unknown-signer"
    exit_status: ClassVar[int] = 4
    remedy: ClassVar[str] = (
        "Nothing of it is stored; it is tried again. If the first has another signing key, pair"
        " again: `wardkeep followers invite` there, `wardkeep follow DIR --from A`."
    )


class CopiedLedgerError(WardkeepError):
    """The ledgers of this folder are another box's, copied: only that box writes them."""

    code: ClassVar[str] = "copied-ledger"
    exit_status: ClassVar[int] = 1
    remedy: ClassVar[str] = (
        "Do it at the first box; where that one is lost, `wardkeep follow DIR --promote WHY`"
        " makes this one the first."
    )


class FirstSilentError(WardkeepError):
    """The box that is followed does not answer, or another one answers at its address."""

    code: ClassVar[str] = "first-silent"
    exit_status: ClassVar[int] = 5
    remedy: ClassVar[str] = (
        "Look whether `wardkeep serve` runs there with a [copies] table, and whether its"
        " address and port can be reached from here. Copying goes on by itself when it answers."
    )


class FirstRefusedError(WardkeepError):
    """The box that is followed did not do what was asked of it."""

    code: ClassVar[str] = "first-refused"
    exit_status: ClassVar[int] = 1
    remedy: ClassVar[str] = (
        "`wardkeep followers list DIR` at the first shows whom it knows; pair again with a new"
        " invitation where this box was removed."
    )


class NoStandingCopyError(WardkeepError):
    """No copy of the folder could be made in which its ledgers agree."""

    code: ClassVar[str] = "no-standing-copy"
    exit_status: ClassVar[int] = 1
    remedy: ClassVar[str] = (
        "Try again; `wardkeep verify DIR` tells whether a ledger has a fault."
    )


class BackupFailedError(WardkeepError):
    """A repository of backups could not be reached, opened, written or read."""

    code: ClassVar[str] = "backup-failed"
    exit_status: ClassVar[int] = 1
    remedy: ClassVar[str] = (
        "Look whether the address answers and the password is the repository's; what stood in"
        " it stands."
    )


class PollFailedError(WardkeepError):
    """A FHIR server that is asked did not answer as it should; asked again after `pause`."""

    code: ClassVar[str] = "poll-failed"
    exit_status: ClassVar[int] = 5
    remedy: ClassVar[str] = (
        "Look at its table [[polls]] and at the server; it is asked again by itself."
    )

    def __init__(
        self, *words: object, advice: str = "", pause: float = 0.0, whole: bool = True
    ) -> None:
        """`whole`: the server itself failed, not only what it was asked for."""
        super().__init__(*words, advice=advice)
        self.pause, self.whole = pause, whole


class PrinterSilentError(WardkeepError):
    """Nothing answers where a printer should be; nothing was sent."""

    code: ClassVar[str] = "printer-silent"
    exit_status: ClassVar[int] = 5
    remedy: ClassVar[str] = (
        "See that the printer is on and reachable from this machine; the order is tried again."
    )


class PrinterLostError(WardkeepError):
    """The line to a printer broke while a job was sent: it may lie in the tray."""

    code: ClassVar[str] = "printer-lost"
    exit_status: ClassVar[int] = 5
    remedy: ClassVar[str] = "Look into the tray before the order is given again."


class PrinterRefusedError(WardkeepError):
    """A printer says no to what is asked, as to printing on one side."""

    code: ClassVar[str] = "printer-refused"
    exit_status: ClassVar[int] = 1
    remedy: ClassVar[str] = (
        "Look at the printer's own settings and at its table [[printers]]; then order again."
    )


class UnreadablePdfError(WardkeepError):
    """A PDF on the shelf cannot be read back."""

    code: ClassVar[str] = "unreadable-pdf"
    exit_status: ClassVar[int] = 4
    remedy: ClassVar[str] = (
        "Keep the file; `wardkeep pack DIR --ward W --out FILE.pdf` makes the ward a new one."
    )


class PrinterBusyError(PrinterSilentError):
    """A printer takes no further job now; nothing was sent that it will print."""

    code: ClassVar[str] = "printer-busy"
    remedy: ClassVar[str] = "Nothing to do: the order is tried again when a job is done."


class DeliveryFailedError(WardkeepError):
    """A target did not take packs: not mounted, full, unreachable, or it refused them."""

    code: ClassVar[str] = "delivery-failed"
    exit_status: ClassVar[int] = 1
    remedy: ClassVar[str] = (
        "Mount or plug in what `[[deliveries]]` names, see its space and its password or key,"
        " then run `wardkeep deliver DIR`. The packs before stand where they are."
    )


class PackFileError(WardkeepError):
    """A file is no delivered pack, or cannot be read."""

    code: ClassVar[str] = "pack-file"
    exit_status: ClassVar[int] = 6
    remedy: ClassVar[str] = (
        "Name the page (WARD.html) or the encrypted PDF (.pdf.age) that was delivered, and the"
        " key as a file or as its 24 words."
    )


class WrongPackKeyError(WardkeepError):
    """A key does not open a pack, or is none."""

    code: ClassVar[str] = "wrong-key"
    exit_status: ClassVar[int] = 8
    remedy: ClassVar[str] = (
        "Take the envelope of this ward, of the crisis team or of the pharmacy, and type its 24"
        " words again, one by one."
    )


class KeyElsewhereError(WardkeepError):
    """The secret of a pack key is at the box before; this one seals to its public half."""

    code: ClassVar[str] = "key-elsewhere"
    exit_status: ClassVar[int] = 3
    remedy: ClassVar[str] = (
        "The envelope on the ward opens what this box seals. To print it again, bring its file"
        " of pack-keys/ from a backup of the box before and run `wardkeep recover-key DIR`; or"
        " make a new key: `wardkeep keys envelopes DIR --out FILE.pdf --new`."
    )


class NotFetchedError(WardkeepError):
    """Nobody looked at what was opened within the time given."""

    code: ClassVar[str] = "not-fetched"
    exit_status: ClassVar[int] = 1
    remedy: ClassVar[str] = (
        "Open it again and follow the address at once; --wait SECONDS gives longer."
    )


class UnreadablePhotographError(WardkeepError):
    """A file is no picture that can be opened."""

    code: ClassVar[str] = "unreadable-photograph"
    exit_status: ClassVar[int] = 1
    remedy: ClassVar[str] = "Give photographs as JPEG, PNG, TIFF, WebP or BMP."


class NothingToProveError(WardkeepError):
    """A ward has no pack that could be held against its charts."""

    code: ClassVar[str] = "nothing-to-prove"
    exit_status: ClassVar[int] = 6
    remedy: ClassVar[str] = (
        "See under Paper on the overview: the pack is missing or held; prove another ward."
    )


class MapUnreadableError(WardkeepError):
    """A part of the hospital's map cannot be read: damaged, closed to this key, or newer."""

    code: ClassVar[str] = "map-unreadable"
    exit_status: ClassVar[int] = 4
    remedy: ClassVar[str] = (
        "Import the source that the file is named after again, or bring the file back from a"
        " backup."
    )
