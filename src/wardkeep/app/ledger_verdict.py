"""Verifies the three ledgers of a folder against their chains, seals and each other."""

from __future__ import annotations

import tempfile
from pathlib import Path

import msgspec

from wardkeep.adapters.key_ring import load_key_ring
from wardkeep.adapters.ledger_check import (
    Progress,
    check_ledger,
    scratch_copy,
    witnesses_in,
)
from wardkeep.app.folder import HospitalFolder, open_folder
from wardkeep.ledger.verification import Fault


class Verdict(msgspec.Struct, frozen=True, kw_only=True):
    """What `wardkeep verify --json` prints: entries per ledger, faults in order."""

    ok: bool
    entries: dict[str, int]
    first_fault: Fault | None
    faults: list[Fault]


def verify(path: Path, progress: Progress) -> Verdict:
    """Read every entry of every ledger of the folder at `path`; works beside a running server.

    Raises NotAHospitalFolderError, KeyMissingError.
    """
    with tempfile.TemporaryDirectory(prefix="wardkeep-verify-") as scratch:
        folder = open_folder(scratch_copy(open_folder(path).path, Path(scratch)))
        return _verify(folder, progress)


def _verify(folder: HospitalFolder, progress: Progress) -> Verdict:
    ring = load_key_ring(folder.keys)
    witnesses = witnesses_in(folder.operations, ring)
    # Clinical first: its checkpoints witness the other two.
    walks = [
        check_ledger(each, each.name, ring, witnesses, progress)
        for each in (folder.clinical, folder.operations, folder.access)
    ]
    faults = [fault for walk in walks for fault in walk.finish()]
    return Verdict(
        ok=not faults,
        entries={walk.last.ledger: walk.entries for walk in walks},
        first_fault=faults[0] if faults else None,
        faults=faults,
    )
