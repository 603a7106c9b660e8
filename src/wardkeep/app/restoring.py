"""Puts a hospital folder back from a repository of backups and the recovery words alone."""

from __future__ import annotations

import shutil
from pathlib import Path

import msgspec
import pyrage

from wardkeep.adapters.files import PRIVATE_FOLDER, make_private_folder
from wardkeep.adapters.key_ring import SIGNING_KEY, recover_key_ring
from wardkeep.adapters.restic import Repository, Snapshot
from wardkeep.adapters.rewrapping import wrapped_files
from wardkeep.adapters.standing_copy import Tell
from wardkeep.app.backup import PASSWORD_COPY, is_on_a_disk, read_password
from wardkeep.app.errors import NoRepositoryError, UnknownNumberError
from wardkeep.app.folder import HospitalFolder, open_folder
from wardkeep.app.founding import whole_or_nothing
from wardkeep.ledger.recovery import identity_of, opening_nothing


class Restored(msgspec.Struct, frozen=True, kw_only=True):
    """A folder that was put back: from which backup, and how many files the words opened."""

    folder: Path
    snapshot: str
    taken: str
    opened: int
    closed: tuple[str, ...]


def password_by_words(address: str, sealed: Path | None, words: str) -> str:
    """Return the repository's password from its wrapped copy, opened by the recovery words.

    Raises NoRepositoryError where there is no copy, RecoveryWordsError.
    """
    if is_on_a_disk(address) and not Path(address).is_dir():
        raise NoRepositoryError(
            f"there is no folder {address}",
            advice="Plug the stick in or mount the share, and try again.",
        )
    path = sealed or (Path(address) / PASSWORD_COPY if is_on_a_disk(address) else None)
    if path is None or not path.is_file():
        raise NoRepositoryError(
            "the repository has no wrapped copy of its password at hand",
            advice="Give --password-file F, or --sealed F: a copy of DIR/backup/password.key.",
        )
    identity = pyrage.x25519.Identity.from_str(identity_of(words))
    try:
        return bytes(pyrage.decrypt(path.read_bytes(), [identity])).hex()
    except pyrage.DecryptError as fault:
        raise opening_nothing(words, f"of {path}") from fault


def choose(repository: Repository, asked: str | None) -> Snapshot:
    """Return the newest backup, or the one whose identifier begins with `asked`.

    Raises UnknownNumberError, naming the newest ones.
    """
    known = repository.snapshots()
    fitting = [each for each in known if each.id.startswith(asked or "")]
    if not fitting or (asked and len(fitting) > 1):
        newest = ", ".join(f"{each.id[:8]} of {each.time[:16]}" for each in known[-3:])
        raise UnknownNumberError(
            f"there is no one backup {asked or ''} in it",
            advice=f"The newest are: {newest or 'none'}.",
        )
    return fitting[-1]


def restore(
    path: Path, repository: Repository, snapshot: Snapshot, words: str, tell: Tell
) -> Restored:
    """Put a backup back at `path`, opened by the words with a new server key.

    Made beside it and renamed when whole. Raises FolderTakenError, BackupFailedError,
    RecoveryWordsError, OSError; then nothing lies at `path`.
    """
    path = path.absolute()
    with whole_or_nothing(path) as place:
        make_private_folder(place)
        tell(f"fetching the backup of {snapshot.time[:16]}")
        below = path_below_root(snapshot)
        repository.restore(snapshot.id, place)
        folder = _lay_out_again(place, place / below)
        tell("opening it with the recovery words")
        wrapped = wrapped_files(folder.path)
        signing = folder.path / SIGNING_KEY
        closed = recover_key_ring(
            folder.keys, words, [each for each in wrapped if each != signing]
        ).closed
    return Restored(
        folder=path,
        snapshot=snapshot.id,
        taken=snapshot.time,
        opened=len(wrapped) - len(closed),
        closed=tuple(each.name for each in closed),
    )


def repository_at(address: str, password_file: Path | None, password: str = "") -> Repository:
    """Return the repository at an address, with the password of a file or `password`."""
    return Repository(address, read_password(password_file) if password_file else password)


def path_below_root(snapshot: Snapshot) -> Path:
    """Return which folder a backup is of, from the root; raises NoRepositoryError.

    Whoever took the server wrote into the repository too: a path that leads upwards would have
    us move and delete what lies beside the folder that is put back.
    """
    path = Path(snapshot.paths[0]) if len(snapshot.paths) == 1 else Path()
    if path.parent == path or not path.is_absolute() or ".." in path.parts:
        raise NoRepositoryError(
            f"the backup {snapshot.id[:8]} is not of one folder: {', '.join(snapshot.paths)}",
            advice="Take another backup: `--snapshot` names it.",
        )
    return path.relative_to("/")


def _lay_out_again(place: Path, inside: Path) -> HospitalFolder:
    """Move what restic put under its old path to the top, and make the folders left out."""
    below = place / inside.relative_to(place).parts[0]
    kept = place / ".kept"
    inside.rename(kept)
    shutil.rmtree(below)
    for part in kept.iterdir():
        part.rename(place / part.name)
    kept.rmdir()
    folder = open_folder(place)
    for each in folder.folders:
        each.mkdir(exist_ok=True)
    # A backup tells of folders as they were; those above a kept file are as restic makes them.
    for each in place.rglob("*"):
        if each.is_dir() and not each.is_symlink():
            each.chmod(PRIVATE_FOLDER)
    return folder
