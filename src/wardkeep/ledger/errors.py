"""What can go wrong with a ledger, its keys and its stores."""

from __future__ import annotations

from typing import ClassVar

from wardkeep.kernel.errors import WardkeepError


class StoreFailedError(WardkeepError):
    """A ledger could not be written: nothing of the batch may be answered for."""

    code: ClassVar[str] = "store-failed"
    exit_status: ClassVar[int] = 4
    remedy: ClassVar[str] = (
        "Look at the disk (full, read-only, failing), then start again; senders keep what was"
        " not acknowledged."
    )


class StoreLockedError(WardkeepError):
    """Another process holds the ledgers for writing."""

    code: ClassVar[str] = "store-locked"
    exit_status: ClassVar[int] = 1
    remedy: ClassVar[str] = (
        "Stop the running `wardkeep serve` of this folder, or ask it instead."
    )


class LedgerFaultError(WardkeepError):
    """A ledger holds something that its chain, seals or encoding contradict."""

    code: ClassVar[str] = "ledger-fault"
    exit_status: ClassVar[int] = 4
    remedy: ClassVar[str] = "Run `wardkeep verify DIR`: it names the entry and what to do."


class KeyMissingError(WardkeepError):
    """A key file is missing or cannot be opened with the server's key."""

    code: ClassVar[str] = "key-missing"
    exit_status: ClassVar[int] = 4
    remedy: ClassVar[str] = (
        "Put the server's key back into DIR/keys, or run `wardkeep recover-key DIR` with the"
        " words from the sealed envelope."
    )


class KeyAbsentError(KeyMissingError):
    """The server's key is not where the settings say: no stick, no credential, no file."""

    code: ClassVar[str] = "key-absent"
    exit_status: ClassVar[int] = 4
    remedy: ClassVar[str] = (
        "Plug in the stick, type the passphrase or start by systemd, as [keys] in wardkeep.toml"
        " says; where the key is lost: `wardkeep recover-key DIR` with the words or sheets."
    )


class CarriedChartsLostError(WardkeepError):
    """The charts carried over erased days cannot be opened: nothing more is erased."""

    code: ClassVar[str] = "carried-charts-lost"
    exit_status: ClassVar[int] = 4
    remedy: ClassVar[str] = (
        "Bring DIR/chart/carried.* back from a copy or backup of the folder. Screens and paper"
        " go on; do not delete chart.db before, it holds what the erased days had said."
    )


class HoldError(WardkeepError):
    """A hold on erasing cannot be placed or lifted like this; nothing was changed."""

    code: ClassVar[str] = "retention-hold"
    exit_status: ClassVar[int] = 1
    remedy: ClassVar[str] = "Look at `wardkeep retention status DIR`; give the reason by --why."


class RecoveryWordsError(WardkeepError):
    """The recovery words are not the ones of this folder, or a word was misread."""

    code: ClassVar[str] = "recovery-words"
    exit_status: ClassVar[int] = 1
    remedy: ClassVar[str] = "Read the 24 words again from the sealed envelope, in their order."


class WitnessTextError(WardkeepError):
    """What was typed off a page names no head of a ledger."""

    code: ClassVar[str] = "witness-text"
    exit_status: ClassVar[int] = 2
    remedy: ClassVar[str] = (
        "Type it as it stands in the footer of the page, for instance"
        ' --witness "clinical 4711 0a1b2c3d4e5f6071".'
    )
