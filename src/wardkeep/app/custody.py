"""Reads what the operations ledger says of the keys' custody."""

from __future__ import annotations

from contextlib import closing

import msgspec

from wardkeep.adapters.operations_store import read_operations
from wardkeep.app.folder import HospitalFolder
from wardkeep.app.site_keys import open_keys
from wardkeep.copies import events as copies
from wardkeep.custody.events import PART, decode
from wardkeep.custody.state import Custody, fold


class Custodies(msgspec.Struct, frozen=True):
    """The custody of this box's keys, and of those of the box whose ledgers it took over.

    `taken_over` in UTC microseconds, None where no box was before this one. What was made there
    opens nothing here, unless it was before this box was paired.
    """

    own: Custody
    taken_over: int | None = None
    before: Custody | None = None


def custody_of(folder: HospitalFolder) -> Custodies:
    """Return the custody of a folder's keys; raises KeyMissingError, LedgerFaultError."""
    with closing(read_operations(folder.operations, open_keys(folder))) as ledger:
        found = ledger.after(0, PART)
        name = copies.LedgersTakenOver.__name__
        taken = [(n, each.at) for n, each in ledger.after(0, copies.PART) if each.name == name]
    upto, at = taken[-1] if taken else (0, None)
    own = fold(decode(event.body) for number, event in found if number > upto)
    before = fold(decode(event.body) for number, event in found if number <= upto)
    return Custodies(own, at, before if taken else None)
