"""Decides what of custody may be done: pure, from request and time to events or an error."""

from __future__ import annotations

from collections.abc import Collection

from wardkeep.custody.errors import CeremonyError, ErasureReasonError
from wardkeep.custody.events import PatientKeyErased, RecoveryReplaced

MOST_SHEETS = 16
"""SLIP-0039: at most 16 shares of a secret."""
_FEWEST = 2
_LONGEST_NAME = 64
_LONGEST_WHY = 500


def check_ceremony(sheets: int, needed: int, officers: tuple[str, ...]) -> None:
    """Raise CeremonyError unless `needed` of `sheets` is a rule that two people must keep."""
    if not _FEWEST <= needed <= sheets <= MOST_SHEETS:
        raise CeremonyError(f"{needed} of {sheets} sheets is no rule that can be kept")
    if officers and len(officers) != sheets:
        raise CeremonyError(f"{len(officers)} officers are named for {sheets} sheets")
    for name in officers:
        if not name.strip() or len(name) > _LONGEST_NAME or not name.isprintable():
            raise CeremonyError(f"{name!r} is no name that can be printed on a sheet")


def replace_recovery(
    sheets: int,
    needed: int,
    officers: tuple[str, ...],
    *,
    confirmed: bool,
    at: int,
    by: str,
) -> RecoveryReplaced:
    """Return the event of a recovery secret that was made anew."""
    return RecoveryReplaced(
        at=at, by=by, sheets=sheets, needed=needed, officers=officers, confirmed=confirmed
    )


def erase_patient_key(numbers: Collection[str], why: str, at: int, by: str) -> PatientKeyErased:
    """Return the event of a patient's digest key that is erased; raises ErasureReasonError."""
    if not why.strip() or len(why) > _LONGEST_WHY or not why.isprintable():
        raise ErasureReasonError(f"a reason of at most {_LONGEST_WHY} letters is needed")
    if any(number and number in why for number in numbers):
        raise ErasureReasonError("the reason names the patient's record number")
    return PatientKeyErased(at=at, by=by, why=why.strip())
