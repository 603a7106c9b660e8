"""Erases whole periods of a ledger from the disk: files, logs, and their keys with them."""

from __future__ import annotations

from pathlib import Path

from wardkeep.adapters.chained_file import readable_head
from wardkeep.adapters.files import sync_folder
from wardkeep.adapters.key_ring import KeyRing
from wardkeep.adapters.ledger_folder import files_of, period_of
from wardkeep.ledger.checkpoint import Head

# The store first: a file whose key is gone first would look damaged. Its key last, so that
# what is left after a power cut is known by it and goes at the next start.
_ORDER = (".db", ".db-wal", ".db-shm", ".cipher", ".key")


def periods_of(folder: Path) -> list[str]:
    """Return the periods whose files lie in a ledger's folder, oldest first."""
    return sorted({period_of(path) for path in files_of(folder)})


def end_of(folder: Path, period: str, ring: KeyRing) -> Head | None:
    """Return the last head of a period, None where its last file cannot be read."""
    files = [path for path in files_of(folder) if period_of(path) == period]
    return readable_head(files[-1], ring) if files else None


def erase_through(folder: Path, period: str) -> int:
    """Erase all files up to and with a period; return how many stores there were.

    Killed on the way it is done again: what is gone already is no error.
    """
    stems = {
        path.name.split(".", 1)[0]
        for path in folder.iterdir()
        if path.name.endswith(_ORDER) and period_of(Path(path.name.split(".", 1)[0])) <= period
    }
    stores = 0
    for stem in sorted(stems):
        stores += (folder / f"{stem}.db").exists()
        for suffix in _ORDER:
            (folder / f"{stem}{suffix}").unlink(missing_ok=True)
        sync_folder(folder)
    return stores
