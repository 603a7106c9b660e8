"""Verifies the three ledgers of a folder against their chains, seals and each other."""

from __future__ import annotations

import tempfile
from pathlib import Path

import msgspec

from wardkeep.adapters.ledger_check import LedgerCheck, Progress
from wardkeep.app.folder import open_folder
from wardkeep.app.site_keys import open_keys
from wardkeep.ledger.verification import Fault


class Verdict(msgspec.Struct, frozen=True, kw_only=True):
    """What `wardkeep verify --json` prints: entries per ledger, faults in order.

    `unnamed` counts the faults beyond the first 1,000 of a ledger, which are not listed.
    """

    ok: bool
    entries: dict[str, int]
    first_fault: Fault | None
    faults: list[Fault]
    unnamed: int


def verify(path: Path, progress: Progress) -> Verdict:
    """Read every entry of every ledger of the folder at `path`; works beside a running server.

    The folder may be a copy on read-only media. Nothing in it is changed.
    Raises NotAHospitalFolderError, KeyMissingError.
    """
    folder = open_folder(path)
    ring = open_keys(folder)
    ledgers = {
        "clinical": folder.clinical,
        "operations": folder.operations,
        "access": folder.access,
    }
    with tempfile.TemporaryDirectory(prefix="wardkeep-verify-") as scratch:
        check = LedgerCheck(ledgers, ring, Path(scratch))
        walks = [check.walk(ledger, progress) for ledger in ledgers]
        check.close()
    faults = [fault for walk in walks for fault in walk.finish()]
    return Verdict(
        ok=not faults,
        entries={walk.last.ledger: walk.entries for walk in walks},
        first_fault=faults[0] if faults else None,
        faults=faults,
        unnamed=sum(walk.unnamed for walk in walks),
    )
