"""Reads what the operations ledger says of the keys' custody."""

from __future__ import annotations

from wardkeep.adapters.operations_store import read_operations
from wardkeep.app.folder import HospitalFolder
from wardkeep.app.site_keys import open_keys
from wardkeep.custody.events import PART, decode
from wardkeep.custody.state import Custody, fold


def custody_of(folder: HospitalFolder) -> Custody:
    """Return the custody of a folder's keys; raises KeyMissingError, LedgerFaultError."""
    ledger = read_operations(folder.operations, open_keys(folder))
    try:
        found = ledger.after(0, PART)
    finally:
        ledger.close()
    return fold(decode(event.body) for _sequence, event in found)
