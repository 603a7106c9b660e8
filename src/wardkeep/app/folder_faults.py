"""What is wrong with a hospital folder beside its ledgers, as `wardkeep verify` tells it."""

from __future__ import annotations

from collections.abc import Iterator

from wardkeep.adapters.key_ring import SIGNING_KEY, KeyRing
from wardkeep.app.folder import DATA_FORMAT, HospitalFolder, said_format
from wardkeep.ledger.errors import KeyMissingError
from wardkeep.ledger.verification import Fault, FaultKind

FOLDER = "folder"
"""Stands where a fault of a ledger names the ledger; its entry is 0."""


def signing_fault(ring: KeyRing) -> Fault | None:
    """Return what is wrong with the signing key, None where it can sign."""
    try:
        ring.signing_key()
    except KeyMissingError as fault:
        what = f"{fault}; signatures were held against keys/signing.pub, where it is there"
        return _fault(SIGNING_KEY, what, fault.advice)
    return None


def format_faults(folder: HospitalFolder) -> Iterator[Fault]:
    """Yield what is wrong with the number of the data format.

    A folder of release 0.1.0 has none, and nothing that only later releases make.
    """
    said = said_format(folder)
    if said is None and not any(each.exists() for each in folder.since_format_2):
        return
    if said is not None and said.isdecimal():
        return
    lies = "is gone or cannot be read" if said is None else "holds no number"
    what = f"data-format {lies}: an older release would not know that it must keep off"
    remedy = (
        "Bring it back from a copy or a backup. Where there is none, and no later release than"
        f" this wrote to the folder, write {DATA_FORMAT} and a line end into it."
    )
    yield _fault(folder.data_format.name, what, remedy)


def _fault(file: str, what: str, remedy: str) -> Fault:
    return Fault(
        ledger=FOLDER, entry=0, kind=FaultKind.UNREADABLE, what=what, remedy=remedy, file=file
    )
