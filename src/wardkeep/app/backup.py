"""Backs the site server up: a copy as it stands at one moment goes into a restic repository.

Rules kept here:
- nothing in a backup opens it: the server's key stays behind, the recovery words open it;
- the repository's password is made here and wrapped to the site's keys, and a copy of it, which
  the words open too, is laid beside a repository on a disk;
- what can be made again (charts) or is of the moment (run/) is left out.
"""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import msgspec

from wardkeep.adapters.clock import now
from wardkeep.adapters.files import make_private_folder, write_private
from wardkeep.adapters.key_ring import SERVER_KEY, KeyRing
from wardkeep.adapters.restic import Progress, Repository
from wardkeep.adapters.standing_copy import Tell, copy_standing
from wardkeep.adapters.writer_lock import WriterLock
from wardkeep.app.errors import NoRepositoryError
from wardkeep.app.folder import HospitalFolder
from wardkeep.app.site_keys import SEALED_KEY, ask_before_locking, open_keys
from wardkeep.hospital.site import Site
from wardkeep.kernel.times import DAY, HOUR

PASSWORD, PASSWORD_COPY = "password.key", "wardkeep-password.age"
_LAST, _COPY, _LOCK = "last.json", "backup-copy", "backup.lock"
_LEFT_OUT = {Path("run"), Path("keys", SERVER_KEY), Path("keys", SEALED_KEY)}
# All charts are made anew but these: what erased days had said is nowhere else.
_CARRIED = "carried"
_SHARE_READ = "5%"
_LARGEST_PASSWORD = 1_024
# scheme://user:word@host: an address that would show its password to every user of the machine.
_CREDENTIAL = re.compile(r"^[a-z0-9+.:-]+//[^/@]*:[^/@]*@")


class Last(msgspec.Struct, frozen=True, kw_only=True):
    """The newest good backup: when it began (UTC microseconds), where it is, what it added."""

    at: int
    snapshot: str
    repository: str
    added_bytes: int
    total_bytes: int
    pruned: int = 0
    checked: int = 0


def back_up(
    folder: HospitalFolder, site: Site, address: str, tell: Tell, progress: Progress
) -> Last:
    """Store the folder as it stands, and let old backups go; a server may run beside it.

    Raises BackupFailedError, NoStandingCopyError, StoreLockedError, KeyMissingError, OSError;
    then what stood in the repository stands.
    """
    ask_before_locking(folder)
    with WriterLock(folder.run / _LOCK):
        ring, began = open_keys(folder), now()
        repository = open_repository(folder, site, ring, address)
        if not repository.exists():
            tell(f"making a repository at {shown(address)}")
            repository.make()
        copy = folder.run / _COPY
        shutil.rmtree(copy, ignore_errors=True)
        try:
            tell("copying the stores as they stand")
            copy_standing(folder.path, _ledgers(folder), _is_left_out, ring, copy, tell)
            tell("storing what is new")
            stored = repository.back_up(copy, host_of(site), progress)
        finally:
            shutil.rmtree(copy, ignore_errors=True)
        _lay_password_beside(folder, address)
        tell("letting old backups go")
        before = last(folder)
        pruned = _let_go(repository, site, began, before.pruned if before else 0)
        made = Last(
            at=began,
            snapshot=stored.snapshot_id,
            repository=shown(address),
            added_bytes=stored.data_added,
            total_bytes=stored.total_bytes_processed,
            pruned=pruned,
            checked=before.checked if before else 0,
        )
        write_private(folder.backup / _LAST, msgspec.json.encode(made))
        return made


def _let_go(repository: Repository, site: Site, at: int, pruned: int) -> int:
    """Let old backups go, and once a day their space; return when that was done last."""
    # The two newest in any case: one may have been taken of what was just damaged.
    keep = {"last": 2, "hourly": site.backup.keep_hourly, "daily": site.backup.keep_daily}
    prune = at - pruned > DAY
    repository.forget(host_of(site), keep, prune=prune)
    return at if prune else pruned


def check(folder: HospitalFolder, site: Site, address: str) -> None:
    """Check the repository and read a twentieth of it; raises BackupFailedError."""
    ring = open_keys(folder)
    open_repository(folder, site, ring, address).check(_SHARE_READ)
    before = last(folder)
    if before is not None:
        checked = msgspec.structs.replace(before, checked=now())
        write_private(folder.backup / _LAST, msgspec.json.encode(checked))


def address_of(site: Site, asked: str | None) -> str:
    """Return where backups go; raises NoRepositoryError where nothing says, or unsafely."""
    if asked is not None and _CREDENTIAL.match(asked):
        raise NoRepositoryError(
            "an argument that holds a password is seen by every user of the machine",
            advice="Put the address into wardkeep.toml, [backup] repository.",
        )
    address = asked or site.backup.repository
    if not address:
        raise NoRepositoryError("nothing says where backups go")
    # restic would take a path from the folder that it is run in.
    return address if ":" in address.split("/", 1)[0] else str(Path(address).absolute())


def open_repository(
    folder: HospitalFolder, site: Site, ring: KeyRing, address: str
) -> Repository:
    """Return the repository, with the password that the settings name, else with one made."""
    make_private_folder(folder.backup)
    if site.backup.password_file is not None:
        return Repository(address, read_password(Path(site.backup.password_file)))
    return Repository(address, ring.open_or_make_key(folder.backup / PASSWORD).hex())


def read_password(path: Path) -> str:
    """Return the first line of a file; raises NoRepositoryError where it is empty."""
    with path.open(encoding="utf-8") as stream:
        password = stream.readline(_LARGEST_PASSWORD).rstrip("\r\n")
    if not password:
        raise NoRepositoryError(f"{path} holds no password")
    return password


def last(folder: HospitalFolder) -> Last | None:
    """Return the newest good backup, None if none was ever made."""
    try:
        return msgspec.json.decode((folder.backup / _LAST).read_bytes(), type=Last)
    except (OSError, msgspec.DecodeError):
        return None


def how_late(folder: HospitalFolder, site: Site, at: int) -> str:
    """Return why the newest backup is too old, empty if it is not, or none was ever wanted."""
    newest = last(folder)
    if newest is None:
        return "no backup was ever made" if site.backup.repository else ""
    hours = (at - newest.at) // HOUR
    return "" if hours < site.backup.late_after_hours else f"the newest is {hours} h old"


def host_of(site: Site) -> str:
    """Return what restic keeps the backups of this site apart by."""
    return f"wardkeep-{site.code}"


def shown(address: str) -> str:
    """Return an address without the password in it."""
    return re.sub(r"//[^/@]*@", "//", address)


def is_on_a_disk(address: str) -> bool:
    """Tell whether a repository lies in a folder of this machine."""
    return address.startswith("/")


def _lay_password_beside(folder: HospitalFolder, address: str) -> None:
    wrapped = folder.backup / PASSWORD
    if is_on_a_disk(address) and wrapped.is_file():
        write_private(Path(address) / PASSWORD_COPY, wrapped.read_bytes())


def _ledgers(folder: HospitalFolder) -> dict[str, Path]:
    return {
        "clinical": folder.clinical,
        "operations": folder.operations,
        "access": folder.access,
    }


def _is_left_out(path: Path) -> bool:
    derived = path.parent == Path("chart") and path.name.split(".", 1)[0] != _CARRIED
    return derived or path in _LEFT_OUT or path.name.endswith(".unfinished")
