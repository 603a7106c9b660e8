"""Makes a new hospital folder whole: settings, keys, first account; or nothing at all."""

from __future__ import annotations

import secrets  # noqa: TID251  # one password, drawn once, at founding
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec

from wardkeep.access.events import encode, titled
from wardkeep.adapters.accounts_store import first_account
from wardkeep.adapters.clinical_store import ClinicalStore
from wardkeep.adapters.encrypted_database import Cipher
from wardkeep.adapters.files import PRIVATE_FOLDER, may_write, sync_folder
from wardkeep.adapters.key_ring import KeyRing, make_key_ring
from wardkeep.adapters.operations_store import open_operations
from wardkeep.app.errors import FolderTakenError
from wardkeep.app.folder import HospitalFolder, lay_out
from wardkeep.ledger.encoding import OperationsEvent

FIRST_ACCOUNT = "lead"
# Read over a shoulder or a telephone: no letter or digit that can be taken for another.
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
_PASSWORD_GROUPS = 4
_UNFINISHED = ".unfinished"


class Founded(msgspec.Struct, frozen=True, kw_only=True):
    """What is shown once when a folder was made, and is nowhere on the disk in clear."""

    folder: Path
    recovery_words: str
    account: str
    password: str


def found(path: Path, settings: str, cipher: Cipher, now: int) -> Founded:
    """Make the hospital folder at `path`; raises FolderTakenError, OSError or StoreFailedError.

    Everything is made beside it, within it where a disk is mounted there or nothing may be made
    beside it, and renamed at the end, the settings last: there is never half a folder.
    """
    path = path.absolute()
    password = _password()
    with whole_or_nothing(path) as unfinished:
        folder = lay_out(unfinished, settings)
        ring, words = make_key_ring(folder.keys)
        _first_entries(folder, ring, cipher, password, now)
    return Founded(folder=path, recovery_words=words, account=FIRST_ACCOUNT, password=password)


@contextmanager
def whole_or_nothing(path: Path) -> Iterator[Path]:
    """Give a place to make a hospital folder; it becomes `path` once it is whole.

    Raises FolderTakenError where something lies at `path`.
    """
    if path.exists() and (not path.is_dir() or any(map(_is_taken, path.iterdir()))):
        raise FolderTakenError(f"{path} already holds something; nothing was changed.")
    beside = path.with_name(f".{path.name}{_UNFINISHED}")
    within = path.is_mount() or (path.is_dir() and not may_write(path.parent))
    unfinished = path / _UNFINISHED if within else beside
    shutil.rmtree(unfinished, ignore_errors=True)
    try:
        yield unfinished
        _put_in_place(unfinished, path)
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)


def _is_taken(entry: Path) -> bool:
    # What a new file system holds by itself, and what an `init` that was cut off left.
    return entry.name not in {"lost+found", _UNFINISHED}


def _put_in_place(unfinished: Path, path: Path) -> None:
    if unfinished.parent != path:
        unfinished.rename(path)
        sync_folder(path.parent)
        return
    path.chmod(PRIVATE_FOLDER)
    settings = HospitalFolder(unfinished).settings.name
    for part in sorted(unfinished.iterdir(), key=lambda part: part.name == settings):
        part.rename(path / part.name)
        sync_folder(path)


def _first_entries(
    folder: HospitalFolder, ring: KeyRing, cipher: Cipher, password: str, now: int
) -> None:
    operations = open_operations(folder.operations, ring, cipher)
    operations.append(
        [
            OperationsEvent("access", *titled(e), now, "wardkeep init", encode(e))
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
