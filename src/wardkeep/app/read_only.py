"""Serves a hospital folder without taking anything in: charts, screens, packs on what is there.

Looks at patients are recorded all the same: in a small access ledger of their own, `looks/`,
which the next server that writes takes into the access ledger. A folder that cannot be written
is served through a stand-in elsewhere, whose links lead to it.
"""

from __future__ import annotations

import contextlib
import shutil
from pathlib import Path

import msgspec

from wardkeep.adapters import encrypted_database
from wardkeep.adapters.files import (
    PRIVATE_FOLDER,
    make_private_folder,
    may_write,
    write_private,
)
from wardkeep.adapters.key_ring import KeyRing
from wardkeep.adapters.ledger_folder import files_of
from wardkeep.adapters.operations_store import EventStore, read_looks
from wardkeep.app.errors import FolderTakenError, NoPlaceForStateError
from wardkeep.app.folder import HospitalFolder, open_folder
from wardkeep.ledger.encoding import LookEntry

_NAME = "read-only.json"


class ReadOnly(msgspec.Struct, frozen=True, kw_only=True):
    """Since when the folder is served read-only (UTC microseconds)."""

    since: int


_decoder = msgspec.json.Decoder(ReadOnly)


def say(folder: HospitalFolder, since: int | None) -> None:
    """Tell the processes of the server that they are read-only since then, or that not."""
    path = folder.run / _NAME
    if since is None:
        path.unlink(missing_ok=True)
    else:
        write_private(path, msgspec.json.encode(ReadOnly(since=since)))


def since(folder: HospitalFolder) -> int | None:
    """Return since when the folder is served read-only, None where it is not."""
    try:
        return _decoder.decode((folder.run / _NAME).read_bytes()).since
    except (OSError, msgspec.DecodeError):
        return None


def take_looks(folder: HospitalFolder, ring: KeyRing, access: EventStore[LookEntry]) -> int:
    """Put the looks of a read-only time into the access ledger and return their number.

    If the machine dies in between they are put in again: a look may stand there twice, and is
    never lost. Raises StoreFailedError.
    """
    if not files_of(folder.looks):
        return 0
    looks = read_looks(folder.looks, ring)
    access.append(looks)
    shutil.rmtree(folder.looks)
    return len(looks)


def place(folder: HospitalFolder, state: Path | None) -> HospitalFolder:
    """Return the folder to serve: itself, or where it cannot be written a stand-in in `state`.

    Raises NoPlaceForStateError, FolderTakenError.
    """
    if state is None:
        with contextlib.suppress(OSError):
            folder.run.mkdir(mode=PRIVATE_FOLDER, exist_ok=True)
        if all(may_write(each) for each in (folder.run, folder.chart, folder.packs)):
            return folder
        raise NoPlaceForStateError(f"{folder.path} cannot be written")
    mark = state / "wardkeep.toml"
    if state.exists() and any(state.iterdir()) and not mark.is_symlink():
        raise FolderTakenError(f"{state} already holds something; nothing was changed.")
    return _stand_in(folder, HospitalFolder(state.absolute()))


def _stand_in(folder: HospitalFolder, other: HospitalFolder) -> HospitalFolder:
    make_private_folder(other.path)
    own = (other.clinical, other.operations, other.access, other.chart, other.packs, other.run)
    for each in own:
        make_private_folder(each)
    kept = {each.name for each in own} | {other.looks.name}
    for path in folder.path.iterdir():
        if path.name not in kept:
            _link(other.path / path.name, path)
    for ledger in (folder.clinical, folder.operations, folder.access):
        _show(ledger, other.path / ledger.name)
    if not other.chart_database.exists():
        shutil.copytree(folder.chart, other.chart, dirs_exist_ok=True)
    shutil.copytree(folder.packs, other.packs, dirs_exist_ok=True)
    return open_folder(other.path)


def _show(ledger: Path, other: Path) -> None:
    """Link the files of a ledger; one with a log beside it is copied, encrypted as it is."""
    for left in other.iterdir():
        left.unlink()
    logged = {path.stem for path in files_of(ledger) if encrypted_database.has_log(path)}
    for path in ledger.iterdir():
        if path.name.endswith("-shm"):
            continue
        if path.name.split(".")[0] in logged and not path.name.endswith(".key"):
            shutil.copyfile(path, other / path.name)
        else:
            _link(other / path.name, path)


def _link(link: Path, target: Path) -> None:
    with contextlib.suppress(FileNotFoundError):
        link.unlink()
    link.symlink_to(target.resolve())
