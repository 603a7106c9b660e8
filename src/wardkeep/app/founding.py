"""Makes a new hospital folder whole: settings, keys, first account; or nothing at all."""

from __future__ import annotations

import secrets  # noqa: TID251  # one password, drawn once, at founding
import shutil
from pathlib import Path

import msgspec

from wardkeep.access.events import encode
from wardkeep.adapters.accounts_store import first_account
from wardkeep.adapters.clinical_store import ClinicalStore
from wardkeep.adapters.encrypted_database import Cipher
from wardkeep.adapters.key_ring import KeyRing, make_key_ring
from wardkeep.adapters.operations_store import open_operations
from wardkeep.app.errors import FolderTakenError
from wardkeep.app.folder import HospitalFolder, lay_out
from wardkeep.ledger.encoding import OperationsEvent

FIRST_ACCOUNT = "lead"
# Read over a shoulder or a telephone: no letter or digit that can be taken for another.
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
_PASSWORD_GROUPS = 4


class Founded(msgspec.Struct, frozen=True, kw_only=True):
    """What is shown once when a folder was made, and is nowhere on the disk in clear."""

    folder: Path
    recovery_words: str
    account: str
    password: str


def found(path: Path, settings: str, cipher: Cipher, now: int) -> Founded:
    """Make the hospital folder at `path`; raises FolderTakenError, OSError or StoreFailedError.

    Everything is made beside it and renamed at the end: there is never half a folder.
    """
    path = path.absolute()
    if path.exists() and (not path.is_dir() or any(path.iterdir())):
        raise FolderTakenError(f"{path} already holds something; nothing was changed.")
    unfinished = path.with_name(f".{path.name}.unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    password = _password()
    try:
        folder = lay_out(unfinished, settings)
        ring, words = make_key_ring(folder.keys)
        _first_entries(folder, ring, cipher, password, now)
        unfinished.rename(path)
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)
    return Founded(folder=path, recovery_words=words, account=FIRST_ACCOUNT, password=password)


def _first_entries(
    folder: HospitalFolder, ring: KeyRing, cipher: Cipher, password: str, now: int
) -> None:
    operations = open_operations(folder.operations, ring, cipher)
    operations.append(
        [
            OperationsEvent("access", type(e).__name__, 1, now, "wardkeep init", encode(e))
            for e in first_account(FIRST_ACCOUNT, password, now)
        ]
    )
    operations.close()
    ClinicalStore(folder.clinical, ring, cipher=cipher).close(now)


def _password() -> str:
    groups = (
        "".join(secrets.choice(_LETTERS) for _ in range(4)) for _ in range(_PASSWORD_GROUPS)
    )
    return "-".join(groups)
