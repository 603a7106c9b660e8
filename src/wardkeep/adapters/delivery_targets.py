"""Puts files at a target so that a reader never sees half a file, the manifest last.

A folder: written beside, synced, read back, renamed. An SFTP server: the system's `sftp` in
batch mode, uploaded beside and renamed (posix-rename, which OpenSSH does by itself).
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from pathlib import Path
from typing import Protocol

import msgspec

from wardkeep.adapters.errors import DeliveryFailedError
from wardkeep.adapters.files import sync_folder
from wardkeep.adapters.programs import environment_with, need
from wardkeep.hospital.deliveries import Delivery

_PATIENCE_SECONDS = 300.0
_LAST_WORDS = 300
_UNFINISHED = ".unfinished"
# Anybody on the share may read: it is ciphertext, and the file itself says who signed it.
_READABLE = 0o644


class Parcel(msgspec.Struct, frozen=True):
    """Files to put, in this order, from `source`; names that go afterwards."""

    source: Path
    files: tuple[str, ...]
    goes: tuple[str, ...] = ()


class Target(Protocol):
    """Somewhere that takes parcels."""

    def put(self, parcel: Parcel) -> None:
        """Put all files, then take away what goes; raises DeliveryFailedError."""
        ...

    def fetch(self, limits: Mapping[str, int], into: Path) -> Path:
        """Return a folder with those of the named files that lie there, as they lie there.

        What must be fetched is put into `into`; a file of more bytes than its limit is an empty
        one there. Raises DeliveryFailedError.
        """
        ...


def target_of(delivery: Delivery, site: str) -> Target:
    """Return the target that settings describe; `site` names the folder within it."""
    if delivery.kind == "sftp":
        return SftpTarget(delivery, site)
    mount = None if delivery.mount is None else Path(delivery.mount)
    return FolderTarget(Path(delivery.path), site, mount)


class FolderTarget:
    """A folder of this machine: a mounted share, a stick, a disk."""

    def __init__(self, path: Path, site: str, mount: Path | None = None) -> None:
        self._path, self._site, self._mount = path, site, mount

    def put(self, parcel: Parcel) -> None:
        """Put all files, then take away what goes; raises DeliveryFailedError."""
        self._see_that_it_is_there()
        folder = self._path / self._site
        try:
            folder.mkdir(exist_ok=True)
            for name in parcel.files:
                _write(folder / name, (parcel.source / name).read_bytes())
            for name in parcel.goes:
                (folder / name).unlink(missing_ok=True)
        except OSError as fault:
            raise DeliveryFailedError(f"{folder}: {fault.strerror or fault}") from fault

    def fetch(self, limits: Mapping[str, int], into: Path) -> Path:
        """Return the folder itself: its files are read where they lie."""
        del limits, into
        self._see_that_it_is_there()
        return self._path / self._site

    def _see_that_it_is_there(self) -> None:
        if self._mount is not None and not self._mount.is_mount():
            raise DeliveryFailedError(f"nothing is mounted at {self._mount}")
        if not self._path.is_dir():
            raise DeliveryFailedError(f"there is no folder {self._path}")


class SftpTarget:
    """A folder of an SFTP server, by the system's own client."""

    def __init__(self, delivery: Delivery, site: str) -> None:
        self._delivery, self._folder = delivery, f"{delivery.path.rstrip('/')}/{site}"

    def put(self, parcel: Parcel) -> None:
        """Put all files, then take away what goes; raises DeliveryFailedError."""
        lines = [f'-mkdir "{self._folder}"']
        for name in parcel.files:
            there, beside = (f"{self._folder}/{n}" for n in (name, f".{name}{_UNFINISHED}"))
            lines += [
                f'put "{name}" "{beside}"',
                f'chmod {_READABLE:o} "{beside}"',
                f'rename "{beside}" "{there}"',
            ]
        lines += [f'-rm "{self._folder}/{name}"' for name in parcel.goes]
        self._run("\n".join(lines) + "\n", parcel.source)

    def fetch(self, limits: Mapping[str, int], into: Path) -> Path:
        """Return `into` with the files fetched; whoever owns the server fills no disk here.

        They come to less than twice the sum of `limits`, and at no time to more.
        """
        into.mkdir(parents=True, exist_ok=True)
        for names in _alike(limits):
            left: Sequence[str] = names
            while left:
                left = self._get(left, into, max(limits[name] for name in names))
        for name, limit in limits.items():
            if (into / name).is_file() and (into / name).stat().st_size > limit:
                os.truncate(into / name, 0)
        return into

    def _get(self, names: Sequence[str], into: Path, most: int) -> Sequence[str]:
        """Fetch files, none beyond `most` bytes; return those after the first such, emptied."""
        # Whether a server answers at all is told by a folder that is always there.
        lines = ["pwd", *(f'-get "{self._folder}/{name}" "{name}"' for name in names)]
        limit = [need("prlimit"), f"--fsize={most}"]
        if self._run("\n".join(lines) + "\n", into, limit):
            return ()
        begun = [place for place, name in enumerate(names) if (into / name).exists()]
        if not begun:
            raise DeliveryFailedError(
                f"{self._delivery.host} sends more than was delivered there"
            )
        os.truncate(into / names[begun[-1]], 0)
        return names[begun[-1] + 1 :]

    def _run(self, batch: str, source: Path, under: Sequence[str] = ()) -> bool:
        """Carry out a batch; False where a file was larger than `under` lets it be."""
        to = self._delivery
        # The host of an address of IPv6 stands in brackets.
        host = f"[{to.host}]" if ":" in to.host else to.host
        words = [*under, need("sftp"), "-b", "-", "-F", "none", "-P", str(to.port)]
        for option in (
            "BatchMode=yes",
            "LogLevel=ERROR",
            "StrictHostKeyChecking=yes",
            f"UserKnownHostsFile={to.known_hosts_file}",
            "GlobalKnownHostsFile=none",
            f"IdentityFile={to.key_file}",
            "IdentitiesOnly=yes",
            "IdentityAgent=none",
            "ConnectTimeout=10",
            "ServerAliveInterval=5",
            "ServerAliveCountMax=3",
        ):
            words += ["-o", option]
        try:
            done = subprocess.run(
                [*words, f"{to.user}@{host}"],
                capture_output=True,
                check=False,
                # Names of packs need no quoting (pack.manifest); that of the folder might.
                cwd=source,
                env=environment_with({}),
                input=batch.encode(),
                timeout=_PATIENCE_SECONDS,
            )
        except subprocess.TimeoutExpired as fault:
            raise DeliveryFailedError(f"{to.host} did not finish in time") from fault
        if under and done.returncode == -signal.SIGXFSZ:
            return False
        if done.returncode:
            said = " ".join(done.stderr.decode(errors="replace").split())
            raise DeliveryFailedError(f"{to.host}: {said[-_LAST_WORDS:] or 'sftp failed'}")
        return True


def _alike(limits: Mapping[str, int]) -> Iterator[list[str]]:
    """Yield the names by the magnitude of their limits: one limit holds for a whole call."""
    by_limit = sorted(limits, key=lambda name: limits[name])
    for _, names in groupby(by_limit, key=lambda name: limits[name].bit_length()):
        yield list(names)


def parcel_of(
    source: Path, files: Sequence[str], last: Sequence[str], goes: Sequence[str]
) -> Parcel:
    """Return a parcel whose `last` files, the manifest at the end, come after all others."""
    return Parcel(source, (*files, *last), tuple(goes))


def _write(path: Path, content: bytes) -> None:
    beside = path.with_name(f".{path.name}{_UNFINISHED}")
    try:
        handle = os.open(beside, os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, _READABLE)
        with os.fdopen(handle, "r+b") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
            # Not from memory: a stick that wears out takes everything and keeps something else.
            os.posix_fadvise(stream.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
            stream.seek(0)
            _compare(path, stream.read(), content)
        beside.replace(path)
    except BaseException:
        with contextlib.suppress(OSError):
            beside.unlink(missing_ok=True)
        raise
    with contextlib.suppress(OSError):  # not every shared file system syncs folders
        sync_folder(path.parent)


def _compare(path: Path, found: bytes, wanted: bytes) -> None:
    if found != wanted:
        raise DeliveryFailedError(f"{path}: it does not read back as it was written")
